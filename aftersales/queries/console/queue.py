"""The queue of cases: one function per filter, shared by the list, its counts and every number that opens a list.

Parameters in the address, all optional, combined by "and"; what makes no sense is left out and named by `ignored`:
`view` (desk, waiting, mine, unassigned, open, breached, due, clock, ended, all), `state`, `type`,
`merchant` (id, code or part of its name), `assignee` (id, or `none` for nobody), `team` (id), `reason` (code),
`buyer` (id), `age` (`0-1`, `1-3`, `3-7`, `7+` days since opened_on), `due` (`15m`, `1h`, `4h`, `overdue`),
`breached=1`, `clock_approved=YYYY-MM-DD`, `ended=YYYY-MM-DD`, `opened=YYYY-MM-DD`, `priority` (low, normal, high),
`q` (search), `sort` (due, newest, oldest, amount).
Without `view`, filters that name ended cases too look at all cases, others at open ones.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet

from aftersales.models import Case, User
from aftersales.models.cases.open_cases import IS_OPEN, OUR_TURN
from aftersales.queries import keyset, visibility
from aftersales.queries.console import agent_queue, search
from aftersales.queries.console.agent_queue import COLUMNS, Waiting
from aftersales.queries.console.criteria import day_of, id_of, judged, merchant_named, on_day, one_of
from aftersales.queries.console.search import Found
from aftersales.queries.keyset import Page
from aftersales.rules.permissions import AGENTS
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import CaseType, Priority, Role, Status

Params = Mapping[str, str]

PAGE_SIZE: Final = 40
SOON: Final = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "4h": timedelta(hours=4)}
AGES: Final[dict[str, tuple[int, int | None]]] = {"0-1": (0, 1), "1-3": (2, 3), "3-7": (4, 7), "7+": (8, None)}

VIEWS: Final[dict[str, Callable[[User, datetime], Q]]] = {
    "desk": lambda user, at: OUR_TURN & (Q(assignee=user) | Q(assignee__isnull=True)),
    "waiting": lambda user, at: OUR_TURN,
    "mine": lambda user, at: IS_OPEN & Q(assignee=user),
    "unassigned": lambda user, at: IS_OPEN & Q(assignee__isnull=True),
    "open": lambda user, at: IS_OPEN,
    "breached": lambda user, at: IS_OPEN & Q(breached_at__isnull=False),
    "due": lambda user, at: IS_OPEN & Q(due_at__lt=at + SOON["4h"]),
    "clock": lambda user, at: Q(clock_approved_at__isnull=False),
    "ended": lambda user, at: Q(closed_at__isnull=False),
    "all": lambda user, at: Q(),
}


def by_state(text: str, at: datetime) -> Q:
    """In a state."""
    return Q(status=one_of(text, Status.values))


def by_type(text: str, at: datetime) -> Q:
    """Of a type."""
    return Q(type=one_of(text, CaseType.values))


def by_assignee(text: str, at: datetime) -> Q:
    """Worked on by a person, or by nobody."""
    return Q(assignee__isnull=True) if text == "none" else Q(assignee=id_of(text))


def by_team(text: str, at: datetime) -> Q:
    """In the queue of a team."""
    return Q(team=id_of(text))


def by_reason(text: str, at: datetime) -> Q:
    """Asked for with a reason."""
    return Q(reason__code=text)


def by_buyer(text: str, at: datetime) -> Q:
    """Asked for by one buyer."""
    return Q(buyer=id_of(text))


def by_age(text: str, at: datetime) -> Q:
    """So many whole days since the day it was opened."""
    name = "7+" if text == "7" else text  # a plus in an address is a space
    low, high = AGES[one_of(name, list(AGES))]
    today = shop_day.of(at)
    recent = Q(opened_on__lte=today - timedelta(days=low))
    return recent if high is None else recent & Q(opened_on__gte=today - timedelta(days=high))


def by_due(text: str, at: datetime) -> Q:
    """Due from now within a time, or overdue."""
    if text == "overdue":
        return Q(due_at__lt=at)
    return Q(due_at__gte=at, due_at__lt=at + SOON[one_of(text, list(SOON))])


def by_breach(text: str, at: datetime) -> Q:
    """With a promise missed."""
    one_of(text, ["1"])
    return Q(breached_at__isnull=False)


def by_clock_approval(text: str, at: datetime) -> Q:
    """Agreed to by the clock on a day."""
    return on_day("clock_approved_at", text)


def by_end(text: str, at: datetime) -> Q:
    """Ended on a day."""
    return on_day("closed_at", text)


def by_opening(text: str, at: datetime) -> Q:
    """Opened on a day."""
    return Q(opened_on=day_of(text))


def by_priority(text: str, at: datetime) -> Q:
    """Handed out first, as usual, or last."""
    return Q(priority=Priority[one_of(text, [one.name.lower() for one in Priority]).upper()])


FILTERS: Final[dict[str, Callable[[str, datetime], Q]]] = {
    "state": by_state,
    "type": by_type,
    "merchant": lambda text, at: merchant_named(text),
    "assignee": by_assignee,
    "team": by_team,
    "reason": by_reason,
    "buyer": by_buyer,
    "age": by_age,
    "due": by_due,
    "breached": by_breach,
    "clock_approved": by_clock_approval,
    "ended": by_end,
    "opened": by_opening,
    "priority": by_priority,
}
NAMES: Final = ("view", "q", "sort", *FILTERS)
# Each is read from an index of open cases, or from that of all cases by age; ended ones have the order of their end.
SORTS: Final[dict[str, tuple[str, str]]] = {
    "due": ("due_at", "id"),
    "newest": ("-opened_at", "-id"),
    "oldest": ("opened_at", "id"),
    "amount": ("-requested_amount", "-id"),
}
NAME_ENDED_TOO: Final = frozenset({"state", "buyer", "clock_approved", "ended", "opened", "q"})


def filtered(user: User, params: Params, at: datetime, found: Found | None = None) -> QuerySet[Case]:
    """Cases the person may see that fit; lists show and numbers count these. `found`: what `q` finds, where known."""
    seen = visibility.cases_for(user)
    return _narrowed(seen.filter(VIEWS[view_of(user, params)](user, at)), user, params, at, found)


def _narrowed(cases: QuerySet[Case], user: User, params: Params, at: datetime, found: Found | None) -> QuerySet[Case]:
    for condition in judged(FILTERS, params, at).values():
        if condition is not None:
            cases = cases.filter(condition)
    if params.get("q"):
        cases = cases.filter((found or search.cases(user, params["q"])).fits)
    return cases


def ignored(params: Params, at: datetime, view: str = "open") -> list[str]:
    """Names of parameters that make no sense and are left out; an order must be one that the view can be read in."""
    wrong = [name for name, condition in judged(FILTERS, params, at).items() if condition is None]
    if params.get("sort", "") not in ("", *sorts_of(view, params)):
        wrong.append("sort")
    return ["view", *wrong] if params.get("view", "") not in ("", *VIEWS) else wrong


def view_of(user: User, params: Params) -> str:
    """The view asked for; else all cases, open cases, or where the person's work begins."""
    if params.get("view") in VIEWS:
        return params["view"]
    named = {name for name in (*FILTERS, "q") if params.get(name)}
    if named:
        return "all" if named & NAME_ENDED_TOO else "open"
    return home_view(user)


