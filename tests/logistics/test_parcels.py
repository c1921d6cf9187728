"""Parcels: their own small chart, whose rank never decreases; late scans are kept."""

import pytest

from logistics import actions
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import ParcelStatus
from orders.refusals import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db

# What a scan makes of a parcel, state by state: by hand, from the order of a parcel's life.
ORDER = ["announced", "in_transit", "delivering", "signed", "received"]
ENDS = ("received", "intercepted", "cancelled")


def at_state(order, state):
    parcel = Parcel.objects.create(
        merchant=order.merchant, order=order, direction="return", carrier="SF", waybill="SF1", status=state
    )
    return Parcel.objects.get(pk=parcel.pk)


def expected(state, scanned):
    if state in ENDS or scanned == "cancelled":
        return state
    if scanned == "intercepted":
        return state if state == "signed" else "intercepted"
    return scanned if ORDER.index(scanned) > ORDER.index(state) else state


@pytest.mark.parametrize("state", ParcelStatus.values)
@pytest.mark.parametrize("scanned", ParcelStatus.values)
def test_every_scan_in_every_state(state, scanned, order):
    parcel = at_state(order, state)

    actions.scan(parcel, ParcelStatus(scanned), at=NOON, recorded_by="carrier")

    assert Parcel.objects.get().status == expected(state, scanned)
    assert ParcelEvent.objects.get().status == scanned


@pytest.mark.parametrize("state", ParcelStatus.values)
def test_only_what_was_not_handed_over_is_called_off(state, order):
    parcel = at_state(order, state)

    if state in ("announced", "in_transit"):
        actions.cancel(parcel, at=NOON, recorded_by="buyer")
        assert Parcel.objects.get().status == "cancelled"
    else:
        with pytest.raises(Refused, match="can not be cancelled"):
            actions.cancel(parcel, at=NOON, recorded_by="buyer")


def test_a_waybill_is_one_parcel_however_often_it_is_told(order):
    told = [
        actions.announce_return(order, carrier="SF", waybill="SF1", at=NOON, recorded_by="buyer") for _n in range(2)
    ]

    assert {parcel.pk for parcel in told} == {Parcel.objects.get().pk}
    assert Parcel.objects.get().status == "in_transit"


@pytest.mark.parametrize("state", ["received", "cancelled"])
def test_a_waybill_that_is_done_is_not_used_again(state, order):
    at_state(order, state)

    with pytest.raises(Refused, match="used before"):
        actions.announce_return(order, carrier="SF", waybill="SF1", at=NOON, recorded_by="buyer")
