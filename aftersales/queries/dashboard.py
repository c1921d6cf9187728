"""The supervisor's numbers; each names the filter of the list that it opens, so that both count the same cases."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from aftersales.models import Case, Refund, User
from aftersales.models.open_cases import IS_OPEN
from aftersales.models.refund import UNPAID
from aftersales.rules import shop_day
from aftersales.rules.permissions import DESK
from aftersales.rules.vocabulary import OPEN, WAITING_ON_US, CaseType, Status
from orders.models import Merchant

AGES = (("0-1", 0, 1), ("1-3", 2, 3), ("3-7", 4, 7), ("7+", 8, None))
EPOCH = date(1970, 1, 1)
CAP = 1000

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
class Board:
    """Open cases by state and day, by state and person, by state and merchant."""

    by_day: dict[tuple[str, date], int] = field(default_factory=dict)
    by_assignee: dict[tuple[str, int], int] = field(default_factory=dict)
    by_merchant: dict[tuple[str, int], int] = field(default_factory=dict)

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
            if kind == "day":
                result.by_day[status, EPOCH + timedelta(days=subject)] = count
            elif kind == "assignee":
                result.by_assignee[status, subject] = count
            else:
                result.by_merchant[status, subject] = count
    return result


def backlog(counts: Board, today: date) -> list[tuple[Status, list[int], int]]:
    """Open cases of each state by age in days, and their sum."""
    rows = []
    for status in OPEN:
        ages = [0] * len(AGES)
        for (state, day), count in counts.by_day.items():
            if state == status:
                ages[age_index((today - day).days)] += count
        rows.append((status, ages, sum(ages)))
    return rows


def age_index(days: int) -> int:
    """The column of an age: up to a day, three, seven, older."""
    return next(index for index, (_name, _low, high) in enumerate(AGES) if high is None or days <= high)


def due_within(at: datetime) -> dict[str, int]:
    """Open cases due within 15 minutes, an hour, four hours, and those overdue; one pass over the next four hours."""
    soon = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "4h": timedelta(hours=4)}
    counted = Case.objects.filter(IS_OPEN, due_at__lt=at + soon["4h"]).aggregate(
        overdue=Count("pk", filter=Q(due_at__lt=at)),
        **{f"in_{name}": Count("pk", filter=Q(due_at__gte=at, due_at__lt=at + edge)) for name, edge in soon.items()},
    )
    return {"overdue": counted["overdue"], **{name: counted[f"in_{name}"] for name in soon}}


def breached() -> int:
    """Open cases with a promise missed, counted no further than 1,001."""
    return capped(Case.objects.filter(IS_OPEN, breached_at__isnull=False))


def repairs() -> int:
    """Open repairs, counted no further than 1,001."""
    return capped(Case.objects.filter(IS_OPEN, type=CaseType.REPAIR))


def approved_by_clock(day: date) -> int:
    """Cases nobody answered in time on a day; the target is zero."""
    start, end = shop_day.bounds(day)
    return Case.objects.filter(clock_approved_at__gte=start, clock_approved_at__lt=end).count()


def refunds_waiting() -> dict[str, Decimal]:
    """Money of refunds that are not paid yet, by currency."""
    rows = Refund.objects.filter(status__in=UNPAID).order_by().values("currency").annotate(total=Sum("amount"))
    return {row["currency"]: row["total"] for row in rows}


@dataclass(frozen=True)
class AgentRow:
    """One agent now."""

    user: User
    open: int
    waiting: int
    oldest_at: datetime | None
    closed_today: int


def agents(counts: Board, today: date) -> list[AgentRow]:
    """Everybody who works cases: in hand, capacity, oldest one waiting, ended today."""
    start, end = shop_day.bounds(today)
    theirs = Case.objects.filter(assignee=OuterRef("pk")).order_by()
    # A probe of an index for each person: grouping all open cases would read every one of them.
    oldest = theirs.filter(IS_OPEN).order_by("opened_at").values("opened_at")[:1]
    ended = theirs.filter(closed_at__gte=start, closed_at__lt=end).values("assignee").annotate(number=Count("*"))
    desk = Group.objects.filter(user=OuterRef("pk"), name__in=[role.value for role in DESK])
    people = User.objects.filter(Exists(desk), is_active=True).annotate(
        oldest_at=Subquery(oldest), ended_count=Coalesce(Subquery(ended.values("number")), 0)
    )
    held: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    for (status, person), count in counts.by_assignee.items():
        held[person] += count
        waiting[person] += count if status in WAITING_ON_US else 0
    return [
        AgentRow(user, held[user.pk], waiting[user.pk], user.oldest_at, user.ended_count)
        for user in people.order_by("display_name", "username")
    ]


@dataclass(frozen=True)
class MerchantRow:
    """One merchant now."""

    merchant: Merchant
    open: int
    waiting: int


def merchants(counts: Board, limit: int = 20) -> list[MerchantRow]:
    """Merchants with the most open cases that wait for them or for us."""
    held: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    for (status, merchant), count in counts.by_merchant.items():
        held[merchant] += count
        waiting[merchant] += count if status in WAITING_ON_US else 0
    most = sorted(held, key=lambda pk: (-waiting[pk], -held[pk], pk))[:limit]
    names = Merchant.objects.in_bulk(most)
    return [MerchantRow(names[pk], held[pk], waiting[pk]) for pk in most]


def capped(cases: QuerySet[Case]) -> int:
    """How many there are, counting no further than 1,001."""
    return len(cases.order_by().values_list("pk", flat=True)[: CAP + 1])