def home_view(user: User) -> str:
    """Where the person's work begins: an agent's own cases and those that nobody has, everybody else's turn."""
    if Role.SUPERVISOR in user.roles:
        return "waiting"
    if user.roles & AGENTS:
        return "desk"
    return "waiting" if Role.MERCHANT in user.roles else "open"


def sorts_of(view: str, params: Params) -> tuple[str, ...]:
    """The orders in which a view can be read without sorting more than what is open."""
    if view in ("clock", "ended") or params.get("clock_approved") or params.get("ended"):
        return ()
    return ("newest", "oldest") if view == "all" else tuple(SORTS)


def keys_of(view: str, params: Params) -> tuple[str, str]:
    """What a view is sorted by: as was asked, else what is due first, or what happened last."""
    if params.get("sort") in sorts_of(view, params):
        return SORTS[params["sort"]]
    if view == "clock" or params.get("clock_approved"):
        return "-clock_approved_at", "-id"
    if view == "ended" or params.get("ended") or (view == "all" and params.get("q")):
        return "-closed_at", "-id"  # of what was searched for, open cases come first: they have no end
    return ("-opened_at", "-id") if view == "all" else ("due_at", "id")


def page(
    user: User,
    params: Params,
    at: datetime,
    *,
    size: int = PAGE_SIZE,
    more: Sequence[str] = (),
    found: Found | None = None,
) -> Page[dict[str, Any]]:
    """A page of lean rows, those behind the mark `after` or in front of `before`; `more` are further columns."""
    if is_bare_desk(user, params) and not more:
        return agent_queue.page(user, size)
    before, after = params.get("before", ""), params.get("after", "")
    rows, keys = Case.objects.values(*COLUMNS, *more), keys_of(view_of(user, params), params)
    parts = _parts(user, params, at, found)
    if len(parts) == 1:
        rows, parts = parts[0].values(*COLUMNS, *more), []
    return keyset.page(rows, *keys, parts=parts, size=size, before=before, after=after)


def whole(user: User, params: Params, at: datetime) -> QuerySet[Case, Any]:
    """All that fits, as one queryset to be counted with others."""
    first, *others = (part.values_list("pk") for part in _parts(user, params, at, None))
    return first.union(*others, all=True) if others else first


def count(user: User, params: Params, at: datetime, found: Found | None = None) -> int:
    """How many fit, counted no further than one above the cap."""
    return _tallied([_parts(user, params, at, found)])[0].count


def counts(user: User, params: Params, at: datetime, found: Found | None = None) -> tuple[int, Waiting]:
    """How many fit, and what claiming the next case would find, in one query."""
    if is_bare_desk(user, params):
        return agent_queue.counts(user)
    fitting, waits = _tallied([_parts(user, params, at, found), agent_queue.claimable(user)])
    return fitting.count, waits


def waiting(user: User) -> Waiting:
    """How many could be taken, and when the first is due."""
    return _tallied([agent_queue.claimable(user)])[0]


def _tallied(groups: Sequence[Sequence[QuerySet[Case]]]) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(*agent_queue.tally(groups))
        return [Waiting(*row) for row in cursor.fetchall()]


def is_bare_desk(user: User, params: Params) -> bool:
    """Whether this is the desk of an agent as it begins, without filters or marks."""
    return not set(params) - {"view"} and view_of(user, params) == "desk" and visibility.sees_by_team(user)


def _parts(user: User, params: Params, at: datetime, found: Found | None) -> list[QuerySet[Case]]:
    """What fits, in parts that share no case: what is mine and what is nobody's lie apart in the index.

    The "or" of the view would make the database read every case of both instead of the first of each.
    """
    if view_of(user, params) != "desk":
        return [filtered(user, params, at, found)]
    found = found or (search.cases(user, params["q"]) if params.get("q") else None)
    parts = [agent_queue.held_by(user.pk), *agent_queue.claimable(user)]
    return [_narrowed(part, user, params, at, found) for part in parts]
