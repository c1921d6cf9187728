"""Couriers and their parcels: booked, reported by the carrier, parsed and processed."""

from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.returns import pickup_processing, pickups
from logistics.messages import parsing
from logistics.models import Parcel, Pickup
from logistics.pickups import bookings
from tests.aftersales.stages import AT_DOOR, DAY, HOUR, again, tomorrow
from tests.factories import NOON
from tests.fakes.carriers import form
from tests.logistics import telling

AT = NOON + 2 * HOUR


STATES = {"booked": 0, "accepted": 1, "collected": 10, "cancelled": 9, "by carrier": 99, "failed": 610, "billed": 15}


def book(case, by, at=AT, *, carrier="SF", window=None, at_door=AT_DOOR):
    return pickups.book(case.pk, by=by, at=at, carrier=carrier, window=window or tomorrow(at), at_door=at_door)


def parcel_back(case):
    """The one parcel that brings the goods of a case back."""
    return Parcel.objects.get(return_cases__case=case)


def row():
    return Pickup.objects.latest("pk")


def calls(client, state, *, waybill="SF900", at="2026-03-11 12:00:00", order_id="9", **more):
    """A call-back as the carrier signs it."""
    data = {"orderId": order_id, "status": STATES[state], "updateTime": at, **more}
    message = {"kuaidicom": "shunfeng", "kuaidinum": waybill, "status": "200", "message": "成功", "data": data}
    assert telling.send(client, "kuaidi100", telling.kuaidi100(message)).status_code == 200


def methods(fake):
    """What the carrier was asked to do about couriers."""
    return [form(body)["method"] for path, body, _headers in fake.requests if path == "/order/borderapi.do"]


def swept(at=AT + DAY):
    """Everything that came is read and judged."""
    parsing.read_due(max(at, timezone.now()) + HOUR)
    pickup_processing.process_due(at)
    sweeps.run(at)


def booked(case, by):
    book(case, by)
    assert bookings.perform_due(AT) == 1
    return again(case)
