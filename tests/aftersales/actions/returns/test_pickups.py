"""Couriers at the door: booked, moved to another time, collected or not, in whatever order their carrier tells it."""

import json

import pytest
from django.db import DatabaseError, transaction

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.oversight import failed_jobs
from aftersales.actions.returns import pickups, shipments
from aftersales.models import Event
from aftersales.queries.oversight import failed_jobs as failed_job_queries
from logistics.carriers import accounts
from logistics.models import Pickup
from logistics.pickups import bookings
from logistics.pickups.pickup_requests import Contact
from orders.refusals import Refused
from tests.aftersales.couriers import AT, book, booked, calls, methods, row, swept
from tests.aftersales.stages import AT_DOOR, DAY, HOUR, again, stage, tomorrow
from tests.fakes.carriers import form

pytestmark = pytest.mark.django_db


def test_without_an_account_the_courier_is_phoned_and_nothing_is_sent(agreed, people):
    case = book(agreed, people.agent)

    assert case.status == "return_in_transit"
    assert (row().status, row().source, row().todo) == ("booked", "", "")
    assert bookings.perform_due(AT) == 0
    assert case.deadlines.get(kind="ship_return").status == "paused"


def test_a_booking_is_sent_by_the_sweep_with_both_doors(agreed, people, kuaidi100):
    book(agreed, people.buyer, at_door=Contact("", "", "", ""))
    assert (row().status, kuaidi100.requests) == ("requested", [])

    sweeps.run(AT)

    ((_path, body, _headers),) = kuaidi100.requests
    sent = json.loads(form(body)["param"])
    assert (row().status, row().external_id, row().task_id) == ("booked", "9", "T1")
    assert sent["sendManMobile"] == agreed.order.receiver_phone
    assert sent["recManName"] == again(agreed).return_address.contact
    assert (sent["dayType"], sent["pickupStartTime"], sent["kuaidicom"]) == ("明天", "14:00", "shunfeng")


def test_a_courier_of_a_later_day_is_booked_when_that_day_can_be_named(agreed, people, kuaidi100):
    start = AT + 4 * DAY
    book(agreed, people.agent, window=(start, start + HOUR))

    assert bookings.perform_due(AT) == 0
    assert bookings.perform_due(AT + 2 * DAY) == 1
    assert json.loads(form(kuaidi100.requests[0][1])["param"])["dayType"] == "后天"


@pytest.mark.parametrize(
    ("window", "door"),
    [((AT, AT), AT_DOOR), ((AT + HOUR, AT), AT_DOOR), ((AT - DAY, AT - HOUR), AT_DOOR), ((AT, AT + 99 * DAY), AT_DOOR)],
)
def test_a_window_that_makes_no_sense_is_refused(window, door, agreed, people):
    with pytest.raises(Refused):
        book(agreed, people.agent, window=window, at_door=door)

    assert again(agreed).status == "awaiting_return"
    assert not Pickup.objects.exists()


def test_a_pickup_without_a_known_contact_is_refused(agreed, people):
    type(agreed.order).objects.filter(pk=agreed.order_id).update(receiver_phone="")

    with pytest.raises(Refused, match="at the door"):
        book(agreed, people.agent, at_door=Contact("", "", "", ""))


def test_a_carrier_that_says_no_gives_the_buyer_the_time_that_was_left(agreed, people, kuaidi100):
    left = agreed.due_at - AT
    book(agreed, people.agent)
    kuaidi100.faults = [403]

    sweeps.run(AT)

    case = again(agreed)
    assert (row().status, case.status, case.due_at - AT) == ("failed", "awaiting_return", left)
    assert Event.objects.filter(case=case, action="cancel_pickup").get().role == "carrier"


@pytest.mark.parametrize("fault", [503, 429])
def test_a_server_that_is_busy_is_asked_again(fault, agreed, people, kuaidi100):
    book(agreed, people.agent)
    kuaidi100.faults = [fault]

    assert bookings.perform_due(AT) == 1
    assert (row().status, row().tries) == ("requested", 1)
    assert bookings.perform_due(AT + HOUR) == 1
    assert (row().status, row().tries) == ("booked", 0)


@pytest.mark.parametrize("fault", [500, "silence", "page"])
def test_a_booking_whose_answer_is_lost_is_not_sent_twice(fault, agreed, people, kuaidi100):
    book(agreed, people.agent)
    kuaidi100.faults = [fault]

    assert bookings.perform_due(AT) == 1
    assert bookings.perform_due(AT + 9 * HOUR) == 0

    assert methods(kuaidi100) == ["bOrder"]
    assert row().status == "requested"
    (told,) = failed_job_queries.described("pickup", list(failed_job_queries.pickups()))
    assert (told.what, told.tries) == ("SF: Perhaps booked: ask the carrier before you try again", 1)

    failed_jobs.retry_pickup(row().pk, by=people.supervisor, at=AT + 9 * HOUR)
    assert bookings.perform_due(AT + 9 * HOUR) == 1
    assert (row().status, methods(kuaidi100)) == ("booked", ["bOrder", "bOrder"])


