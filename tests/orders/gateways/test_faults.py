"""Every fault that can be switched on: what it does, how it is written, when it is used up."""

import time

import pytest
from django.test import override_settings

from orders.gateways import sandbox
from orders.gateways.base import (
    GatewayBroken,
    GatewayBusy,
    GatewayTimeout,
)
from tests.orders.gateways.refund_requests import INDEFINITE, D, assert_books_agree, refund_request


@pytest.mark.parametrize("name", INDEFINITE)
def test_after_an_indefinite_answer_a_query_tells_and_a_repeat_pays_once(gateway, name):
    sandbox.set_fault(name, "1x")

    with pytest.raises(INDEFINITE[name]):
        gateway.send(refund_request())
    happened = gateway.query("r-1").outcome
    again = gateway.send(refund_request())

    assert happened == ("not_found" if name in ("rate_limited", "error_500") else "succeeded")
    assert again.outcome == "succeeded"
    assert sandbox.ledger_total() == D("10.00")
    assert_books_agree()


@pytest.mark.parametrize("name", ["rate_limited", "error_500", "empty_body", "garbage"])
def test_a_query_can_end_in_an_indefinite_answer_too(gateway, name):
    gateway.send(refund_request())
    sandbox.set_fault(name, "1x")

    with pytest.raises(INDEFINITE[name]):
        gateway.query("r-1")
    assert gateway.query("r-1").outcome == "succeeded"


def test_fault_decline(gateway):
    sandbox.set_fault("decline", "1x")

    assert [gateway.send(refund_request()).code for _try in range(2)] == ["NOT_ENOUGH", "SUCCESS"]


def test_fault_slow_is_waited_for_within_patience(gateway):
    sandbox.set_fault("slow", "always:0.05")
    began = time.monotonic()

    assert gateway.send(refund_request()).outcome == "succeeded"
    assert time.monotonic() - began >= 0.05


def test_fault_slow_beyond_patience_is_a_timeout_with_the_refund_made(gateway):
    sandbox.set_fault("slow", "1x:60")

    with override_settings(GATEWAY_TIMEOUT_SECONDS=0.01), pytest.raises(GatewayTimeout):
        gateway.send(refund_request())
    assert gateway.query("r-1").outcome == "succeeded"


def test_fault_duplicate_notice_is_one_event_told_twice(gateway):
    sandbox.set_fault("duplicate_notice", "1x")
    gateway.send(refund_request())

    first, second = sandbox.pull_notices()

    assert first.event_id == second.event_id
    assert first.id != second.id
    assert sandbox.ledger_total() == D("10.00")


def test_a_notice_comes_again_until_it_is_acknowledged(gateway):
    gateway.send(refund_request())

    assert sandbox.pull_notices() == sandbox.pull_notices() != []
    sandbox.acknowledge_notices([notice.id for notice in sandbox.pull_notices()])
    assert sandbox.pull_notices() == []


def test_fault_late_reversal_comes_after_the_success_was_told(gateway):
    sandbox.set_balance("acme", D("10.00"))
    sandbox.set_fault("late_reversal", "1x")

    assert gateway.send(refund_request()).outcome == "succeeded"
    told = sandbox.pull_notices()
    sandbox.acknowledge_notices([notice.id for notice in told])
    later = sandbox.pull_notices()

    assert [notice.kind for notice in told + later] == ["succeeded", "reversed"]
    assert gateway.query("r-1").outcome == "reversed"
    assert gateway.send(refund_request()).outcome == "reversed"
    assert sandbox.ledger_total() == 0
    assert sandbox.balances() == {("acme", "CNY"): D("10.00")}


def test_only_a_paid_refund_is_reversed_and_once(gateway):
    gateway.send(refund_request())
    sandbox.reverse("r-1")

    for number in ("r-1", "r-2"):
        with pytest.raises(LookupError):
            sandbox.reverse(number)
    assert sandbox.ledger_total() == 0


def test_fault_accepted_then_later(gateway):
    sandbox.set_fault("accepted_then_later", "1x:3")

    outcomes = [gateway.send(refund_request()).outcome, *(gateway.query("r-1").outcome for _question in range(4))]

    assert outcomes == ["accepted", "accepted", "accepted", "succeeded", "succeeded"]
    assert sandbox.ledger_total() == D("10.00")
    assert len(sandbox.pull_notices()) == 1


def test_fault_accepted_then_failed_gives_the_balance_back(gateway):
    sandbox.set_balance("acme", D("10.00"))
    sandbox.set_fault("accepted_then_failed", "1x:1")

    assert gateway.send(refund_request()).outcome == "accepted"
    assert sandbox.balances() == {("acme", "CNY"): D("0.00")}
    assert [gateway.query("r-1").outcome, gateway.send(refund_request()).outcome] == ["failed", "failed"]
    assert sandbox.balances() == {("acme", "CNY"): D("10.00")}
    assert sandbox.ledger_total() == 0


def test_fault_wrong_amount_decides_nothing(gateway):
    sandbox.set_fault("wrong_amount", "1x")

    reply = gateway.send(refund_request())

    assert (reply.outcome, reply.code) == ("unknown", "WRONG_AMOUNT")
    assert gateway.query("r-1").amount == D("10.00")


def test_every_fault_has_its_test():
    tested = {*INDEFINITE, "decline", "slow", "duplicate_notice", "late_reversal"}
    tested |= {"accepted_then_later", "accepted_then_failed", "wrong_amount"}

    assert set(sandbox.FAULTS) == tested


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("always", "always"),
        (True, "always"),
        ("5%", "5%"),
        (0.05, "5%"),
        ("3x", "3x"),
        (3, "3x"),
        (" 2x:0.5 ", "2x:0.5"),
    ],
)
def test_faults_are_written_as_they_are_read(value, written):
    sandbox.set_fault("slow", value)

    assert sandbox.faults() == {"slow": written}


@pytest.mark.parametrize("value", ["", "sometimes", "-1x", "101%", "1e9x", "3x:", -1, float("nan"), "5% 3x"])
def test_a_fault_value_that_cannot_be_read_is_refused(value):
    with pytest.raises(sandbox.BadFault, match="always"):
        sandbox.set_fault("slow", value)
    assert sandbox.faults() == {}


def test_a_fault_that_does_not_exist_is_refused():
    with pytest.raises(sandbox.BadFault, match="earthquake"):
        sandbox.set_fault("earthquake", "always")


def test_counted_faults_are_used_up(gateway):
    sandbox.set_fault("error_500", "2x")

    for left in ({"error_500": "1x"}, {}):
        with pytest.raises(GatewayBroken):
            gateway.send(refund_request())
        assert sandbox.faults() == left
    assert gateway.send(refund_request()).outcome == "succeeded"


def test_a_share_of_calls_fails(gateway):
    sandbox.set_fault("rate_limited", "30%")
    failures = 0

    for n in range(300):
        try:
            gateway.query(f"r-{n}")
        except GatewayBusy:
            failures += 1

    assert 40 < failures < 150


def test_faults_come_from_settings_until_switched_off_by_hand(gateway):
    with override_settings(SANDBOX_FAULTS={"error_500": "1x", "slow": 0.0}):
        assert sandbox.faults() == {"error_500": "1x"}
        with pytest.raises(GatewayBroken):
            gateway.send(refund_request())
        assert gateway.send(refund_request()).outcome == "succeeded"
    with override_settings(SANDBOX_FAULTS={"error_500": "always"}):
        assert sandbox.faults() == {"error_500": "always"}
        sandbox.clear_faults()
        assert gateway.query("r-1").outcome == "succeeded"
    assert sandbox.faults() == {}
