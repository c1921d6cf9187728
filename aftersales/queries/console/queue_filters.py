"""What the queue of cases can be narrowed to: one function per filter, shared by the list, its counts and every number.

Parameters in the address, all optional, combined by "and"; what makes no sense is left out and named by `ignored`:
`view` (desk, waiting, mine, unassigned, open, breached, due, clock, ended, all), `state`, `type`,
`merchant` (id, code or part of its name), `assignee` (id, or `none` for nobody), `team` (id), `reason` (code),
`buyer` (id), `age` (`0-1`, `1-3`, `3-7`, `7+` days since opened_on), `due` (`15m`, `1h`, `4h`, `overdue`),
`deadline` (the kind that is due next), `breached=1`, `clock_approved=YYYY-MM-DD`, `ended=YYYY-MM-DD`,
`opened=YYYY-MM-DD`, `priority` (low, normal, high), `q` (search), `sort` (due, newest, oldest, amount).
Without `view`, filters that name ended cases too look at all cases, others at open ones.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from aftersales.models import User
from aftersales.models.cases.open_cases import IS_OPEN, OUR_TURN
from aftersales.queries.console.criteria import day_of, id_of, merchant_named, on_day, one_of
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import CaseType, DeadlineKind, Priority, Status

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
    """Cases in a state."""
    return Q(status=one_of(text, Status.values))


def by_type(text: str, at: datetime) -> Q:
    """Cases of a type."""
    return Q(type=one_of(text, CaseType.values))


def by_assignee(text: str, at: datetime) -> Q:
    """Cases assigned to a person, or to nobody."""
    return Q(assignee__isnull=True) if text == "none" else Q(assignee=id_of(text))


def by_team(text: str, at: datetime) -> Q:
    """Cases of a team."""
    return Q(team=id_of(text))


def by_reason(text: str, at: datetime) -> Q:
    """Cases opened for a reason."""
    return Q(reason__code=text)


def by_buyer(text: str, at: datetime) -> Q:
    """Cases of a buyer."""
    return Q(buyer=id_of(text))


def by_age(text: str, at: datetime) -> Q:
    """Cases opened this many whole days ago, by the days of the shop."""
    name = "7+" if text == "7" else text  # a plus in an address is a space
    low, high = AGES[one_of(name, list(AGES))]
    today = shop_day.of(at)
    recent = Q(opened_on__lte=today - timedelta(days=low))
    return recent if high is None else recent & Q(opened_on__gte=today - timedelta(days=high))


def by_due(text: str, at: datetime) -> Q:
    """Cases due within a time from now, or overdue."""
    if text == "overdue":
        return Q(due_at__lt=at)
    return Q(due_at__gte=at, due_at__lt=at + SOON[one_of(text, list(SOON))])


def by_deadline(text: str, at: datetime) -> Q:
    """Cases in which a deadline of the kind is due next."""
    return Q(due_kind=one_of(text, DeadlineKind.values))


def by_breach(text: str, at: datetime) -> Q:
    """Cases in which a deadline was missed."""
    one_of(text, ["1"])
    return Q(breached_at__isnull=False)


def by_clock_approval(text: str, at: datetime) -> Q:
    """Cases that the clock agreed to on a day."""
    return on_day("clock_approved_at", text)


def by_end(text: str, at: datetime) -> Q:
    """Cases that ended on a day."""
    return on_day("closed_at", text)


def by_opening(text: str, at: datetime) -> Q:
    """Cases opened on a day."""
    return Q(opened_on=day_of(text))


def by_priority(text: str, at: datetime) -> Q:
    """Cases of a priority, by its name in small letters."""
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
    "deadline": by_deadline,
    "clock_approved": by_clock_approval,
    "ended": by_end,
    "opened": by_opening,
    "priority": by_priority,
}
