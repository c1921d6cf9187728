"""What scans mean for orders and cases; no scan pays by itself."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.oversight import failed_jobs
from aftersales.actions.returns import scan_processing, shipments
from aftersales.models import Case, Refund, ReturnParcel
from logistics.models import ParcelEvent
from logistics.models.parcel import Direction, ParcelStatus
from orders.models import Order
from orders.models.retry import MOST_TRIES
from orders.refusals import Refused
from tests.aftersales.actions.returns.scans import reported, sent
from tests.aftersales.couriers import parcel_back
from tests.aftersales.stages import DAY, HOUR, again, stage
from tests.factories import NOON, sold
from tests.shared_world import undone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["pending_merchant", "awaiting_return", "return_in_transit", "inspecting"])
def test_no_scan_pays_by_itself(state, order, people):
    case = stage(state, order, people)

    for direction in Direction.values:
        for status in ParcelStatus.values:
            with undone():
                parcel = sent(order, "X1", direction)
                if direction == "return":
                    ReturnParcel.objects.create(case=case, parcel=parcel)
                reported(parcel, status, NOON + 6 * HOUR)

                scan_processing.process_due(NOON + 6 * HOUR)

                assert again(case).status in ("return_in_transit", "awaiting_return", state)
                assert not Refund.objects.exists()
                assert not ParcelEvent.objects.filter(judged_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("status", "state"),
    [("in_transit", "return_in_transit"), ("delivering", "return_in_transit"), ("signed", "return_in_transit"),
     ("announced", "awaiting_return"), ("lost", "awaiting_return"), ("cancelled", "awaiting_return")],
)  # fmt: skip
def test_the_first_scan_of_a_linked_parcel_takes_the_place_of_the_buyers_word(status, state, order, people):
    case = stage("awaiting_return", order, people)
    parcel = sent(order, "BACK1", "return")
    ReturnParcel.objects.create(case=case, parcel=parcel)
    reported(parcel, status, NOON + 6 * HOUR)

    scan_processing.process_due(NOON + 6 * HOUR)

    case = again(case)
    assert case.status == state
    if state == "return_in_transit":
        assert case.events.get(action="ship_return").role == "carrier"


def test_the_signature_makes_the_return_due_sooner_from_when_it_was_reported(order, people):
    case = stage("return_in_transit", order, people)
    due = case.due_at
    reported(parcel_back(case), "signed", NOON - 9 * DAY, received_at=NOON + DAY)

    scan_processing.process_due(NOON + DAY)

    assert again(case).due_at == NOON + 3 * DAY < due
    assert parcel_back(case).signed_at == NOON - 9 * DAY


def test_a_late_signature_never_pays_in_the_sweep_that_reads_it(order, people):
    case = stage("return_in_transit", order, people)
    reported(parcel_back(case), "signed", NOON - 9 * DAY, received_at=NOON + DAY)

    sweeps.run(NOON + DAY)

    assert again(case).status == "return_in_transit"


def test_a_pickup_that_the_carrier_cancels_gives_the_buyer_the_time_that_was_left(order, people):
    case = stage("return_in_transit", order, people)
    reported(parcel_back(case), "cancelled", NOON + 6 * HOUR)

    scan_processing.process_due(NOON + 6 * HOUR)

    assert again(case).status == "awaiting_return"
    assert parcel_back(case).status == "cancelled"


def test_a_pickup_is_not_cancelled_once_the_carrier_moved_it(order, people):
    case = stage("return_in_transit", order, people)
    reported(parcel_back(case), "in_transit", NOON + 5 * HOUR)
    reported(parcel_back(case), "cancelled", NOON + 6 * HOUR)

    scan_processing.process_due(NOON + 6 * HOUR)

    assert again(case).status == "return_in_transit"


def test_a_scan_that_our_people_record_is_not_processed_again(order, people):
    case = stage("return_in_transit", order, people)

    shipments.carrier_signed(parcel_back(case).pk, by=people.carrier, at=NOON + DAY)

    assert scan_processing.process_due(NOON + DAY) == 0


def test_a_scan_is_processed_once(unsigned):
    reported(sent(unsigned), "signed")

    assert (scan_processing.process_due(NOON + DAY), scan_processing.process_due(NOON + DAY)) == (1, 0)


@pytest.fixture
def always_failing(unsigned, shop, monkeypatch):
    """Of two scans, the first always fails."""
    healthy = sold(merchant=shop, buyer=unsigned.buyer, unsigned=True)
    reported(sent(unsigned), "signed")
    reported(sent(healthy, "OUT2"), "signed")
    key, true = (Direction.OUTBOUND, ParcelStatus.SIGNED), scan_processing.note_delivery

    def failing(event, at):
        true(event, at)
        if event.parcel.waybill == "OUT1":
            raise RuntimeError("boom")

    monkeypatch.setitem(scan_processing.HANDLERS, key, failing)
    return ParcelEvent.objects.get(parcel__waybill="OUT1")


def test_a_scan_that_always_fails_holds_up_no_other(always_failing, unsigned, supervisor, agent, monkeypatch):
    for hours in range(1, 9):
        scan_processing.process_due(NOON + hours * HOUR)

    event = ParcelEvent.objects.get(pk=always_failing.pk)
    assert (event.tries, event.judged_at, event.last_error) == (MOST_TRIES, None, "boom")
    assert list(Order.objects.filter(signed_at=NOON + HOUR).exclude(pk=unsigned.pk).values_list("status")) == [
        ("signed",)
    ]
    assert Order.objects.get(pk=unsigned.pk).signed_at is None

    with pytest.raises(gate.Forbidden):
        failed_jobs.retry_scan(event.pk, by=agent, at=NOON + DAY)
    monkeypatch.setitem(
        scan_processing.HANDLERS, (Direction.OUTBOUND, ParcelStatus.SIGNED), scan_processing.note_delivery
    )
    failed_jobs.retry_scan(event.pk, by=supervisor, at=NOON + DAY)
    scan_processing.process_due(NOON + DAY)

    assert Order.objects.get(pk=unsigned.pk).signed_at == NOON + HOUR
    assert ParcelEvent.objects.get(pk=event.pk).again_by == f"supervisor:{supervisor.user_id}"
    with pytest.raises(Refused, match="no longer"):
        failed_jobs.retry_scan(event.pk, by=supervisor, at=NOON + DAY)


def test_a_sweep_processes_scans_before_deadlines_pass(intercepting, unsigned):
    reported(sent(unsigned), "refused")

    sweeps.run(intercepting.due_at + timedelta(minutes=2))

    assert Case.objects.get().status in ("refunding", "completed")
