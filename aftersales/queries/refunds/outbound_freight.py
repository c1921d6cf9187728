"""The freight of the way out of an order: whether it goes back with a case, as things are now."""

from decimal import Decimal
from typing import Final

from django.db.models import F, Q, Sum

from aftersales.models import Case, CaseLine
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Status
from orders.models import OrderLine

ZERO = Decimal(0)
INTENDED: Final = (Status.REFUNDING, Status.REFUND_FAILED)


def due(case: Case) -> Decimal:
    """What goes back if the money of the case is intended now: all that is left, with the last unit, unless shipped.

    A unit is gone once it was given back or money for it is intended. What another case only asks for still ships.
    Of a case that nobody has decided yet it is what agreeing to it would give back: the sum that authority asks about.
    """
    left = case.order.freight_left + case.freight_held
    gives_units_back = chains.of(case).holds_units and not chains.changes_address(case)
    if not left or case.order.dispatched is not None or not gives_units_back:
        return ZERO
    return ZERO if _units_that_stay(case) else left


def _units_that_stay(case: Case) -> int:
    sold = OrderLine.objects.filter(order=case.order_id)
    kept = sold.aggregate(units=Sum(F("quantity") - F("units_settled") - F("units_elsewhere")))["units"] or 0
    going = CaseLine.objects.filter(Q(case=case) | Q(case__status__in=INTENDED), order=case.order_id)
    return int(kept - (going.aggregate(units=Sum("units_held"))["units"] or 0))