def test_a_booking_whose_worker_died_is_not_sent_twice(agreed, people, kuaidi100):
    book(agreed, people.agent)
    sent = bookings._claim(AT)
    bookings._send(sent, accounts.find(sent.source, sent.account), AT)

    bookings.perform_due(AT + HOUR)

    assert methods(kuaidi100) == ["bOrder"]
    assert list(failed_job_queries.pickups()) == [row()]


def test_a_booking_whose_answer_could_not_be_written_down_is_not_sent_twice(agreed, people, kuaidi100, monkeypatch):
    book(agreed, people.agent)
    monkeypatch.setattr(bookings.pickup_requests, "name_parcel", lambda *_asked, **_told: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bookings.perform_due(AT)
    monkeypatch.undo()

    bookings.perform_due(AT + HOUR)

    assert methods(kuaidi100) == ["bOrder"]
    assert list(failed_job_queries.pickups()) == [row()]


def test_a_cancelled_pickup_is_called_off_with_the_carrier(agreed, people, kuaidi100):
    left = agreed.due_at - AT
    booked(agreed, people.agent)

    case = pickups.cancel_pickup(agreed.pk, by=people.buyer, at=AT + HOUR)
    sweeps.run(AT + HOUR)

    assert (case.status, case.due_at - (AT + HOUR)) == ("awaiting_return", left)
    assert methods(kuaidi100) == ["bOrder", "cancel"]
    assert (row().status, row().todo) == ("cancelled", "")


def test_a_pickup_that_was_never_booked_is_not_called_off_with_the_carrier(agreed, people, kuaidi100):
    book(agreed, people.agent)
    pickups.cancel_pickup(agreed.pk, by=people.agent, at=AT)

    sweeps.run(AT + HOUR)

    assert kuaidi100.requests == []


def test_a_pickup_cancelled_while_it_is_being_booked_is_called_off_after_that(agreed, people, kuaidi100, monkeypatch):
    book(agreed, people.agent)
    real = bookings._send

    def slowly(pickup, account, at):
        answer = real(pickup, account, at)
        if pickup.todo == "book":
            pickups.cancel_pickup(agreed.pk, by=people.agent, at=AT)
        return answer

    monkeypatch.setattr(bookings, "_send", slowly)
    bookings.perform_due(AT)

    assert methods(kuaidi100) == ["bOrder", "cancel"]
    assert (row().status, row().todo, again(agreed).status) == ("cancelled", "", "awaiting_return")


def test_a_collected_pickup_is_not_cancelled(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)
    calls(client, "collected")
    swept()

    with pytest.raises(Refused, match="has collected"):
        pickups.cancel_pickup(agreed.pk, by=people.agent, at=AT + DAY)


def test_the_buyers_own_way_is_not_undone_by_an_old_courier(agreed, people, kuaidi100, client):
    booked(agreed, people.agent)
    pickups.cancel_pickup(agreed.pk, by=people.buyer, at=AT + HOUR)
    shipments.ship(agreed.pk, by=people.buyer, at=AT + 2 * HOUR, carrier="YTO", waybill="YT1")

    calls(client, "cancelled")
    swept()

    assert again(agreed).status == "return_in_transit"


def test_a_rescheduled_pickup_ignores_reports_of_the_first_courier(agreed, people, kuaidi100, client):
    case = booked(agreed, people.agent)
    kuaidi100.order_id = "10"
    moved = pickups.reschedule(case.pk, by=people.buyer, at=AT + HOUR, window=tomorrow(AT + HOUR))
    bookings.perform_due(AT + HOUR)

    calls(client, "cancelled", order_id="9")
    swept()

    assert (moved.status, moved.due_at) == ("return_in_transit", case.due_at)
    assert [pickup.status for pickup in Pickup.objects.order_by("pk")] == ["cancelled", "booked"]
    assert again(agreed).status == "return_in_transit"


def test_a_pickup_that_nobody_expects_can_not_be_rescheduled(order, people):
    case = stage("return_in_transit", order, people)

    with pytest.raises(Refused, match="No courier is expected"):
        pickups.reschedule(case.pk, by=people.agent, at=AT, window=tomorrow(AT))


def test_a_withdrawn_case_sends_no_courier(agreed, people, kuaidi100):
    booked(agreed, people.agent)

    decisions.withdraw(agreed.pk, by=people.buyer, at=AT + HOUR)
    sweeps.run(AT + HOUR)

    assert (row().status, len(kuaidi100.requests)) == ("cancelled", 2)


def test_the_database_refuses_a_pickup_that_goes_back(agreed, people):
    book(agreed, people.agent)
    Pickup.objects.update(status="collected", collected_at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Pickup.objects.update(status="booked")
