"""The books of the bank: append-only, once per number, made anew when of another version."""

import sqlite3
from contextlib import closing

import pytest

from orders.gateways import sandbox
from orders.gateways.sandbox import bank, books
from tests.orders.gateways.refund_requests import D, refund_request


def test_reset_forgets_everything(gateway):
    gateway.send(refund_request())
    sandbox.set_balance("acme", D("1.00"))
    sandbox.set_fault("slow", "always")

    sandbox.reset()

    assert (sandbox.refund_rows(), sandbox.balances(), sandbox.faults()) == ([], {}, {})
    assert (sandbox.ledger_total(), sandbox.pull_notices()) == (0, [])


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount = 0", "DELETE FROM ledger"])
def test_the_ledger_is_append_only(gateway, statement):
    gateway.send(refund_request())

    with pytest.raises(sqlite3.IntegrityError, match="append-only"), books.transaction() as file:
        file.execute(statement)
    assert sandbox.ledger_total() == D("10.00")


def test_the_ledger_refuses_to_pay_a_number_twice(gateway):
    gateway.send(refund_request())

    with pytest.raises(sqlite3.IntegrityError), books.transaction() as file:
        bank._post(file, "refund", bank.find(file, "r-1"), 1000)


def test_a_store_of_another_version_is_made_anew(store, gateway):
    gateway.send(refund_request())
    with closing(sqlite3.connect(store)) as file:
        file.execute("PRAGMA user_version = 99")

    assert sandbox.refund_rows() == []
    assert gateway.send(refund_request()).outcome == "succeeded"
