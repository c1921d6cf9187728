"""Compensation tiers: how much of a compensation is still open for each line of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case as DbCase
from django.db.models import F, Q, Sum, Value, When
from django.db.models.expressions import Combinable

from aftersales.models import Case, CaseLine
from aftersales.rules.cases import compensation
from aftersales.rules.cases.case_types import COMPENSATING
from aftersales.rules.vocabulary import IN_KIND, Status
from orders import money
from orders.db.compiled_query import CompiledQuery
from orders.models.order import MoneyField

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


def worth_in_kind(*, but: int = 0) -> Combinable:
    """What a line gave as a coupon or points, or is asked for so by an open case, `but` for the one that asks anew."""
    is_asked = Q(is_open=True, case__given_as__in=IN_KIND) & ~Q(case=but)
    asked = DbCase(When(is_asked, then=F("amount")), default=Value(ZERO), output_field=MoneyField())
    return F("amount_in_kind") + asked


def worth(*, but: int = 0) -> Combinable:
    """What a line gave or holds in money, and what it gave or asks for in kind."""
    return F("amount_settled") + F("amount_held") + worth_in_kind(but=but)


def _given(case: int, order: int) -> Any:
    # By order and not by the lines of the case: one statement, the same for every case.
    others = CaseLine.objects.filter(order=order, case_type__in=COMPENSATING).exclude(case=case)
    late = Q(case__reason__code=compensation.LATE)
    given = others.order_by().values("order_line").annotate(given=Sum(worth()), late=Sum(worth(), filter=late))
    return given.values_list("order_line", "given", "late")


GIVEN: CompiledQuery[tuple[int, Decimal, Decimal | None]] = CompiledQuery(_given, int, int)


def of(case: Case, lines: Sequence[CaseLine]) -> list[Tier]:
    """The tiers of a case in one query; empty when its reason sets no ceiling, or terms are settled."""
    if case.reason.compensation_percent is None or case.status not in OPEN_TERMS:
        return []
    rows = list(GIVEN(case.pk, case.order_id))
    given = {line: amount for line, amount, _late in rows}
    paid = [_paid_for(case, line) for line in lines]
    if case.reason.code == compensation.LATE:
        most = _for_lateness(case, paid, sum((late or ZERO for _line, _amount, late in rows), ZERO))
    else:
        most = [compensation.ceiling(case.reason, each, case.currency) or ZERO for each in paid]
    return [
        Tier(line.order_line.title, each, given.get(line.order_line_id, ZERO))
        for line, each in zip(lines, most, strict=True)
    ]


def _paid_for(case: Case, line: CaseLine) -> Decimal:
    sold = line.order_line
    return money.share_of_units(
        sold.paid_amount, sold.quantity, line.units, sold.quantity, sold.paid_amount, case.currency
    )


def _for_lateness(case: Case, paid: Sequence[Decimal], given: Decimal) -> list[Decimal]:
    """What the lateness of the order leaves for the lines of the case together, shared by what was paid for each."""
    order, in_all = case.order, sum(paid, ZERO)
    left = compensation.lateness_left(
        order, case.policy, paid=in_all, paid_in_all=order.goods_amount, given=given, at=case.opened_at
    )
    return money.allocate(max(left, ZERO), paid, case.currency)
