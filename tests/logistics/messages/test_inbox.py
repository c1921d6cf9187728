"""The door for carriers' messages: who signs is believed, bad ones get a clear answer, one INSERT and no other work."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from logistics import views
from logistics.models import CarrierMessage
from tests.logistics import telling
from tests.logistics.telling import GONE, NEW, OLD, aftership, kuaidi100, manual, push, send, shipment, track17

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
PUSH = push("SF1", ("签收", "2026-03-10 12:00:00", "已签收"))
SIGNED = {
    "kuaidi100": lambda secret: kuaidi100(PUSH, secret),
    "17track": lambda secret: track17({"event": "TRACKING_UPDATED", "data": {"number": "SF1"}}, secret),
    "aftership": lambda secret: aftership(shipment("SF1"), secret),
    "manual": lambda secret: manual({"id": "m1", "scans": []}, secret),
}
LIVE = {"17track": telling.KEY}


def unsigned(source):
    body, content_type, _headers = SIGNED[source](NEW)
    return (body.partition(b"&sign")[0] if source == "kuaidi100" else body), content_type, {}


@pytest.mark.parametrize("source", SIGNED)
def test_a_signed_message_is_kept_as_it_came_with_one_insert(source, client):
    signed = SIGNED[source](LIVE.get(source, NEW))

    with CaptureQueriesContext(connection) as asked:
        answer = send(client, source, signed)

    assert answer.status_code == 200
    (only,) = asked
    assert only["sql"].strip().startswith("INSERT INTO logistics_carriermessage")
    message = CarrierMessage.objects.get()
    assert (message.source, message.account, message.status) == (source, "default", "new")


@pytest.mark.parametrize("source", sorted(SIGNED.keys() - LIVE.keys()))
def test_the_former_secret_is_valid_until_it_is_removed(source, client):
    assert send(client, source, SIGNED[source](OLD)).status_code == 200
    assert send(client, source, SIGNED[source](GONE)).status_code == 401


@pytest.mark.parametrize("source", SIGNED)
def test_without_a_signature_or_with_a_wrong_one_nothing_is_kept(source, client):
    none, wrong = send(client, source, unsigned(source)), send(client, source, SIGNED[source](GONE))

    assert (none.status_code, wrong.status_code) == (401, 401)
    assert b"not signed" in none.content and b"does not fit" in wrong.content
    assert not CarrierMessage.objects.exists()


@pytest.mark.parametrize("source", SIGNED)
def test_a_changed_body_does_not_fit_its_signature(source, client):
    body, content_type, headers = SIGNED[source](LIVE.get(source, NEW))

    answer = send(client, source, (body.replace(b"SF1", b"SF2").replace(b"m1", b"m2"), content_type, headers))

    assert answer.status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signed_time_that_is_not_about_now_is_refused(client, minutes):
    sent = timezone.now() + timedelta(minutes=minutes)

    answers = [
        send(client, "aftership", aftership(shipment("SF1", sent=sent))),
        send(client, "manual", manual({"id": "m1", "scans": []}, ago=-timedelta(minutes=minutes))),
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert all(b"too old, or from the future" in answer.content for answer in answers)


def test_the_captured_webhook_is_taken_at_its_time_and_known_later(client, tracking):
    body = (tracking / "aftership/webhook_tracking_update_ASSEMBLED.json").read_bytes()

    never = send(client, "aftership", aftership(body))
    with time_machine.travel(datetime.fromtimestamp(1609577574, UTC)):
        taken = send(client, "aftership", aftership(body))
    later = send(client, "aftership", aftership(body))

    assert (never.status_code, taken.status_code, later.status_code) == (401, 200, 200)
    assert b"Known" in later.content
    assert bytes(CarrierMessage.objects.get().raw) == body


@pytest.mark.parametrize("source", SIGNED)
def test_a_replay_is_acknowledged_and_kept_once(source, client):
    signed = SIGNED[source](LIVE.get(source, NEW))

    answers = [send(client, source, signed).status_code for _time in range(3)]

    assert answers == [200, 200, 200]
    assert CarrierMessage.objects.count() == 1


@pytest.mark.parametrize("source", ["aftership", "manual"])
def test_the_same_number_with_another_body_is_refused(client, source):
    bodies = {
        "aftership": lambda: [aftership(shipment("SF1")), aftership(shipment("SF2"))],
        "manual": lambda: [manual({"id": "m1", "scans": []}), manual({"id": "m1", "scans": [{}]})],
    }
    first, other = bodies[source]()

    answers = [send(client, source, signed).status_code for signed in (first, other, first)]

    assert answers == [200, 409, 200]
    assert CarrierMessage.objects.count() == 1


def test_accounts_do_not_take_numbers_from_each_other(client, settings):
    own = {"secrets": [GONE], "key": "k"}
    settings.CARRIERS = json.dumps({"aftership": {"default": own, "shop": own}})

    for account in ("default", "shop"):
        assert send(client, "aftership", aftership(shipment("SF1"), GONE), account).status_code == 200

    assert CarrierMessage.objects.count() == 2


NONSENSE = [b"", b"not json", b"[]", b"7", b"\xff\xfe", b"[" * 50_000, b'{"event_id": ""}']
NONSENSE += [b'{"event_id": "1", "ts": "x"}', b'{"event_id": "1", "ts": 1e300}', b'{"event_id": "1", "ts": -1}']


@pytest.mark.parametrize("body", NONSENSE)
def test_signed_nonsense_gets_a_clear_answer(client, body):
    answer = send(client, "aftership", aftership(body))

    assert answer.status_code == 400
    assert answer.content.startswith(b"The message ")


@pytest.mark.parametrize("body", [b"", b"\xff", b"param", b"&" * 500, b"sign=x&sign=y", b"param=%ff%fe&sign=%00"])
def test_a_body_that_is_no_form_gets_a_clear_answer(client, body):
    answer = send(client, "kuaidi100", (body, "application/x-www-form-urlencoded", {}))

    assert answer.status_code == 401
    assert answer.json()["result"] is False


@pytest.mark.parametrize("header", ["", "v1", "t=,v1=", "t=abc,v1=é", "t=9999999999999,v1=0", ",,,", "=="])
def test_a_malformed_signature_gets_a_clear_answer(client, header):
    body, content_type, _headers = manual({"id": "m1", "scans": []})

    assert send(client, "manual", (body, content_type, {"x-desk-signature": header})).status_code == 401


@pytest.mark.parametrize("sent", ["", "abc", "99999999999999999999", "-5"])
def test_a_malformed_signed_time_is_refused(client, sent):
    body = b'{"id": "m1", "scans": []}'
    sign = hmac.new(NEW.encode(), sent.encode() + b"." + body, hashlib.sha256).hexdigest()

    answer = send(client, "manual", (body, "application/json", {"x-desk-signature": f"t={sent},v1={sign}"}))

    assert answer.status_code == 401


def test_a_huge_message_is_refused_before_it_is_read(client, monkeypatch):
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", lambda *_a: pytest.fail("it was read"))

    answer = send(client, "aftership", aftership(b"x" * (views.LIMIT + 1)))

    assert answer.status_code == 413


def test_a_large_message_within_the_limit_is_taken(client):
    message = shipment("SF1", note="x" * (views.LIMIT - 1000))

    assert send(client, "aftership", aftership(message)).status_code == 200


def test_an_unknown_address_and_a_get_are_refused(client):
    signed = kuaidi100(PUSH)

    assert send(client, "kuaidi100", signed, account="nobody").status_code == 404
    assert send(client, "nobody", signed).status_code == 404
    assert client.get("/carriers/kuaidi100/default/").status_code == 405


def test_a_message_in_the_name_of_sf_is_refused(client):
    answer = send(client, "sf", kuaidi100(PUSH))

    assert (answer.status_code, answer.json()["return_code"]) == (401, "1000")


def test_a_message_needs_no_cookie_and_no_token_and_gets_none():
    client = Client(enforce_csrf_checks=True)

    answer = send(client, "kuaidi100", kuaidi100(PUSH))

    assert answer.json() == {"result": True, "returnCode": "200", "message": "成功"}
    assert not answer.cookies


def test_a_signature_is_compared_with_every_live_secret(client, monkeypatch):
    compared = []
    true = hmac.compare_digest
    monkeypatch.setattr("hmac.compare_digest", lambda one, other: compared.append(one) or true(one, other))

    send(client, "aftership", aftership(shipment("SF1"), NEW))
    first = len(compared)
    send(client, "aftership", aftership(shipment("SF1"), GONE))

    assert (first, len(compared)) == (2, 4)


def test_the_raw_bytes_are_signed_not_what_they_mean(client):
    message = shipment("SF1")
    spaced = json.dumps(message, indent=2).encode()
    sign = base64.b64encode(hmac.new(NEW.encode(), json.dumps(message).encode(), hashlib.sha256).digest()).decode()

    answer = send(client, "aftership", (spaced, "application/json", {"aftership-hmac-sha256": sign}))

    assert answer.status_code == 401
