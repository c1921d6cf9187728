"""What scans of outbound parcels mean: orders shipped and signed for, interceptions ended."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import scan_processing
from aftersales.rules.vocabulary import CaseType
from logistics.models.parcel import ParcelStatus
from orders.models import Order
from tests.aftersales.actions.returns.scans import reported, sent
from tests.aftersales.stages import DAY, HOUR, again
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
# What brings a case on; every other scan changes no case, whatever it says.
MOVES = {
    ("outbound", "refused"): "refunding",
    ("outbound", "intercepted"): "refunding",
    ("outbound", "returning"): "refunding",
    ("outbound", "returned"): "refunding",
    ("outbound", "lost"): "refunding",
    ("outbound", "signed"): "awaiting_return",
}


def test_an_order_is_shipped_and_signed_when_its_carrier_says_so(unshipped):
    parcel = sent(unshipped)
    reported(parcel, "in_transit", NOON)
    reported(parcel, "signed", NOON + DAY)

    scan_processing.process_due(NOON + DAY)

    order = Order.objects.get(pk=unshipped.pk)
    assert (order.status, order.shipped_at, order.signed_at) == ("signed", NOON, NOON + DAY)


def test_a_scan_dates_what_an_import_has_dated_otherwise_and_told_again_changes_nothing(order):
    parcel = sent(order)
    reported(parcel, "signed", NOON + DAY)
    scan_processing.process_due(NOON + DAY)
    once = Order.objects.filter(pk=order.pk).values().get()

    reported(parcel, "signed", NOON + 2 * DAY)
    scan_processing.process_due(NOON + 2 * DAY)

    assert (once["signed_at"], once["signed_told_by"]) == (NOON + DAY, "scan")
    assert Order.objects.filter(pk=order.pk).values().get() == once


def test_an_order_of_two_parcels_is_signed_for_with_the_last(unsigned):
    first, last = sent(unsigned), sent(unsigned, "OUT2")
    reported(first, "signed", NOON + HOUR)
    scan_processing.process_due(NOON + DAY)
    half = Order.objects.get(pk=unsigned.pk).signed_at

    reported(last, "signed", NOON + 5 * HOUR)
    scan_processing.process_due(NOON + DAY)

    assert (half, Order.objects.get(pk=unsigned.pk).signed_at) == (None, NOON + 5 * HOUR)


@pytest.mark.parametrize("status", ParcelStatus.values)
def test_only_what_ends_the_way_of_a_parcel_ends_the_wait_for_its_interception(status, intercepting, unsigned):
    reported(sent(unsigned), status)

    scan_processing.process_due(NOON + 2 * HOUR)

    assert again(intercepting).status == MOVES.get(("outbound", status), "intercepting")


@pytest.mark.parametrize("status", ["refused", "intercepted", "returning", "returned"])
def test_a_parcel_that_was_stopped_before_anybody_waited_for_it_ends_the_wait_at_once(
    status, unsigned, buyer, merchant
):
    asked = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    reported(sent(unsigned), status)
    assert scan_processing.process_due(NOON + HOUR) == 1

    case = decisions.approve(asked.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.status == again(case).status == "refunding"
    assert case.events.get(action="intercepted").role == "carrier"


def test_a_parcel_of_two_that_goes_on_is_still_waited_for(unsigned, buyer, merchant):
    asked = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    reported(sent(unsigned), "refused")
    reported(sent(unsigned, "OUT2"), "in_transit")
    scan_processing.process_due(NOON + HOUR)

    case = decisions.approve(asked.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.status == "intercepting"


def test_the_wait_goes_on_while_another_parcel_of_the_order_is_elsewhere(intercepting, unsigned):
    first, other = sent(unsigned), sent(unsigned, "OUT2")
    reported(first, "refused")
    scan_processing.process_due(NOON + 2 * HOUR)
    half = again(intercepting).status

    reported(other, "returning")
    scan_processing.process_due(NOON + 2 * HOUR)

    assert (half, again(intercepting).status) == ("intercepting", "refunding")


def test_a_parcel_that_was_signed_for_stops_nothing(intercepting, unsigned):
    parcel = sent(unsigned)
    reported(parcel, "signed")
    reported(parcel, "refused")

    scan_processing.process_due(NOON + 2 * HOUR)

    assert again(intercepting).status == "awaiting_return"
