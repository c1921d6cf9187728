"""The supervisor's tables: the roll-up of open cases, by state and age, by person and by merchant."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from aftersales.models import Case, User
from aftersales.models.cases.open_cases import IS_OPEN
from aftersales.models.oversight.case_counts import BoardKind
from aftersales.queries.console.queue import Params
from aftersales.queries.console.queue_filters import AGES
from aftersales.queries.refunds import finance
from aftersales.rules.permissions import AGENTS
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import OPEN, WAITING_ON_US, Status
from orders.models import Merchant

EPOCH = date(1970, 1, 1)

# Folded counts and the changes that are not folded yet, in one snapshot: always exact. Sums of int are quick bigints.
BOARD = """
SELECT kind, status, subject, sum(count) AS count FROM (
    SELECT kind, status, subject, count::int FROM aftersales_boardcount
    UNION ALL
    SELECT side.kind, status, side.subject, delta FROM aftersales_boarddelta
    CROSS JOIN LATERAL (
        VALUES ('day', (opened_on - date '1970-01-01')::bigint), ('assignee', assignee_id), ('merchant', merchant_id)
    ) AS side (kind, subject)
) counted GROUP BY 1, 2, 3 HAVING sum(count) <> 0
"""


@dataclass(frozen=True)
class Number:
    """How many cases, and the filter of the list that shows exactly them."""

    value: int
    params: Params

    @property
    def query(self) -> str:
        """The filter as it stands in an address."""
        return urlencode(self.params)


@dataclass(frozen=True)
class Board:
    """Open cases by state and day, by state and person, by state and merchant."""

    by_day: dict[tuple[str, date], int] = field(default_factory=dict)
    by_assignee: dict[tuple[str, int], int] = field(default_factory=dict)
    by_merchant: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, kind: str, status: str, subject: int, count: int) -> None:
        """Take up a row of the roll-up; the subject of a day is its number since 1970."""
        if kind == BoardKind.DAY:
            self.by_day[status, EPOCH + timedelta(days=subject)] = count
        else:
            (self.by_assignee if kind == BoardKind.ASSIGNEE else self.by_merchant)[status, subject] = count

    @property
    def open(self) -> int:
        """All open cases."""
        return sum(self.by_day.values())

    @property
    def waiting_on_us(self) -> int:
        """Open cases where it is our turn."""
        return sum(count for (status, _day), count in self.by_day.items() if status in WAITING_ON_US)

    @property
    def unassigned(self) -> int:
        """Open cases that nobody works on."""
        return sum(count for (_status, person), count in self.by_assignee.items() if person == 0)


def board() -> Board:
    """The roll-up as it stands at this moment."""
    result = Board()
    with connection.cursor() as cursor:
        cursor.execute(BOARD)
        for kind, status, subject, count in cursor.fetchall():
            result.add(kind, status, subject, count)
    return result


@dataclass(frozen=True)
class BacklogRow:
    """Open cases of a state, by age and in all."""

    status: Status
    ages: list[Number]
    total: Number


def backlog(counts: Board, today: date) -> list[BacklogRow]:
    """A row for each state in which there are cases."""
    found = {status: dict.fromkeys(AGES, 0) for status in OPEN}
    for (status, day), count in counts.by_day.items():
        found[Status(status)][age_of((today - day).days)] += count
    return [_backlog_row(status, ages) for status, ages in found.items() if any(ages.values())]


def _backlog_row(status: Status, ages: Mapping[str, int]) -> BacklogRow:
    here = {"view": "open", "state": status.value}
    return BacklogRow(
        status,
        [Number(count, {**here, "age": age}) for age, count in ages.items()],
        Number(sum(ages.values()), here),
    )


def age_of(days: int) -> str:
    """The age, as the list names it, of a case opened so many days ago."""
    return next(age for age, (_low, high) in AGES.items() if high is None or days <= high)


def refunds_waiting(user: User, at: datetime) -> dict[str, Decimal]:
    """Money of refunds that are not paid yet, by currency: what the list of finance holds."""
    unpaid = finance.listed(user, "unpaid", at).order_by().values("currency")
    return {row["currency"]: row["total"] for row in unpaid.annotate(total=Sum("amount"))}


@dataclass(frozen=True)
class AgentRow:
    """What one agent has in hand now."""

    user: User
    open: Number
    waiting: Number
    oldest_at: datetime | None
    closed_today: Number


def agents(counts: Board, today: date) -> list[AgentRow]:
    """Everybody who works on cases: how many they have, how many wait, since when, and how many ended today."""
    held, waiting = _summed(counts.by_assignee)
    return [
        AgentRow(
            user,
            Number(held[user.pk], {"view": "open", "assignee": str(user.pk)}),
            Number(waiting[user.pk], {"view": "waiting", "assignee": str(user.pk)}),
            user.oldest_at,
            Number(user.ended_count, {"view": "ended", "assignee": str(user.pk), "ended": today.isoformat()}),
        )
        for user in _people(today).order_by("display_name", "username")
    ]


def _people(today: date) -> QuerySet[Any]:
    """Active people of the desk with `oldest_at`, when their oldest open case began, and `ended_count` of today."""
    start, end = shop_day.bounds(today)
    theirs = Case.objects.filter(assignee=OuterRef("pk")).order_by()
    # A probe of an index for each person: grouping all open cases would read every one of them.
    oldest = theirs.filter(IS_OPEN).order_by("opened_at").values("opened_at")[:1]
    ended = theirs.filter(closed_at__gte=start, closed_at__lt=end).values("assignee").annotate(number=Count("*"))
    desk = Group.objects.filter(user=OuterRef("pk"), name__in=[role.value for role in AGENTS])
    return User.objects.filter(Exists(desk), is_active=True).annotate(
        oldest_at=Subquery(oldest), ended_count=Coalesce(Subquery(ended.values("number")), 0)
    )


def _summed(by_subject: Mapping[tuple[str, int], int]) -> tuple[dict[int, int], dict[int, int]]:
    """Of each person or merchant the open cases, and those of them where it is our turn."""
    held: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    for (status, subject), count in by_subject.items():
        held[subject] += count
        waiting[subject] += count if status in WAITING_ON_US else 0
    return held, waiting


@dataclass(frozen=True)
class MerchantRow:
    """How many cases of one merchant are open now."""

    merchant: Merchant
    open: Number
    waiting: Number


def merchants(counts: Board, limit: int = 20) -> list[MerchantRow]:
    """Merchants with the most open cases that wait for them or for us."""
    held, waiting = _summed(counts.by_merchant)
    # By number last: merchants with equal counts keep their place from look to look.
    most = sorted(held, key=lambda pk: (-waiting[pk], -held[pk], pk))[:limit]
    names = Merchant.objects.in_bulk(most)
    return [
        MerchantRow(
            names[pk],
            Number(held[pk], {"view": "open", "merchant": str(pk)}),
            Number(waiting[pk], {"view": "waiting", "merchant": str(pk)}),
        )
        for pk in most
    ]
