"""Couriers of a carrier with a memory: booked, told of, read and judged."""

from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.returns import pickups
from logistics.messages import parsing
from logistics.models import Pickup
from logistics.pickups import bookings
from tests.aftersales.stages import AT_DOOR, DAY, HOUR, again, tomorrow
from tests.factories import NOON
from tests.fakes.carriers import form
from tests.logistics import telling

AT = NOON + 2 * HOUR


STATES = {"booked": 0, "accepted": 1, "collected": 10, "cancelled": 9, "by carrier": 99, "failed": 610, "billed": 15}


def book(case, by, at=AT, *, carrier="SF", window=None, at_door=AT_DOOR):
    return pickups.book(case.pk, by=by, at=at, carrier=carrier, window=window or tomorrow(at), at_door=at_door)


def row():
    return Pickup.objects.latest("pk")


def calls(client, state, *, waybill="SF900", at="2026-03-11 12:00:00", order_id="9", **data):
    """A call-back as the carrier signs it."""
    told = {"orderId": order_id, "status": STATES[state], "updateTime": at, **data}
    message = {"kuaidicom": "shunfeng", "kuaidinum": waybill, "status": "200", "message": "成功", "data": told}
    assert telling.send(client, "kuaidi100", telling.kuaidi100(message)).status_code == 200


def methods(fake):
    """What the carrier was asked to do about couriers."""
    return [form(body)["method"] for path, body, _headers in fake.requests if path == "/order/borderapi.do"]


def swept(at=AT + DAY):
    """Everything that came is read and judged."""
    parsing.read_due(max(at, timezone.now()) + HOUR)
    pickups.judge_due(at)
    sweeps.run(at)


def booked(case, by):
    book(case, by)
    assert bookings.perform_due(AT) == 1
    return again(case)
