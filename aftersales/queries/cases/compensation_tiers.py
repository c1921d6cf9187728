"""Compensation tiers: how much of a compensation is still open for each line of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from aftersales.models import Case, CaseLine
from aftersales.rules.cases import compensation
from aftersales.rules.cases.case_types import COMPENSATING
from aftersales.rules.vocabulary import Status
from orders import money
from orders.db.compiled_query import CompiledQuery

ZERO = Decimal(0)
# While terms can still be found.
OPEN_TERMS = (Status.PENDING_MERCHANT, Status.PENDING_BUYER, Status.REJECTED, Status.ARBITRATION)


@dataclass(frozen=True)
class Tier:
    """One line: the most that the reason allows, what other cases gave or hold of it, what is left."""

    title: str
    most: Decimal
    given: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be given."""
        return max(self.most - self.given, ZERO)


def _given(case: int, order: int) -> Any:
    # By order and not by the lines of the case: one statement, the same for every case.
    others = CaseLine.objects.filter(order=order, case_type__in=COMPENSATING).exclude(case=case)
    given = others.order_by().values("order_line").annotate(given=Sum(F("amount_settled") + F("amount_held")))
    return given.values_list("order_line", "given")


GIVEN: CompiledQuery[tuple[int, Decimal]] = CompiledQuery(_given, int, int)


def of(case: Case, lines: Sequence[CaseLine]) -> list[Tier]:
    """The tiers of a case in one query; empty when its reason sets no ceiling, or terms are settled."""
    if case.reason.compensation_percent is None or case.status not in OPEN_TERMS:
        return []
    given = dict(GIVEN(case.pk, case.order_id))
    return [_tier(case, line, given.get(line.order_line_id, ZERO)) for line in lines]


def _tier(case: Case, line: CaseLine, given: Decimal) -> Tier:
    sold = line.order_line
    paid = money.share_of_units(
        sold.paid_amount, sold.quantity, line.units, sold.quantity, sold.paid_amount, case.currency
    )
    if case.reason.code == compensation.LATE:
        most = compensation.late_dispatch(case.order, case.policy, paid, case.opened_at)
    else:
        most = compensation.ceiling(case.reason, paid, case.currency) or ZERO
    return Tier(sold.title, most, given)
