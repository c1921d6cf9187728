"""Parcels: their own small chart, whose rank never decreases; late scans are kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from logistics.carriers.base import ReportedScan
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking
from orders.refusals import Refused
from tests.factories import NOON
from tests.shared_world import undone

pytestmark = pytest.mark.django_db

# What a scan makes of a parcel, state by state: by hand, from how sure a scan is of where the goods are in the end.
ORDER = ["announced", "in_transit", "delivering", "refused", "intercepted", "returning", "lost", "signed", "returned"]
ORDER += ["received"]
ENDS = ("received", "cancelled")


def at_state(order, state):
    parcel = Parcel.objects.create(
        merchant=order.merchant, order=order, direction="return", carrier="SF", waybill="SF1", status=state
    )
    return Parcel.objects.get(pk=parcel.pk)


def expected(state, scanned):
    if state in ENDS or scanned == "cancelled":
        return state
    return max(state, scanned, key=ORDER.index)


def told(status, hours=0, **fields):
    return ReportedScan(waybill="SF1", status=ParcelStatus(status), happened_at=NOON + timedelta(hours=hours), **fields)


@pytest.mark.parametrize("state", ParcelStatus.values)
def test_every_scan_in_every_state_leads_to_the_further_one(state, order):
    parcel = at_state(order, state)

    for scanned in ParcelStatus.values:
        with undone():
            tracking.scan(parcel, ParcelStatus(scanned), at=NOON, recorded_by="carrier")

            assert Parcel.objects.get().status == expected(state, scanned)
            assert ParcelEvent.objects.get().status == scanned


def test_ranks_of_the_code_are_those_of_the_table():
    assert [status for status in ParcelStatus if status != "cancelled"] == ORDER


def test_a_problem_is_a_flag_of_a_scan_and_no_status(order):
    parcel = at_state(order, "announced")

    tracking.record_reported(parcel.pk, [told("in_transit", is_problem=True)], at=NOON, recorded_by="kuaidi100")

    assert Parcel.objects.get().status == "in_transit"
    assert ParcelEvent.objects.get().is_problem


def test_the_same_words_are_one_scan_however_often_they_are_told(order):
    parcel = at_state(order, "announced")

    for _time in range(3):
        tracking.record_reported(parcel.pk, [told("in_transit"), told("in_transit")], at=NOON, recorded_by="kuaidi100")

    assert ParcelEvent.objects.count() == 1


def test_the_earliest_scan_of_a_kind_gives_its_date(order):
    parcel = at_state(order, "announced")

    tracking.record_reported(parcel.pk, [told("signed", 9), told("signed", 8)], at=NOON, recorded_by="kuaidi100")
    tracking.record_reported(parcel.pk, [told("in_transit", 1)], at=NOON, recorded_by="kuaidi100")

    parcel = Parcel.objects.get()
    assert (parcel.shipped_at, parcel.signed_at) == (NOON + timedelta(hours=1), NOON + timedelta(hours=8))


@pytest.mark.parametrize(
    "change",
    [
        lambda: ParcelEvent.objects.update(text="other"),
        lambda: ParcelEvent.objects.update(happened_at=NOON - timedelta(days=1)),
        lambda: ParcelEvent.objects.all().delete(),
        lambda: ParcelEvent.objects.update(judged_at=None),
    ],
)
def test_the_database_keeps_scans_as_they_are(order, change):
    tracking.scan(at_state(order, "announced"), ParcelStatus.IN_TRANSIT, at=NOON, recorded_by="buyer")

    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.mark.parametrize("state", ParcelStatus.values)
def test_only_a_parcel_that_was_not_handed_over_is_cancelled(state, order):
    parcel = at_state(order, state)

    if state in ("announced", "in_transit"):
        tracking.cancel(parcel, at=NOON, recorded_by="buyer")
        assert Parcel.objects.get().status == "cancelled"
    else:
        with pytest.raises(Refused, match="can not be cancelled"):
            tracking.cancel(parcel, at=NOON, recorded_by="buyer")


def test_a_waybill_is_one_parcel_however_often_it_is_told(order):
    told = [
        tracking.announce_return(order, carrier="SF", waybill="SF1", at=NOON, recorded_by="buyer") for _n in range(2)
    ]

    assert {parcel.pk for parcel in told} == {Parcel.objects.get().pk}
    assert Parcel.objects.get().status == "in_transit"


@pytest.mark.parametrize("state", ["received", "cancelled"])
def test_a_waybill_that_is_done_is_not_used_again(state, order):
    at_state(order, state)

    with pytest.raises(Refused, match="used before"):
        tracking.announce_return(order, carrier="SF", waybill="SF1", at=NOON, recorded_by="buyer")
