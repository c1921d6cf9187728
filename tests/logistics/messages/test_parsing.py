"""Messages read: scans recorded, what can not be read put aside, poison in nobody's way."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from logistics.messages import parsing
from logistics.models import CarrierMessage, Parcel, ParcelEvent
from orders.models.retry import MOST_TRIES
from tests.factories import NOON, MerchantFactory, sold
from tests.logistics.telling import GONE, aftership, kuaidi100, manual, push, send, shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
HOUR = timedelta(hours=1)


def parcel_of(order, waybill="SF1", direction="outbound", carrier="SF"):
    return Parcel.objects.create(
        merchant=order.merchant, order=order, direction=direction, carrier=carrier, waybill=waybill
    )


def told(client, *scans, number="SF1", **fields):
    return send(client, "kuaidi100", kuaidi100(push(number, *scans, **fields)))


def read_all(hours=0):
    return parsing.read_due(timezone.now() + hours * HOUR)


def test_a_parsed_message_puts_its_scans_on_the_parcel(client, order):
    parcel_of(order)
    told(client, ("签收", "2026-03-10 12:00:00", "已签收"), ("派件", "2026-03-10 09:00:00", "派件中"))

    read_all()

    parcel = Parcel.objects.get()
    assert (parcel.status, parcel.signed_at, parcel.shipped_at) == ("signed", NOON, NOON - 3 * HOUR)
    assert set(ParcelEvent.objects.values_list("recorded_by", "judged_at")) == {("kuaidi100", None)}
    assert CarrierMessage.objects.get().status == "done"


def test_a_message_is_parsed_once(client, order):
    parcel_of(order)
    told(client, ("签收", "2026-03-10 12:00:00", "已签收"))

    assert (read_all(), read_all()) == (1, 0)


def test_a_whole_history_repeated_adds_only_what_is_new(client, order):
    parcel_of(order)
    first = ("揽收", "2026-03-09 12:00:00", "已揽收")
    for scans in ([first], [("派件", "2026-03-10 09:00:00", "派件中"), first]):
        told(client, *scans)
        read_all()

    assert ParcelEvent.objects.count() == 2


def test_delivered_before_shipped_is_signed_and_the_late_scan_is_kept(client, order):
    parcel_of(order)
    for scan in (("签收", "2026-03-10 12:00:00", "已签收"), ("揽收", "2026-03-09 12:00:00", "已揽收")):
        told(client, scan)
        read_all()

    parcel = Parcel.objects.get()
    assert (parcel.status, parcel.shipped_at) == ("signed", NOON - 24 * HOUR)
    assert ParcelEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (push("SF1", ("签收", "2999-01-01 12:00:00", "x")), "no moment"),
        (push("SF1", ("签收", "2199-01-01 12:00:00", "x")), "in the future"),
        (push("SF1", (None, "2026-03-10 12:00:00", "x"), state="77"), "'77' is not known"),
        ("<html>", "no JSON"),
        ("[" * 50_000, "no JSON"),
        ('{"lastResult": {"nu": null, "status": "200", "state": "0", "data": [{"time": "2026-03-10"}]}}', "no waybill"),
    ],
)
def test_a_message_that_can_not_be_parsed_is_put_aside_at_once(client, order, message, words):
    parcel_of(order)
    send(client, "kuaidi100", kuaidi100(message))

    read_all()

    kept = CarrierMessage.objects.get()
    assert kept.status == "quarantined"
    assert words in kept.last_error
    assert not ParcelEvent.objects.exists()


def test_a_message_before_its_parcel_waits_for_it(client, order):
    told(client, ("签收", "2026-03-10 12:00:00", "已签收"))
    read_all()
    waiting = CarrierMessage.objects.get()

    parcel_of(order)
    soon, later = read_all(), read_all(1)

    assert (waiting.status, waiting.tries) == ("new", 1)
    assert "SF1" in waiting.last_error
    assert (soon, later) == (0, 1)
    assert Parcel.objects.get().status == "signed"


def test_a_message_is_for_a_person_after_five_tries(client):
    told(client, ("签收", "2026-03-10 12:00:00", "已签收"))

    holds = []
    for hours in range(1, 8):
        read_all(hours)
        holds.append(CarrierMessage.objects.get().hold_until)

    kept = CarrierMessage.objects.get()
    assert (kept.status, kept.tries) == ("quarantined", MOST_TRIES)
    assert holds == sorted(holds)


def test_a_message_that_always_fails_holds_up_no_other(client, order, monkeypatch):
    poisoned = parcel_of(order, "SF0")
    parcel_of(order)
    record = parsing.tracking.record_reported

    def failing(pk, *args, **kwargs):
        record(pk, *args, **kwargs)
        if pk == poisoned.pk:
            raise RuntimeError("boom\0")

    monkeypatch.setattr(parsing.tracking, "record_reported", failing)
    told(client, ("签收", "2026-03-10 12:00:00", "x"), number="SF0")
    told(client, ("签收", "2026-03-10 12:00:00", "x"))

    read_all()

    assert dict(Parcel.objects.values_list("waybill", "status")) == {"SF0": "announced", "SF1": "signed"}
    assert [message.tries for message in CarrierMessage.objects.order_by("pk")] == [1, 0]


def test_a_merchants_account_tells_of_its_own_parcels_only(client, order, settings):
    accounts = json.loads(settings.CARRIERS)
    accounts["aftership"] = {"other": {"secrets": [GONE], "key": "k"}, "default": {"secrets": [GONE], "key": "k"}}
    settings.CARRIERS = json.dumps(accounts)
    theirs = sold(merchant=MerchantFactory(code="other"))
    parcel_of(order)
    parcel_of(theirs, "SF2")

    for account, number in (("other", "SF1"), ("default", "SF2")):
        message = shipment(number, ("Delivered", "2026-03-10T12:00:00Z", "x"), event_id=number)
        send(client, "aftership", aftership(message, GONE), account)
    read_all()

    assert not ParcelEvent.objects.exists()
    assert set(CarrierMessage.objects.values_list("tries", flat=True)) == {1}


def test_a_waybill_of_the_way_out_proves_no_return(client, order):
    parcel_of(order)
    back = parcel_of(order, direction="return")

    told(client, ("签收", "2026-03-10 12:00:00", "已签收"))
    read_all()

    assert Parcel.objects.get(pk=back.pk).status == "announced"
    assert Parcel.objects.get(direction="outbound").status == "signed"


def test_a_message_of_a_removed_account_says_so(client, order, settings):
    parcel_of(order)
    told(client, ("签收", "2026-03-10 12:00:00", "已签收"))
    settings.CARRIERS = ""

    read_all()

    assert "no account 'default'" in CarrierMessage.objects.get().last_error


def test_a_merchants_own_system_pushes_our_own_statuses(client, order):
    parcel_of(order)
    scan = {"waybill": "sf1", "status": "refused", "at": "2026-03-10T04:00:00Z", "text": "拒收", "problem": True}

    send(client, "manual", manual({"id": "m1", "scans": [scan]}))
    read_all()

    event = ParcelEvent.objects.get()
    assert (event.status, event.is_problem, event.happened_at) == ("refused", True, NOON)
