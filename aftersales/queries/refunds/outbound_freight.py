"""The freight of the way out of an order: whether it goes back with a case, as things are now."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import F, Q, Sum

from aftersales.models import Case, CaseLine
from aftersales.rules.cases import chains
from aftersales.rules.refunds import freight
from aftersales.rules.vocabulary import GoodsState, Status
from orders import unit_prices
from orders.models import OrderLine

ZERO = Decimal(0)
INTENDED: Final = (Status.REFUNDING, Status.REFUND_FAILED)


def due(case: Case, units: int | None = None) -> Decimal:
    """What goes back if the money of the case is intended now: all that is left, with the last unit.

    After the order was shipped only where the rule of the freight makes the merchant pay the way out. `units` are those
    that are paid for, if not all that the case holds. A unit is gone once it was given back or money for it is
    intended; what another case only asks for still ships, or stays with the buyer. Of a case that nobody has decided
    yet it is what agreeing to it would give back: the sum that authority asks about.
    """
    return of_many([case], units)(case)


def of_many(cases: Collection[Case], units: int | None = None) -> Callable[[Case], Decimal]:
    """The same for any of the cases, in two statements at most; their orders should have been read with them."""
    left = {case.pk: left for case in cases if (left := _left(case))}
    orders = {case.order_id for case in cases if case.pk in left}
    if not orders:
        return lambda _case: ZERO
    stays = _units_that_stay(list(left), orders, units)
    return lambda case: ZERO if case.pk not in left or stays(case) else left[case.pk]


def _left(case: Case) -> Decimal:
    left = case.order.freight_left + case.freight_held
    gives_units_back = chains.of(case).holds_units and not chains.changes_address(case)
    if not left or not gives_units_back:
        return ZERO
    if case.order.dispatched is not None and (not freight.pays_way_out(case.freight_rule) or _keeps_for_less(case)):
        return ZERO
    return left


def _keeps_for_less(case: Case) -> bool:
    """Whether the buyer keeps the goods and asks less than their price: they stay, whatever is given back (ADR 8)."""
    if case.goods_must_return or case.goods_state != GoodsState.SIGNED:
        return False
    return any(line.amount_held < _price(line, case.currency) for line in case.all_lines if line.units_held)


def _price(line: CaseLine, currency: str) -> Decimal:
    units, amount = line.units_held, line.amount_held
    return unit_prices.worth(line.order_line, units, currency, units_back=units, amount_back=amount)


def _units_that_stay(case_ids: Sequence[int], orders: Collection[int], paid: int | None) -> Callable[[Case], int]:
    units = Sum(F("quantity") - F("units_settled") - F("units_elsewhere"))
    kept = dict(OrderLine.objects.filter(order__in=orders).values_list("order").annotate(units=units))
    going = CaseLine.objects.filter(Q(case__in=case_ids) | Q(case__status__in=INTENDED), order__in=orders)
    held = going.values_list("order", "case", "case__status").annotate(units=Sum("units_held"))
    found = [_Going(*row) for row in held]

    def stays(case: Case) -> int:
        going = (each for each in found if each.order_id == case.order_id and each.goes_with(case))
        gone = (each.units for each in going if paid is None or each.case_id != case.pk)
        return int(kept.get(case.order_id) or 0) - sum(gone) - (paid or 0)

    return stays


@dataclass(frozen=True)
class _Going:
    """Units of an order that a case holds."""

    order_id: int
    case_id: int
    status: str
    units: int

    def goes_with(self, case: Case) -> bool:
        """Whether they are gone once the money of the case is intended."""
        return self.case_id == case.pk or self.status in INTENDED
