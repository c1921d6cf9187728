"""Signed messages that hold half a character: JSON can write it, the database can not."""

import json

import pytest
from django.utils import timezone

from logistics.messages import parsing
from logistics.models import CarrierMessage
from tests.logistics import telling
from tests.logistics.telling import aftership, kuaidi100, manual, push, send, shipment, track17

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
HALF = "\ud83d"
HALVES = {
    "kuaidi100": lambda: kuaidi100(json.dumps(push(f"SF1{HALF}", ("签收", "2026-03-10 12:00:00", f"已{HALF}签收")))),
    "17track": lambda: track17(json.dumps({"event": "TRACKING_STOPPED", "data": {"number": f"SF1{HALF}"}})),
    "aftership": lambda: aftership(
        json.dumps(shipment(f"SF1{HALF}", ("Delivered", "2026-03-10", f"ok{HALF}"), event_id=f"e1{HALF}"))
    ),
    "manual": lambda: manual(
        json.dumps(
            {"id": f"m1{HALF}", "scans": [{"waybill": f"SF1{HALF}", "status": "signed", "at": "2026-03-10T12:00:00"}]}
        )
    ),
}


@pytest.mark.parametrize("source", HALVES)
def test_half_a_character_in_a_signed_message_is_left_out(source, client):
    answer = send(client, source, HALVES[source]())

    assert answer.status_code == 200
    parsing.read_due(timezone.now())
    message = CarrierMessage.objects.get()
    assert message.last_error in ("", "No parcel has the waybill SF1.")


@pytest.mark.parametrize(("source", "message"), [("aftership", {"event_id": HALF, "ts": 1}), ("manual", {"id": HALF})])
def test_a_number_of_nothing_but_half_a_character_is_no_number(source, message, client):
    answer = send(client, source, getattr(telling, source)(json.dumps(message)))

    assert answer.status_code == 400
