"""What scans mean: facts of orders, cases made eligible, and nothing paid by a scan alone."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.oversight import failed_jobs
from aftersales.actions.returns import returns, scan_processing
from aftersales.models import Case, Refund, ReturnParcel
from aftersales.rules.vocabulary import CaseType
from logistics.carriers.base import Told
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import Direction, ParcelStatus
from logistics.parcels import tracking as parcels
from orders.models import Order
from orders.models.retry import MOST_TRIES
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, stage
from tests.factories import NOON, opened, sold
from tests.shared_world import undone

pytestmark = pytest.mark.django_db
# What brings a case on; every other scan changes no case, whatever it says.
MOVES = {
    ("outbound", "refused"): "refunding",
    ("outbound", "intercepted"): "refunding",
    ("outbound", "returning"): "refunding",
    ("outbound", "returned"): "refunding",
}


def sent(order, waybill="OUT1", direction="outbound"):
    return Parcel.objects.create(
        merchant=order.merchant, order=order, direction=direction, carrier="SF", waybill=waybill
    )


def hear(parcel, status, at=NOON + HOUR, heard_at=None):
    told = Told(parcel.waybill, ParcelStatus(status), at)
    parcels.hear(parcel.pk, [told], at=heard_at or at, recorded_by="kuaidi100")


def back_of(case):
    return Parcel.objects.get(return_cases__case=case)


@pytest.fixture
def intercepting(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    return decisions.approve(case.pk, by=merchant, at=NOON + HOUR)


def test_an_order_is_shipped_and_signed_when_its_carrier_says_so(unshipped):
    parcel = sent(unshipped)
    hear(parcel, "in_transit", NOON)
    hear(parcel, "signed", NOON + DAY)

    scan_processing.judge_due(NOON + DAY)

    order = Order.objects.get(pk=unshipped.pk)
    assert (order.status, order.shipped_at, order.signed_at) == ("signed", NOON, NOON + DAY)


def test_what_is_known_of_an_order_stays(order):
    before = Order.objects.filter(pk=order.pk).values().get()
    hear(sent(order), "signed", NOON + DAY)

    scan_processing.judge_due(NOON + DAY)

    assert Order.objects.filter(pk=order.pk).values().get() == before


def test_an_order_of_two_parcels_is_signed_for_with_the_last(unsigned):
    first, last = sent(unsigned), sent(unsigned, "OUT2")
    hear(first, "signed", NOON + HOUR)
    scan_processing.judge_due(NOON + DAY)
    half = Order.objects.get(pk=unsigned.pk).signed_at

    hear(last, "signed", NOON + 5 * HOUR)
    scan_processing.judge_due(NOON + DAY)

    assert (half, Order.objects.get(pk=unsigned.pk).signed_at) == (None, NOON + 5 * HOUR)


@pytest.mark.parametrize("status", ParcelStatus.values)
def test_only_a_stopped_parcel_ends_the_wait_for_the_interception(status, intercepting, unsigned):
    hear(sent(unsigned), status)

    scan_processing.judge_due(NOON + 2 * HOUR)

    assert again(intercepting).status == MOVES.get(("outbound", status), "intercepting")


@pytest.mark.parametrize("status", ["refused", "intercepted", "returning", "returned"])
def test_a_parcel_that_was_stopped_before_anybody_waited_for_it_ends_the_wait_at_once(
    status, unsigned, buyer, merchant
):
    asked = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    hear(sent(unsigned), status)
    assert scan_processing.judge_due(NOON + HOUR) == 1

    case = decisions.approve(asked.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.status == again(case).status == "refunding"
    assert case.events.get(action="intercepted").role == "carrier"


def test_a_parcel_of_two_that_goes_on_is_still_waited_for(unsigned, buyer, merchant):
    asked = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    hear(sent(unsigned), "refused")
    hear(sent(unsigned, "OUT2"), "in_transit")
    scan_processing.judge_due(NOON + HOUR)

    case = decisions.approve(asked.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.status == "intercepting"


def test_not_while_another_parcel_of_the_order_is_elsewhere(intercepting, unsigned):
    first, other = sent(unsigned), sent(unsigned, "OUT2")
    hear(first, "refused")
    scan_processing.judge_due(NOON + 2 * HOUR)
    half = again(intercepting).status

    hear(other, "returning")
    scan_processing.judge_due(NOON + 2 * HOUR)

    assert (half, again(intercepting).status) == ("intercepting", "refunding")


def test_a_parcel_that_was_signed_for_stops_nothing(intercepting, unsigned):
    parcel = sent(unsigned)
    hear(parcel, "signed")
    hear(parcel, "refused")

    scan_processing.judge_due(NOON + 2 * HOUR)

    assert again(intercepting).status == "intercepting"


@pytest.mark.parametrize("state", ["pending_merchant", "awaiting_return", "return_in_transit", "inspecting"])
def test_no_scan_pays_by_itself(state, order, people):
    case = stage(state, order, people)

    for direction in Direction.values:
        for status in ParcelStatus.values:
            with undone():
                parcel = sent(order, "X1", direction)
                if direction == "return":
                    ReturnParcel.objects.create(case=case, parcel=parcel)
                hear(parcel, status, NOON + 6 * HOUR)

                scan_processing.judge_due(NOON + 6 * HOUR)

                assert again(case).status in ("return_in_transit", "awaiting_return", state)
                assert not Refund.objects.exists()
                assert not ParcelEvent.objects.filter(judged_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("status", "state"),
    [("in_transit", "return_in_transit"), ("delivering", "return_in_transit"), ("signed", "return_in_transit"),
     ("announced", "awaiting_return"), ("lost", "awaiting_return"), ("cancelled", "awaiting_return")],
)  # fmt: skip
def test_the_first_scan_of_a_linked_parcel_is_the_buyers_word(status, state, order, people):
    case = stage("awaiting_return", order, people)
    parcel = sent(order, "BACK1", "return")
    ReturnParcel.objects.create(case=case, parcel=parcel)
    hear(parcel, status, NOON + 6 * HOUR)

    scan_processing.judge_due(NOON + 6 * HOUR)

    case = again(case)
    assert case.status == state
    if state == "return_in_transit":
        assert case.events.get(action="ship_return").role == "carrier"


def test_the_signature_makes_the_return_due_sooner_from_when_we_heard(order, people):
    case = stage("return_in_transit", order, people)
    due = case.due_at
    hear(back_of(case), "signed", NOON - 9 * DAY, heard_at=NOON + DAY)

    scan_processing.judge_due(NOON + DAY)

    assert again(case).due_at == NOON + 3 * DAY < due
    assert back_of(case).signed_at == NOON - 9 * DAY


def test_a_late_signature_never_pays_in_the_sweep_that_hears_it(order, people):
    case = stage("return_in_transit", order, people)
    hear(back_of(case), "signed", NOON - 9 * DAY, heard_at=NOON + DAY)

    sweeps.run(NOON + DAY)

    assert again(case).status == "return_in_transit"


def test_a_pickup_that_the_carrier_cancels_gives_the_buyer_the_time_that_was_left(order, people):
    case = stage("return_in_transit", order, people)
    hear(back_of(case), "cancelled", NOON + 6 * HOUR)

    scan_processing.judge_due(NOON + 6 * HOUR)

    assert again(case).status == "awaiting_return"
    assert back_of(case).status == "cancelled"


def test_a_pickup_is_not_cancelled_once_the_carrier_moved_it(order, people):
    case = stage("return_in_transit", order, people)
    hear(back_of(case), "in_transit", NOON + 5 * HOUR)
    hear(back_of(case), "cancelled", NOON + 6 * HOUR)

    scan_processing.judge_due(NOON + 6 * HOUR)

    assert again(case).status == "return_in_transit"


def test_what_our_people_record_is_not_judged_again(order, people):
    case = stage("return_in_transit", order, people)

    returns.carrier_signed(back_of(case).pk, by=people.carrier, at=NOON + DAY)

    assert scan_processing.judge_due(NOON + DAY) == 0


def test_a_scan_is_judged_once(unsigned):
    hear(sent(unsigned), "signed")

    assert (scan_processing.judge_due(NOON + DAY), scan_processing.judge_due(NOON + DAY)) == (1, 0)


@pytest.fixture
def poisoned(unsigned, shop, monkeypatch):
    """Of two scans, the first always fails."""
    healthy = sold(merchant=shop, buyer=unsigned.buyer, unsigned=True)
    hear(sent(unsigned), "signed")
    hear(sent(healthy, "OUT2"), "signed")
    key, true = (Direction.OUTBOUND, ParcelStatus.SIGNED), scan_processing.delivered

    def failing(event, at):
        true(event, at)
        if event.parcel.waybill == "OUT1":
            raise RuntimeError("boom")

    monkeypatch.setitem(scan_processing.JUDGES, key, failing)
    return ParcelEvent.objects.get(parcel__waybill="OUT1")


def test_poison_is_in_nobodys_way_and_comes_to_a_person(poisoned, unsigned, supervisor, agent, monkeypatch):
    for hours in range(1, 9):
        scan_processing.judge_due(NOON + hours * HOUR)

    event = ParcelEvent.objects.get(pk=poisoned.pk)
    assert (event.tries, event.judged_at, event.last_error) == (MOST_TRIES, None, "boom")
    assert list(Order.objects.filter(signed_at=NOON + HOUR).exclude(pk=unsigned.pk).values_list("status")) == [
        ("signed",)
    ]
    assert Order.objects.get(pk=unsigned.pk).signed_at is None

    with pytest.raises(gate.Forbidden):
        failed_jobs.retry_scan(event.pk, by=agent, at=NOON + DAY)
    monkeypatch.setitem(scan_processing.JUDGES, (Direction.OUTBOUND, ParcelStatus.SIGNED), scan_processing.delivered)
    failed_jobs.retry_scan(event.pk, by=supervisor, at=NOON + DAY)
    scan_processing.judge_due(NOON + DAY)

    assert Order.objects.get(pk=unsigned.pk).signed_at == NOON + HOUR
    assert ParcelEvent.objects.get(pk=event.pk).again_by == f"supervisor:{supervisor.user_id}"
    with pytest.raises(Refused, match="no longer"):
        failed_jobs.retry_scan(event.pk, by=supervisor, at=NOON + DAY)


def test_the_sweep_hears_judges_and_only_then_lets_deadlines_pass(intercepting, unsigned):
    hear(sent(unsigned), "refused")

    sweeps.run(intercepting.due_at + timedelta(minutes=2))

    assert Case.objects.get().status in ("refunding", "completed")
