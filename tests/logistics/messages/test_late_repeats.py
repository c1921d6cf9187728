"""Sources repeat for hours what they heard no answer to, and sign the first time: what is known stays known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from logistics.models import CarrierMessage
from tests.logistics.messages.test_inbox import LIVE, SIGNED
from tests.logistics.telling import NEW, aftership, send, shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]


@pytest.mark.parametrize("source", SIGNED)
@pytest.mark.parametrize("hours", [0.2, 9, 40])
def test_a_repeat_is_known_however_late_it_comes(source, hours, client, time_machine):
    signed = SIGNED[source](LIVE.get(source, NEW))
    send(client, source, signed)
    time_machine.move_to(timezone.now() + timedelta(hours=hours))

    again = send(client, source, signed)

    assert again.status_code == 200
    assert CarrierMessage.objects.count() == 1


@pytest.mark.parametrize("hours", [-1, 9])
def test_an_old_time_under_a_known_number_carries_no_other_body(hours, client):
    sent = timezone.now() + timedelta(hours=hours)
    send(client, "aftership", aftership(shipment("SF1")))

    other = send(client, "aftership", aftership(shipment("SF2", sent=sent)))
    unsigned_repeat = send(client, "aftership", (aftership(shipment("SF1"))[0], "application/json", {}))

    assert (other.status_code, unsigned_repeat.status_code) == (401, 401)
    assert CarrierMessage.objects.count() == 1
