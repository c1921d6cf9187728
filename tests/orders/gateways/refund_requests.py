"""Requests to the sandbox bank, and its books held against each other."""

from dataclasses import replace
from decimal import Decimal

from orders.gateways.base import (
    GatewayBroken,
    GatewayBusy,
    GatewayTimeout,
    RefundRequest,
)
from orders.gateways.sandbox import books

D = Decimal


INDEFINITE = {
    "rate_limited": GatewayBusy,
    "error_500": GatewayBroken,
    "error_500_after_success": GatewayBroken,
    "timeout_after_success": GatewayTimeout,
    "empty_body": GatewayBroken,
    "garbage": GatewayBroken,
}


def refund_request(number="r-1", amount="10.00", **changed):
    request = RefundRequest(number, "pay-1", D(amount), "CNY", D("100.00"), "acme")
    return replace(request, **changed)


def assert_books_agree():
    """Every paid refund has its entry and its notice, and no other has; the file is whole."""
    with books.transaction() as file:
        paid = {row[0]: row[1] for row in file.execute("SELECT number, amount FROM refund WHERE status = 'succeeded'")}
        entries = file.execute("SELECT number, amount FROM ledger WHERE kind = 'refund'").fetchall()
        told = {row[0] for row in file.execute("SELECT number FROM notice WHERE kind = 'succeeded'")}
        waiting = file.execute("SELECT COUNT(*) FROM refund WHERE status = 'accepted'").fetchone()[0]
        whole = file.execute("PRAGMA integrity_check").fetchone()[0]
    assert whole == "ok"
    assert sorted(paid.items()) == sorted(tuple(entry) for entry in entries)
    assert told == set(paid)
    assert waiting == 0
