"""Returns on their way back: the time to receive them, and what a signature does to it."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import pickups, shipments
from orders.refusals import Refused
from tests.aftersales.couriers import parcel_back
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, stage
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def test_a_shipped_return_is_to_be_received_within_ten_days(agreed, buyer):
    case = shipments.ship(agreed.pk, by=buyer, at=NOON + DAY, carrier="SF", waybill=" sf100 ")

    assert (case.due_kind, case.due_at) == ("receipt", NOON + 11 * DAY)
    assert parcel_back(case).waybill == "SF100"


def test_a_return_without_a_waybill_is_refused(agreed, buyer):
    with pytest.raises(Refused, match="waybill"):
        shipments.ship(agreed.pk, by=buyer, at=NOON + DAY, carrier="SF", waybill=" ")


def test_the_carriers_signature_shortens_the_receipt_to_two_days_and_never_lengthens_it(shipped, people):
    shipments.carrier_signed(parcel_back(shipped).pk, by=people.carrier, at=NOON + DAY)
    sooner = again(shipped)
    shipments.carrier_signed(parcel_back(shipped).pk, by=people.carrier, at=NOON + 9 * DAY)

    assert sooner.due_at == NOON + 3 * DAY
    assert again(shipped).due_at == NOON + 3 * DAY
    assert parcel_back(shipped).status == "signed"


def test_a_late_signature_does_not_lengthen_the_ten_days(shipped, people):
    due = shipped.due_at

    shipments.carrier_signed(parcel_back(shipped).pk, by=people.carrier, at=due - HOUR)

    assert again(shipped).due_at == due


def test_a_cancelled_pickup_gives_back_the_time_that_was_left(agreed, buyer):
    due = agreed.due_at
    shipments.ship(agreed.pk, by=buyer, at=NOON + 3 * DAY, carrier="SF", waybill="SF1")

    case = pickups.cancel_pickup(agreed.pk, by=buyer, at=NOON + 4 * DAY)

    assert (case.status, case.due_kind) == ("awaiting_return", "ship_return")
    assert case.due_at == due + DAY
    assert parcel_back(case).status == "cancelled"


def test_a_pickup_is_not_cancelled_once_goods_are_here(order, people):
    case = stage("return_in_transit", order, people)
    case.lines.update(units_received=1)

    with pytest.raises(Refused, match="Goods have arrived"):
        pickups.cancel_pickup(case.pk, by=people.buyer, at=NOON + DAY)


def test_the_parcel_of_a_withdrawn_case_stays_tracked(shipped, people):
    decisions.withdraw(shipped.pk, by=people.buyer, at=NOON + DAY)

    shipments.carrier_signed(parcel_back(shipped).pk, by=people.carrier, at=NOON + 2 * DAY)

    assert parcel_back(shipped).status == "signed"
    assert again(shipped).status == "closed"


def test_a_case_whose_return_is_not_shipped_in_time_expires(agreed, order):
    sweeps.fire_deadlines(agreed.due_at + MINUTE)

    assert again(agreed).close_reason == "expired"
    assert order.lines.get().units_left == 2
