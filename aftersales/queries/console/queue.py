"""The queue of cases: pages, counts and orders of what fits; what it can be narrowed to stands in `queue_filters`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from aftersales.models import Case, User
from aftersales.queries import keyset, visibility
from aftersales.queries.console import agent_queue
from aftersales.queries.console.agent_queue import COLUMNS, Waiting
from aftersales.queries.console.criteria import judged
from aftersales.queries.console.queue_filters import FILTERS, VIEWS
from aftersales.queries.console.search import search
from aftersales.queries.console.search.search import Found
from aftersales.queries.keyset import Page
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Role

Params = Mapping[str, str]

PAGE_SIZE: Final = 40
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
    """Cases the person may see that fit the parameters; every list shows and every number counts these.

    `found` is what the search `q` finds, where that is known already.
    """
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
    """Names of parameters that make no sense and are left out, an order that the view can not be read in too."""
    wrong = [name for name, condition in judged(FILTERS, params, at).items() if condition is None]
    if params.get("sort", "") not in ("", *sorts_of(view, params)):
        wrong.append("sort")
    return ["view", *wrong] if params.get("view", "") not in ("", *VIEWS) else wrong


def view_of(user: User, params: Params) -> str:
    """The view in the address; with filters alone all or open cases, without any where the person's work begins."""
    if params.get("view") in VIEWS:
        return params["view"]
    named = {name for name in (*FILTERS, "q") if params.get(name)}
    if named:
        return "all" if named & NAME_ENDED_TOO else "open"
    return home_view(user)


def home_view(user: User) -> str:
    """The view in which a person's work begins: for agents their own cases and unassigned ones."""
    if Role.SUPERVISOR in user.roles:
        return "waiting"
    if user.roles & AGENTS:
        return "desk"
    return "waiting" if Role.MERCHANT in user.roles else "open"


def sorts_of(view: str, params: Params) -> tuple[str, ...]:
    """The orders in which the database can read a view by an index, or by sorting no more than what is open."""
    if view in ("clock", "ended") or params.get("clock_approved") or params.get("ended"):
        return ()
    return ("newest", "oldest") if view == "all" else tuple(SORTS)


def keys_of(view: str, params: Params) -> tuple[str, str]:
    """The columns that a view is sorted by: as the address says, else what is due first, or what happened last."""
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
    """A page of rows as dictionaries, after or before the row that the address names; `more` are further columns."""
    if is_bare_desk(user, params) and not more:
        return agent_queue.page(user, size)
    parts = _parts(user, params, at, found)
    rows, others = (Case.objects, parts) if len(parts) > 1 else (parts[0], [])
    before, after = params.get("before", ""), params.get("after", "")
    keys = keys_of(view_of(user, params), params)
    return keyset.page(rows.values(*COLUMNS, *more), *keys, parts=others, size=size, before=before, after=after)


def whole(user: User, params: Params, at: datetime) -> QuerySet[Case, Any]:
    """Ids of all that fits, as one queryset, to be counted together with others."""
    first, *others = (part.values_list("pk") for part in _parts(user, params, at, None))
    return first.union(*others, all=True) if others else first


def count(user: User, params: Params, at: datetime, found: Found | None = None) -> int:
    """How many fit, counted no further than one above the cap."""
    return _tallied([_parts(user, params, at, found)])[0].count


def counts(user: User, params: Params, at: datetime, found: Found | None = None) -> tuple[int, Waiting]:
    """How many fit, and what the next claim would find, in one query."""
    if is_bare_desk(user, params):
        return agent_queue.counts(user)
    fitting, waits = _tallied([_parts(user, params, at, found), agent_queue.claimable(user)])
    return fitting.count, waits


def waiting(user: User) -> Waiting:
    """How many cases the person could claim, and when the first is due."""
    return _tallied([agent_queue.claimable(user)])[0]


def _tallied(groups: Sequence[Sequence[QuerySet[Case]]]) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(*agent_queue.tally(groups))
        return [Waiting(*row) for row in cursor.fetchall()]


def is_bare_desk(user: User, params: Params) -> bool:
    """Whether this is the first page of an agent's desk without filters: the page that is asked for most."""
    return not set(params) - {"view"} and view_of(user, params) == "desk" and visibility.sees_by_team(user)


def _parts(user: User, params: Params, at: datetime, found: Found | None) -> list[QuerySet[Case]]:
    """What fits, in parts that share no case."""
    if view_of(user, params) != "desk":
        return [filtered(user, params, at, found)]
    # The "or" of the view would make the database read all that is mine and all that is nobody's, instead of the first
    # of each: they lie apart in the index.
    found = found or (search.cases(user, params["q"]) if params.get("q") else None)
    parts = [agent_queue.held_by(user.pk), *agent_queue.claimable(user)]
    return [_narrowed(part, user, params, at, found) for part in parts]
