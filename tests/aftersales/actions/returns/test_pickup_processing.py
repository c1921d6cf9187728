"""What a carrier tells of its couriers, early, late, twice and in any order."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from aftersales.models import Event, ReturnParcel
from logistics.messages import parsing
from logistics.models import CarrierMessage, Parcel
from logistics.pickups import bookings
from tests.aftersales.couriers import AT, book, booked, calls, methods, row, swept
from tests.aftersales.stages import DAY, HOUR, again

pytestmark = pytest.mark.django_db


def test_a_call_back_names_the_parcel_of_the_pickup(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)

    calls(client, "accepted")
    swept()

    parcel = Parcel.objects.get(return_cases__case=agreed)
    assert (row().status, row().parcel, parcel.waybill, parcel.status) == ("accepted", parcel, "SF900", "announced")


def test_collected_goods_are_due_from_that_day(agreed, people, kuaidi100, client):
    case = booked(agreed, people.agent)
    before = case.due_at

    calls(client, "collected")
    swept()

    case = again(case)
    collected_at = row().collected_at
    assert case.status == "return_in_transit"
    assert case.due_at == collected_at + timedelta(days=case.policy.receipt_days) > before
    assert Event.objects.filter(case=case, action="collect_return").count() == 1
    assert Parcel.objects.get(return_cases__case=case).status == "in_transit"


@pytest.mark.parametrize("state", ["cancelled", "by carrier", "failed"])
@pytest.mark.parametrize("waybill", ["SF900", ""])
def test_a_courier_who_does_not_come_gives_back_the_time_left(state, waybill, agreed, people, kuaidi100, client):
    left = agreed.due_at - AT
    booked(agreed, people.agent)

    calls(client, state, waybill=waybill)
    swept()

    case = again(agreed)
    assert case.status == "awaiting_return"
    assert case.due_at - (AT + DAY) == left
    assert methods(kuaidi100) == ["bOrder"]


@pytest.mark.parametrize("told", list(permutations(["booked", "accepted", "collected", "billed"])))
def test_call_backs_mean_the_same_in_any_order_and_as_often_as_they_like(told, agreed, people, kuaidi100, client):
    booked(agreed, people.agent)

    for state in told:
        more = {"freight": "12.50", "weight": "1.5"} if state == "billed" else {}
        calls(client, state, **more)
        calls(client, state, **more, courierName="again")
        swept()

    assert (row().status, row().billed_amount, row().weighed) == ("collected", Decimal("12.50"), Decimal("1.500"))
    assert again(agreed).status == "return_in_transit"
    assert Event.objects.filter(case=agreed, action="collect_return").count() == 1
    assert ReturnParcel.objects.filter(case=agreed).count() == 1


def test_a_late_cancellation_takes_nothing_back(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)
    calls(client, "collected")
    calls(client, "by carrier", at="2026-03-11 11:00:00")

    swept()

    assert (row().status, again(agreed).status) == ("collected", "return_in_transit")


def test_the_bill_with_the_latest_date_counts(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)
    calls(client, "billed", at="2026-03-11 15:00:00", freight="15")
    calls(client, "billed", at="2026-03-11 14:00:00", freight="12")
    calls(client, "billed", at="2026-03-11 16:00:00", freight="NaN", weight="-1")

    swept()

    assert (row().billed_amount, row().weighed) == (Decimal(15), None)


def test_a_call_back_before_the_answer_to_a_booking_is_parsed_later(agreed, people, kuaidi100, client, monkeypatch):
    book(agreed, people.agent)
    real, states = bookings._send, []

    def called_back_first(pickup, account, at):
        calls(client, "accepted", waybill="")
        parsing.read_due(timezone.now())
        states.append(CarrierMessage.objects.get().status)
        return real(pickup, account, at)

    monkeypatch.setattr(bookings, "_send", called_back_first)
    bookings.perform_due(AT)
    parsing.read_due(timezone.now() + HOUR)

    assert states == ["new"]
    assert (CarrierMessage.objects.get().status, row().status) == ("done", "accepted")


def test_a_pickup_of_somebody_else_is_none_of_ours(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)
    calls(client, "by carrier", order_id="77", waybill="")

    swept()

    assert (row().status, again(agreed).status) == ("booked", "return_in_transit")
    assert CarrierMessage.objects.get().status == "done"
