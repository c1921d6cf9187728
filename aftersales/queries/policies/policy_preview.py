"""Before a policy is saved: which open and recent cases it would decide differently, and by how much money."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import Q

from aftersales.models import Case, Policy
from aftersales.models.cases.open_cases import IS_OPEN
from aftersales.queries.orders.longer_windows import LongerWindows
from aftersales.queries.policies import calendars, policy_differences
from aftersales.rules.policies.calendar import Calendar

RECENT = timedelta(days=30)
# An admin waits for this page; the newest show what a version would do.
MOST = 2000
BATCH = 500
ZERO = Decimal(0)


@dataclass(frozen=True)
class Change:
    """One case that the new version would treat differently."""

    case: Case
    differences: list[str]
    money: Decimal


@dataclass
class Kind:
    """How many cases have a difference of one kind, and what was asked in them, by currency."""

    number: int = 0
    asked: dict[str, Decimal] = field(default_factory=dict)

    def count(self, case: Case) -> None:
        """One case more."""
        self.number += 1
        self.asked[case.currency] = self.asked.get(case.currency, ZERO) + case.requested_amount + case.freight_held


@dataclass
class Preview:
    """What a new version would change; `examined` cases were looked at, at most 2,000 of the newest."""

    examined: int = 0
    changes: list[Change] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    calendars: dict[int, Calendar] = field(default_factory=dict)

    def compare(self, case: Case, candidate: Policy, longer: LongerWindows) -> None:
        """Take up the case if the candidate would decide it differently, or give the buyer another sum."""
        differences, delta = policy_differences.of(case, candidate, self.calendars[case.merchant_id], longer)
        if not differences and not delta:
            return
        self.changes.append(Change(case, [each.sentence for each in differences], delta))
        self.totals[case.currency] = self.totals.get(case.currency, ZERO) + delta
        for kind in dict.fromkeys(each.kind for each in differences):
            self.kinds.setdefault(kind, Kind()).count(case)


def preview(candidate: Policy, at: datetime) -> Preview:
    """Compare an unsaved version with what open cases and those of the last 30 days were decided by."""
    result = Preview(calendars=calendars.of_all())
    cases = _cases(at)
    while some := list(islice(cases, BATCH)):
        result.examined += len(some)
        longer = LongerWindows({case.order_id for case in some})
        for case in some:
            if policy_differences.concerns(case, candidate):
                result.compare(case, candidate, longer)
    return result


def _cases(at: datetime) -> Iterator[Case]:
    return (
        Case.objects.filter(IS_OPEN | Q(opened_at__gte=at - RECENT))
        .select_related("policy", "reason", "order__buyer", "merchant")
        .prefetch_related("lines__order_line", "lines__policy", "rounds")
        .order_by("-opened_at", "-pk")[:MOST]
        .iterator(chunk_size=BATCH)
    )
