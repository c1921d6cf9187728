"""Goods on their way back: shipped, signed for, received, inspected; and parcels stopped on their way out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, returns
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Charge, InspectedUnit, Policy
from aftersales.rules.vocabulary import CaseType, Condition, Disposition
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, found, pay, picture, refusal, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(order, people):
    return stage("awaiting_return", order, people)


@pytest.fixture
def shipped(order, people):
    return stage("return_in_transit", order, people)


@pytest.fixture
def received(order, people):
    return stage("inspecting", order, people)


def parcel_of(case):
    return Parcel.objects.get(return_cases__case=case)


def test_the_receipt_window_is_ten_days_after_dispatch(agreed, buyer):
    case = returns.ship(agreed.pk, by=buyer, at=NOON + DAY, carrier="SF", waybill=" sf100 ")

    assert (case.due_kind, case.due_at) == ("receipt", NOON + 11 * DAY)
    assert parcel_of(case).waybill == "SF100"


def test_a_waybill_is_needed(agreed, buyer):
    with pytest.raises(Refused, match="waybill"):
        returns.ship(agreed.pk, by=buyer, at=NOON + DAY, carrier="SF", waybill=" ")


def test_the_carriers_signature_shortens_it_to_two_days_and_never_lengthens_it(shipped, people):
    returns.carrier_signed(parcel_of(shipped).pk, by=people.carrier, at=NOON + DAY)
    sooner = again(shipped)
    returns.carrier_signed(parcel_of(shipped).pk, by=people.carrier, at=NOON + 9 * DAY)

    assert sooner.due_at == NOON + 3 * DAY
    assert again(shipped).due_at == NOON + 3 * DAY
    assert parcel_of(shipped).status == "signed"


def test_a_late_signature_does_not_lengthen_the_ten_days(shipped, people):
    due = shipped.due_at

    returns.carrier_signed(parcel_of(shipped).pk, by=people.carrier, at=due - HOUR)

    assert again(shipped).due_at == due


def test_nobody_received_it_in_time_it_counts_as_good(shipped, order):
    sweeps.fire_deadlines(shipped.due_at + MINUTE)
    pay(shipped.due_at + MINUTE)

    case = again(shipped)
    assert (case.status, case.agreed_amount) == ("completed", Decimal(100))
    assert case.breached_at is not None
    assert order.lines.get().units_settled == 2


def test_a_cancelled_pickup_gives_back_what_was_left(agreed, buyer):
    due = agreed.due_at
    returns.ship(agreed.pk, by=buyer, at=NOON + 3 * DAY, carrier="SF", waybill="SF1")

    case = returns.cancel_pickup(agreed.pk, by=buyer, at=NOON + 4 * DAY)

    assert (case.status, case.due_kind) == ("awaiting_return", "ship_return")
    assert case.due_at == due + DAY
    assert parcel_of(case).status == "cancelled"


def test_a_pickup_is_not_cancelled_once_goods_are_here(order, people):
    case = stage("return_in_transit", order, people)
    case.lines.update(units_received=1)

    with pytest.raises(Refused, match="Goods have arrived"):
        returns.cancel_pickup(case.pk, by=people.buyer, at=NOON + DAY)


def test_the_parcel_of_a_withdrawn_case_stays_tracked(shipped, people):
    decisions.withdraw(shipped.pk, by=people.buyer, at=NOON + DAY)

    returns.carrier_signed(parcel_of(shipped).pk, by=people.carrier, at=NOON + 2 * DAY)

    assert parcel_of(shipped).status == "signed"
    assert again(shipped).status == "closed"


def test_an_unannounced_parcel_is_received(agreed, warehouse):
    line = agreed.lines.get()

    case = returns.receive(agreed.pk, by=warehouse, at=NOON + DAY, units={line.pk: 2}, carrier="YTO", waybill="yt9")

    assert case.status == "inspecting"
    assert case.return_parcels.get().is_announced is False
    assert parcel_of(case).status == "received"


def test_several_parcels_bring_one_case_back(shipped, warehouse):
    line = shipped.lines.get()

    returns.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={line.pk: 1}, waybill=parcel_of(shipped).waybill)
    case = returns.receive(shipped.pk, by=warehouse, at=NOON + 2 * DAY, units={line.pk: 1}, waybill="SF2")

    assert case.return_parcels.count() == 2
    assert case.lines.get().units_received == 2
    assert case.due_at == NOON + DAY + 48 * HOUR


def test_more_than_was_asked_is_set_aside(shipped, warehouse):
    with pytest.raises(Refused, match="only 2 more"):
        returns.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={shipped.lines.get().pk: 3})


def test_an_item_of_another_case_is_not_received_into_this_one(shipped, warehouse, order, buyer):
    other = opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)

    with pytest.raises(Refused, match="not part of the case"):
        returns.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={other.lines.get().pk: 1})


def test_every_unit_is_inspected_and_remembered(received, warehouse):
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


def test_nothing_accepted_is_no_pass_and_something_accepted_no_fail(received, warehouse):
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
            found(line, 2, accepted=False),
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


def test_nobody_inspected_in_time_what_was_received_passes(order, people):
    three = sold(merchant=order.merchant, buyer=order.buyer, lines=[(3, 90)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    case = returns.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).agreed_amount == Decimal(60)
    assert three.lines.get().units_left == 1


def test_an_intercepted_parcel_is_paid_without_a_return(unsigned, buyer, merchant, people):
    parcel = Parcel.objects.create(
        merchant=unsigned.merchant,
        order=unsigned,
        direction="outbound",
        carrier="SF",
        waybill="OUT1",
        status="in_transit",
    )
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    case = decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
    assert (case.status, case.due_at) == ("intercepting", NOON + 49 * HOUR)

    returns.intercepted(case.pk, by=people.carrier, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert Parcel.objects.get(pk=parcel.pk).status == "intercepted"
    assert again(case).status == "completed"
    assert unsigned.lines.get().units_settled == 2


def test_a_parcel_that_was_not_stopped_turns_the_case_into_a_return(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    case = decisions.approve(case.pk, by=merchant, at=NOON)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert (case.type, case.status, case.due_kind) == ("return_refund", "awaiting_return", "ship_return")
    assert case.return_address is not None
    assert case.lines.get().case_type == "return_refund"


def test_nobody_ships_the_return_in_time(agreed, order):
    sweeps.fire_deadlines(agreed.due_at + MINUTE)

    assert again(agreed).close_reason == "expired"
    assert order.lines.get().units_left == 2


def test_return_freight_and_restocking_fee_are_borne_by_the_buyer_at_fault(order, people):
    Policy.objects.update(restocking_percent=Decimal(10))
    case = opened(order, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(8))
    line = case.lines.get()
    returns.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})
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


def test_at_the_merchants_fault_the_buyer_pays_neither(order, people):
    Policy.objects.update(restocking_percent=Decimal(10))
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(8))
    line = case.lines.get()
    returns.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})

    case = inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON + timedelta(hours=1))

    assert again(case).agreed_amount == Decimal(100)
