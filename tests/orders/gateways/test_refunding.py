"""The sandbox bank pays once per number, within what was captured and what a merchant has."""

import pytest

from orders.gateways import sandbox
from tests.orders.gateways.refund_requests import D, refund_request


def test_a_refund_is_paid_and_told(gateway):
    reply = gateway.send(refund_request())

    assert (reply.outcome, reply.code, reply.amount, reply.currency) == ("succeeded", "SUCCESS", D("10.00"), "CNY")
    assert reply.gateway_reference
    assert gateway.query("r-1").outcome == "succeeded"
    assert sandbox.ledger_total() == D("10.00")
    [notice] = sandbox.pull_notices()
    assert (notice.number, notice.kind, notice.amount, notice.merchant) == ("r-1", "succeeded", D("10.00"), "acme")
    [row] = sandbox.refund_rows(["r-1", "r-2"])
    assert (row.status, row.amount, row.attempts) == ("succeeded", D("10.00"), 1)


def test_a_number_never_sent_is_not_found(gateway):
    assert gateway.query("r-9").outcome == "not_found"


def test_peer_02_a_repeated_number_pays_once(gateway):
    first, second = gateway.send(refund_request()), gateway.send(refund_request())

    assert (second.outcome, second.code) == ("succeeded", "REPEAT")
    assert second.gateway_reference == first.gateway_reference
    assert sandbox.ledger_total() == D("10.00")
    assert sandbox.refund_rows()[0].attempts == 2


def test_control_a_new_number_per_try_pays_twice(gateway):
    gateway.send(refund_request("r-1"))
    gateway.send(refund_request("r-2"))

    assert sandbox.ledger_total() == D("20.00")


@pytest.mark.parametrize("changed", [{"amount": D("9.00")}, {"currency": "USD"}, {"payment_reference": "pay-2"}])
def test_another_refund_under_a_used_number_is_refused(gateway, changed):
    gateway.send(refund_request())

    reply = gateway.send(refund_request(**changed))

    assert (reply.outcome, reply.code) == ("unknown", "NUMBER_REUSED")
    assert sandbox.ledger_total() == D("10.00")


def test_peer_15_equal_refunds_with_their_own_numbers_are_different(gateway):
    assert [gateway.send(refund_request(f"r-{n}")).outcome for n in range(3)] == ["succeeded"] * 3
    assert sandbox.ledger_total() == D("30.00")


def test_no_payment_gives_back_more_than_it_captured(gateway):
    gateway.send(refund_request("r-1", "60.00"))

    above = gateway.send(refund_request("r-2", "40.01"))
    rest = gateway.send(refund_request("r-3", "40.00"))

    assert (above.outcome, above.code) == ("failed", "EXCEEDS_CAPTURED")
    assert rest.outcome == "succeeded"
    assert gateway.query("r-2").outcome == "not_found"


def test_an_accepted_refund_counts_against_what_was_captured(gateway):
    sandbox.set_fault("accepted_then_later", "1x")
    gateway.send(refund_request("r-1", "60.00"))

    assert gateway.send(refund_request("r-2", "60.00")).code == "EXCEEDS_CAPTURED"


def test_a_payment_is_refunded_in_its_own_currency_and_by_reference(gateway):
    gateway.send(refund_request())

    assert gateway.send(refund_request("r-2", currency="USD")).code == "CURRENCY_MISMATCH"
    assert gateway.send(refund_request("r-3", payment_reference="")).code == "PAYMENT_UNKNOWN"


def test_sums_of_two_currencies_are_never_added(gateway):
    gateway.send(refund_request())
    gateway.send(refund_request("r-2", "500", currency="JPY", payment_reference="pay-2", captured=D(900)))

    assert sandbox.ledger_totals() == {"CNY": D("10.00"), "JPY": D(500)}
    assert sandbox.ledger_total("JPY") == D(500)
    with pytest.raises(ValueError, match="CNY, JPY"):
        sandbox.ledger_total()


def test_peer_03_declined_then_topped_up_then_paid_under_the_same_number(gateway):
    sandbox.set_balance("acme", D("4.00"))

    declined = gateway.send(refund_request())
    sandbox.top_up("acme", D("6.00"))
    asked = gateway.query("r-1")
    paid = gateway.send(refund_request())

    assert (declined.outcome, declined.code) == ("failed", "NOT_ENOUGH")
    assert asked.outcome == "not_found"
    assert paid.outcome == "succeeded"
    assert sandbox.balances() == {("acme", "CNY"): D("0.00")}
    assert sandbox.ledger_total() == D("10.00")


def test_a_limit_can_be_taken_away(gateway):
    sandbox.set_balance("acme", D(0))
    sandbox.set_balance("acme", None)
    sandbox.top_up("acme", D("5.00"))

    assert sandbox.balances() == {}
    assert gateway.send(refund_request()).outcome == "succeeded"
