"""Inspections: every unit has its finding, accepted units are paid, and silence passes what was received."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Charge, InspectedUnit, Policy
from aftersales.rules.vocabulary import Condition, Disposition
from logistics.models import StockMovement
from orders.refusals import Refused
from tests.aftersales.stages import DAY, MINUTE, again, found, pay, picture, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_a_return_that_nobody_received_in_time_counts_as_good(shipped, order):
    sweeps.fire_deadlines(shipped.due_at + MINUTE)
    pay(shipped.due_at + MINUTE)

    case = again(shipped)
    assert (case.status, case.agreed_amount) == ("completed", Decimal(100))
    assert case.breached_at is not None
    assert order.lines.get().units_settled == 2


def test_an_inspection_records_every_unit(received, warehouse):
    line = received.lines.get()
    unit = Finding(line.pk, Condition.OPENED, Disposition.RESTOCK, True, serial="SN-1", photos=[picture()])

    with pytest.raises(Refused, match="2 units were received, 1 were inspected"):
        inspections.pass_inspection(received.pk, [unit], by=warehouse, at=NOON + DAY)
    inspections.pass_inspection(received.pk, [unit, *found(line, 1)], by=warehouse, at=NOON + DAY)

    first, second = InspectedUnit.objects.order_by("index")
    assert (first.index, first.serial, first.photos.count()) == (1, "SN-1", 1)
    assert (second.index, second.disposition) == (2, "restock")


def test_only_accepted_units_are_paid_and_the_rest_is_free_again(received, order, warehouse):
    line = received.lines.get()

    case = inspections.pass_inspection(
        received.pk, found(line, 1) + found(line, 1, accepted=False), by=warehouse, at=NOON + DAY
    )
    pay(NOON + DAY)

    sold_line = order.lines.get()
    assert again(case).agreed_amount == Decimal(50)
    assert (sold_line.units_settled, sold_line.units_reserved, sold_line.units_left) == (1, 0, 1)


def test_a_unit_that_is_not_accepted_is_not_restocked(received, warehouse):
    line = received.lines.get()
    wrong = Finding(line.pk, Condition.DAMAGED, Disposition.RESTOCK, False)

    with pytest.raises(Refused, match="can not be restocked"):
        inspections.pass_inspection(received.pk, [wrong, *found(line, 1)], by=warehouse, at=NOON + DAY)


@pytest.mark.parametrize("condition", [Condition.USED, Condition.DAMAGED, Condition.WRONG_ITEM, Condition.SWAPPED])
def test_what_can_not_be_sold_as_new_is_not_restocked_although_it_is_accepted(condition, received, warehouse):
    line = received.lines.get()
    wrong = Finding(line.pk, condition, Disposition.RESTOCK, True)

    with pytest.raises(Refused, match="can not be restocked: it can not be sold as new"):
        inspections.pass_inspection(received.pk, [wrong, *found(line, 1)], by=warehouse, at=NOON + DAY)

    assert not StockMovement.objects.exists()


def test_an_empty_parcel_goes_nowhere(received, warehouse):
    line = received.lines.get()
    nothing = Finding(line.pk, Condition.EMPTY, Disposition.TO_BUYER, False)

    with pytest.raises(Refused, match="holds nothing that could go anywhere"):
        inspections.pass_inspection(received.pk, [nothing, *found(line, 1)], by=warehouse, at=NOON + DAY)


def test_a_reason_that_asks_the_buyer_for_proof_asks_the_warehouse_too(order, people):
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})

    with pytest.raises(Refused, match="needs proof: add a photo of what was found as “Damaged”"):
        inspections.pass_inspection(
            case.pk, found(line, 2, condition=Condition.DAMAGED), by=people.warehouse, at=NOON + DAY
        )
    shown = [*found(line, 1, condition=Condition.DAMAGED, photos=[picture()])]
    inspections.pass_inspection(
        case.pk, [*shown, *found(line, 1, condition=Condition.DAMAGED)], by=people.warehouse, at=NOON + DAY
    )

    assert set(InspectedUnit.objects.values_list("disposition", flat=True)) == {"scrap"}


def test_an_inspection_passes_only_what_it_accepts_and_fails_only_where_it_accepts_nothing(received, warehouse):
    line = received.lines.get()

    with pytest.raises(Refused, match="fail the inspection instead"):
        inspections.pass_inspection(received.pk, found(line, 2, accepted=False), by=warehouse, at=NOON + DAY)
    with pytest.raises(Refused, match="Some units were accepted"):
        inspections.fail_inspection(
            received.pk, found(line, 2), by=warehouse, at=NOON + DAY, reason=refusal("wrong_return")
        )


def test_a_failed_inspection_needs_proof_and_starts_the_buyers_seven_days(received, warehouse):
    line = received.lines.get()

    with pytest.raises(Refused, match="needs proof"):
        inspections.fail_inspection(
            received.pk,
            found(line, 2, accepted=False, condition=Condition.WRONG_ITEM),
            by=warehouse,
            at=NOON + DAY,
            reason=refusal("wrong_return"),
        )
    case = inspections.fail_inspection(
        received.pk,
        found(line, 2, accepted=False, condition=Condition.WRONG_ITEM, photos=[picture()]),
        by=warehouse,
        at=NOON + DAY,
        reason=refusal("wrong_return"),
    )

    assert (case.status, case.due_kind, case.due_at) == ("rejected", "rejected", NOON + 8 * DAY)
    assert {unit.disposition for unit in InspectedUnit.objects.all()} == {"to_buyer"}


def test_what_nobody_inspected_in_time_passes_as_received(order, people):
    three = sold(merchant=order.merchant, buyer=order.buyer, lines=[(3, 90)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    case = receipts.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).agreed_amount == Decimal(60)
    assert three.lines.get().units_left == 1


def test_return_freight_and_restocking_fee_are_borne_by_the_buyer_at_fault(order, people):
    Policy.objects.update(restocking_percent=Decimal(10))
    case = opened(order, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(8))
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})
    inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON)
    pay(NOON)

    charges = Charge.objects.filter(case=case).values_list("kind", "amount", "rule")
    assert list(charges) == [
        ("goods", Decimal(100), ""),
        ("restocking", Decimal(-10), "restocking:10"),
        ("return_freight", Decimal(-8), "buyer_bears_return"),
    ]
    assert again(case).agreed_amount == Decimal(82)
    assert order.lines.get().amount_settled == Decimal(82)


def test_a_buyer_pays_neither_freight_nor_fee_at_the_merchants_fault(order, people):
    Policy.objects.update(restocking_percent=Decimal(10))
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(8))
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})

    case = inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON + timedelta(hours=1))

    assert again(case).agreed_amount == Decimal(110)  # the way out as well
