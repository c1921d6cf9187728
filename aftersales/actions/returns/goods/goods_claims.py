"""What the merchant claims for goods that were accepted: from the supplier, from the carrier who broke them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from aftersales.actions.refunds import receivables
from aftersales.actions.returns import lost_parcels
from aftersales.models import Case, CaseLine, InspectedUnit, Receivable
from aftersales.queries.replacements import outbound
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Condition, Disposition, Fault
from orders import entitlement, money

ZERO = Decimal(0)
Kind, Party = Receivable.Kind, Receivable.Party


def claim(case: Case, *, at: datetime) -> None:
    """Record what supplier and carrier owe for the units of this round, at what was paid for them."""
    units = list(
        InspectedUnit.objects.filter(case_line__case=case, round_number=case.round_number, is_accepted=True)
        .select_related("case_line")
        .order_by("case_line_id", "index")
    )
    _claim_from_supplier(case, units, at)
    _claim_from_carrier(case, units, at)


def _claim_from_supplier(case: Case, units: Sequence[InspectedUnit], at: datetime) -> None:
    # What is to be repaired comes back from the supplier, and is the buyer's.
    if chains.of(case).repairs:
        return
    amount = _worth(case, units, lambda unit: unit.disposition == Disposition.SUPPLIER)
    if amount <= ZERO:
        return
    waiting = case.receivables.filter(kind=Kind.SUPPLIER_CLAIM, status=Receivable.Status.OPEN)
    if not waiting.update(amount=F("amount") + amount):
        receivables.owe(
            case, Kind.SUPPLIER_CLAIM, amount, Party.SUPPLIER, Party.MERCHANT, at=at, rule="sent_to_supplier"
        )


def _claim_from_carrier(case: Case, units: Sequence[InspectedUnit], at: datetime) -> None:
    """Where the carrier is at fault; without a parcel that nobody has claimed yet there is nothing to claim."""
    if case.at_fault != Fault.CARRIER:
        return
    amount = _worth(case, units, lambda unit: unit.condition == Condition.DAMAGED)
    if amount <= ZERO:
        return
    order = entitlement.locked_order(case.order_id)
    parcel = lost_parcels.unclaimed(outbound.sent(order.pk))
    if parcel is not None:
        rule, owed = "inspection_says_damage", min(amount, order.paid_amount)
        receivables.owe(case, Kind.CARRIER_DAMAGE, owed, Party.CARRIER, Party.MERCHANT, at=at, rule=rule, parcel=parcel)


def _worth(case: Case, units: Sequence[InspectedUnit], fits: Callable[[InspectedUnit], bool]) -> Decimal:
    counted: dict[int, tuple[CaseLine, int]] = {}
    for unit in filter(fits, units):
        line, number = counted.get(unit.case_line_id, (unit.case_line, 0))
        counted[unit.case_line_id] = (line, number + 1)
    return sum((_paid_for(line, number, case.currency) for line, number in counted.values()), ZERO)


def _paid_for(line: CaseLine, units: int, currency: str) -> Decimal:
    return money.share_of_units(line.amount, line.units, units, line.units, line.amount, currency)
