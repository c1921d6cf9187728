"""What comes over the wire is read as warily as from a real provider."""

from dataclasses import replace

import pytest
from django.test import override_settings

from orders import gateways
from orders.gateways import sandbox
from orders.gateways.base import (
    GatewayBroken,
    Reply,
    checked,
)
from orders.gateways.sandbox import server
from tests.orders.gateways.refund_requests import D, refund_request


def test_a_gateway_is_found_by_its_name(gateway):
    assert gateway.name == "sandbox"
    assert gateways.names() == ["sandbox"]
    with pytest.raises(gateways.UnknownGateway):
        gateways.get("paypal")


def test_gateways_are_configured_by_name():
    with override_settings(GATEWAYS={"second": "orders.gateways.sandbox.Sandbox"}):
        assert gateways.names() == ["sandbox", "second"]
        assert isinstance(gateways.get("second"), sandbox.Sandbox)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN"])
def test_a_request_for_no_real_sum_is_never_made(amount):
    with pytest.raises(ValueError):
        refund_request(amount=amount)


@pytest.mark.parametrize(("amount", "currency"), [("10.01", "CNY"), ("10.00", "USD"), ("10.00", "")])
def test_an_answer_about_another_sum_decides_nothing(amount, currency):
    reply = Reply("succeeded", amount=D(amount), currency=currency)

    assert checked(reply, D("10.00"), "CNY").outcome == "unknown"
    assert checked(replace(reply, amount=D("10.0"), currency="CNY"), D("10.00"), "CNY").outcome == "succeeded"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'"SUCCESS"'),
        (200, b"null"),
        (200, b"\xff\xfe"),
        (200, b'{"status": "SUCCESS"}'),
        (200, b'{"number": "r-2", "status": "SUCCESS"}'),
        (200, b'{"number": "r-1", "status": "SUCCESS"}'),
        (200, b'{"number": "r-1", "status": "SUCCESS", "amount": "ten"}'),
        (204, b""),
        (500, b'{"number": "r-1", "status": "SUCCESS"}'),
        (502, b"<html>"),
        (429, b""),
    ],
)
def test_an_answer_that_cannot_be_read_is_indefinite(gateway, monkeypatch, status, body):
    monkeypatch.setattr(server, "refund", lambda request: server.Response(status, body))

    with pytest.raises(GatewayBroken):
        gateway.send(refund_request())


@pytest.mark.parametrize(
    "body", [b'{"number": "r-1", "status": "NEWLY_INVENTED"}', b'{"number": "r-1", "status": ["SUCCESS"]}']
)
def test_a_status_never_heard_of_decides_nothing(gateway, monkeypatch, body):
    monkeypatch.setattr(server, "refund", lambda request: server.Response(200, body))

    assert gateway.send(refund_request()).outcome == "unknown"
