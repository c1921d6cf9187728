"""Gateways: what an answer means, and a sandbox bank that pays once whatever breaks."""

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import override_settings

from orders import gateways
from orders.gateways import sandbox
from orders.gateways.base import (
    GatewayBroken,
    GatewayBusy,
    GatewayError,
    GatewayTimeout,
    RefundRequest,
    Reply,
    checked,
)
from orders.gateways.sandbox import bank, books, server

D = Decimal
FORK = multiprocessing.get_context("fork")
INDEFINITE = {
    "rate_limited": GatewayBusy,
    "error_500": GatewayBroken,
    "error_500_after_success": GatewayBroken,
    "timeout_after_success": GatewayTimeout,
    "empty_body": GatewayBroken,
    "garbage": GatewayBroken,
}


@pytest.fixture(autouse=True)
def store(tmp_path):
    with override_settings(SANDBOX_STORE=tmp_path / "bank" / "sandbox.sqlite3", SANDBOX_FAULTS={}):
        yield tmp_path / "bank" / "sandbox.sqlite3"


@pytest.fixture
def gateway():
    return gateways.get("sandbox")


def asking(number="r-1", amount="10.00", **changed):
    request = RefundRequest(number, "pay-1", D(amount), "CNY", D("100.00"), "acme")
    return replace(request, **changed)


def in_processes(count, work):
    """Run `work(n)` in that many forked processes at once; their exit codes."""
    workers = [FORK.Process(target=work, args=[n]) for n in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return [worker.exitcode for worker in workers]


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


# the registry and the words of an answer


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
        asking(amount=amount)


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
        gateway.send(asking())


@pytest.mark.parametrize(
    "body", [b'{"number": "r-1", "status": "NEWLY_INVENTED"}', b'{"number": "r-1", "status": ["SUCCESS"]}']
)
def test_a_status_never_heard_of_decides_nothing(gateway, monkeypatch, body):
    monkeypatch.setattr(server, "refund", lambda request: server.Response(200, body))

    assert gateway.send(asking()).outcome == "unknown"


# once per number, within what was captured


def test_a_refund_is_paid_and_told(gateway):
    reply = gateway.send(asking())

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
    first, second = gateway.send(asking()), gateway.send(asking())

    assert (second.outcome, second.code) == ("succeeded", "REPEAT")
    assert second.gateway_reference == first.gateway_reference
    assert sandbox.ledger_total() == D("10.00")
    assert sandbox.refund_rows()[0].attempts == 2


def test_control_a_new_number_per_try_pays_twice(gateway):
    gateway.send(asking("r-1"))
    gateway.send(asking("r-2"))

    assert sandbox.ledger_total() == D("20.00")


@pytest.mark.parametrize("changed", [{"amount": D("9.00")}, {"currency": "USD"}, {"payment_reference": "pay-2"}])
def test_another_refund_under_a_used_number_is_refused(gateway, changed):
    gateway.send(asking())

    reply = gateway.send(asking(**changed))

    assert (reply.outcome, reply.code) == ("unknown", "NUMBER_REUSED")
    assert sandbox.ledger_total() == D("10.00")


def test_peer_15_equal_refunds_with_their_own_numbers_are_different(gateway):
    assert [gateway.send(asking(f"r-{n}")).outcome for n in range(3)] == ["succeeded"] * 3
    assert sandbox.ledger_total() == D("30.00")


def test_no_payment_gives_back_more_than_it_captured(gateway):
    gateway.send(asking("r-1", "60.00"))

    above = gateway.send(asking("r-2", "40.01"))
    rest = gateway.send(asking("r-3", "40.00"))

    assert (above.outcome, above.code) == ("failed", "EXCEEDS_CAPTURED")
    assert rest.outcome == "succeeded"
    assert gateway.query("r-2").outcome == "not_found"


def test_an_accepted_refund_counts_against_what_was_captured(gateway):
    sandbox.set_fault("accepted_then_later", "1x")
    gateway.send(asking("r-1", "60.00"))

    assert gateway.send(asking("r-2", "60.00")).code == "EXCEEDS_CAPTURED"


def test_a_payment_is_refunded_in_its_own_currency_and_by_reference(gateway):
    gateway.send(asking())

    assert gateway.send(asking("r-2", currency="USD")).code == "CURRENCY_MISMATCH"
    assert gateway.send(asking("r-3", payment_reference="")).code == "PAYMENT_UNKNOWN"


def test_sums_of_two_currencies_are_never_added(gateway):
    gateway.send(asking())
    gateway.send(asking("r-2", "500", currency="JPY", payment_reference="pay-2", captured=D(900)))

    assert sandbox.ledger_totals() == {"CNY": D("10.00"), "JPY": D(500)}
    assert sandbox.ledger_total("JPY") == D(500)
    with pytest.raises(ValueError, match="CNY, JPY"):
        sandbox.ledger_total()


# the merchant's balance


def test_peer_03_declined_then_topped_up_then_paid_under_the_same_number(gateway):
    sandbox.set_balance("acme", D("4.00"))

    declined = gateway.send(asking())
    sandbox.top_up("acme", D("6.00"))
    asked = gateway.query("r-1")
    paid = gateway.send(asking())

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
    assert gateway.send(asking()).outcome == "succeeded"


# faults


@pytest.mark.parametrize("name", INDEFINITE)
def test_after_an_indefinite_answer_a_query_tells_and_a_repeat_pays_once(gateway, name):
    sandbox.set_fault(name, "1x")

    with pytest.raises(INDEFINITE[name]):
        gateway.send(asking())
    happened = gateway.query("r-1").outcome
    again = gateway.send(asking())

    assert happened == ("not_found" if name in ("rate_limited", "error_500") else "succeeded")
    assert again.outcome == "succeeded"
    assert sandbox.ledger_total() == D("10.00")
    assert_books_agree()


@pytest.mark.parametrize("name", ["rate_limited", "error_500", "empty_body", "garbage"])
def test_a_query_can_go_wrong_too(gateway, name):
    gateway.send(asking())
    sandbox.set_fault(name, "1x")

    with pytest.raises(INDEFINITE[name]):
        gateway.query("r-1")
    assert gateway.query("r-1").outcome == "succeeded"


def test_fault_decline(gateway):
    sandbox.set_fault("decline", "1x")

    assert [gateway.send(asking()).code for _try in range(2)] == ["NOT_ENOUGH", "SUCCESS"]


def test_fault_slow_is_waited_for_within_patience(gateway):
    sandbox.set_fault("slow", "always:0.05")
    began = time.monotonic()

    assert gateway.send(asking()).outcome == "succeeded"
    assert time.monotonic() - began >= 0.05


def test_fault_slow_beyond_patience_is_a_timeout_with_the_refund_made(gateway):
    sandbox.set_fault("slow", "1x:60")

    with override_settings(GATEWAY_TIMEOUT_SECONDS=0.01), pytest.raises(GatewayTimeout):
        gateway.send(asking())
    assert gateway.query("r-1").outcome == "succeeded"


def test_fault_duplicate_notice_is_one_event_told_twice(gateway):
    sandbox.set_fault("duplicate_notice", "1x")
    gateway.send(asking())

    first, second = sandbox.pull_notices()

    assert first.event_id == second.event_id
    assert first.id != second.id
    assert sandbox.ledger_total() == D("10.00")


def test_a_notice_comes_again_until_it_is_acknowledged(gateway):
    gateway.send(asking())

    assert sandbox.pull_notices() == sandbox.pull_notices() != []
    sandbox.acknowledge_notices([notice.id for notice in sandbox.pull_notices()])
    assert sandbox.pull_notices() == []


def test_fault_late_reversal_comes_after_the_success_was_told(gateway):
    sandbox.set_balance("acme", D("10.00"))
    sandbox.set_fault("late_reversal", "1x")

    assert gateway.send(asking()).outcome == "succeeded"
    told = sandbox.pull_notices()
    sandbox.acknowledge_notices([notice.id for notice in told])
    later = sandbox.pull_notices()

    assert [notice.kind for notice in told + later] == ["succeeded", "reversed"]
    assert gateway.query("r-1").outcome == "reversed"
    assert gateway.send(asking()).outcome == "reversed"
    assert sandbox.ledger_total() == 0
    assert sandbox.balances() == {("acme", "CNY"): D("10.00")}


def test_only_a_paid_refund_is_reversed_and_once(gateway):
    gateway.send(asking())
    sandbox.reverse("r-1")

    for number in ("r-1", "r-2"):
        with pytest.raises(LookupError):
            sandbox.reverse(number)
    assert sandbox.ledger_total() == 0


def test_fault_accepted_then_later(gateway):
    sandbox.set_fault("accepted_then_later", "1x:3")

    outcomes = [gateway.send(asking()).outcome, *(gateway.query("r-1").outcome for _question in range(4))]

    assert outcomes == ["accepted", "accepted", "accepted", "succeeded", "succeeded"]
    assert sandbox.ledger_total() == D("10.00")
    assert len(sandbox.pull_notices()) == 1


def test_fault_accepted_then_failed_gives_the_balance_back(gateway):
    sandbox.set_balance("acme", D("10.00"))
    sandbox.set_fault("accepted_then_failed", "1x:1")

    assert gateway.send(asking()).outcome == "accepted"
    assert sandbox.balances() == {("acme", "CNY"): D("0.00")}
    assert [gateway.query("r-1").outcome, gateway.send(asking()).outcome] == ["failed", "failed"]
    assert sandbox.balances() == {("acme", "CNY"): D("10.00")}
    assert sandbox.ledger_total() == 0


def test_fault_wrong_amount_decides_nothing(gateway):
    sandbox.set_fault("wrong_amount", "1x")

    reply = gateway.send(asking())

    assert (reply.outcome, reply.code) == ("unknown", "WRONG_AMOUNT")
    assert gateway.query("r-1").amount == D("10.00")


def test_every_fault_has_its_test():
    tested = {*INDEFINITE, "decline", "slow", "duplicate_notice", "late_reversal"}
    tested |= {"accepted_then_later", "accepted_then_failed", "wrong_amount"}

    assert set(sandbox.FAULTS) == tested


# switching faults


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
            gateway.send(asking())
        assert sandbox.faults() == left
    assert gateway.send(asking()).outcome == "succeeded"


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
            gateway.send(asking())
        assert gateway.send(asking()).outcome == "succeeded"
    with override_settings(SANDBOX_FAULTS={"error_500": "always"}):
        assert sandbox.faults() == {"error_500": "always"}
        sandbox.clear_faults()
        assert gateway.query("r-1").outcome == "succeeded"
    assert sandbox.faults() == {}


def test_reset_forgets_everything(gateway):
    gateway.send(asking())
    sandbox.set_balance("acme", D("1.00"))
    sandbox.set_fault("slow", "always")

    sandbox.reset()

    assert (sandbox.refund_rows(), sandbox.balances(), sandbox.faults()) == ([], {}, {})
    assert (sandbox.ledger_total(), sandbox.pull_notices()) == (0, [])


# the books


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount = 0", "DELETE FROM ledger"])
def test_the_ledger_is_append_only(gateway, statement):
    gateway.send(asking())

    with pytest.raises(sqlite3.IntegrityError, match="append-only"), books.transaction() as file:
        file.execute(statement)
    assert sandbox.ledger_total() == D("10.00")


def test_the_ledger_refuses_to_pay_a_number_twice(gateway):
    gateway.send(asking())

    with pytest.raises(sqlite3.IntegrityError), books.transaction() as file:
        bank._post(file, "refund", bank.find(file, "r-1"), 1000)


def test_a_store_of_another_version_is_made_anew(store, gateway):
    gateway.send(asking())
    with closing(sqlite3.connect(store)) as file:
        file.execute("PRAGMA user_version = 99")

    assert sandbox.refund_rows() == []
    assert gateway.send(asking()).outcome == "succeeded"


# threads, processes, sudden death


def test_one_number_from_many_threads_is_paid_once(gateway):
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _n: gateway.send(asking()), range(40)))

    assert sorted(reply.code for reply in replies) == ["REPEAT"] * 39 + ["SUCCESS"]
    assert sandbox.ledger_total() == D("10.00")


def test_the_same_numbers_from_many_processes_are_paid_once(gateway):
    def work(_n):
        for number in random.sample(range(20), 20):
            gateway.send(asking(f"r-{number}", "1.00"))

    assert in_processes(4, work) == [0] * 4
    assert sandbox.ledger_total() == D("20.00")
    assert {row.attempts for row in sandbox.refund_rows()} == {4}
    assert_books_agree()


@contextmanager
def unlocked():
    with closing(books._open()) as file:
        yield file


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control_unlocked"])
def test_processes_never_pay_above_what_was_captured(gateway, monkeypatch, locked):
    sandbox.reset()
    refusal = bank._refusal
    monkeypatch.setattr(bank, "_refusal", lambda *asked: (refusal(*asked), time.sleep(0.02))[0])
    if not locked:
        monkeypatch.setattr(books, "transaction", unlocked)

    codes = in_processes(8, lambda n: [gateway.send(asking(f"r-{n}-{k}", "10.00")) for k in range(3)])

    assert codes == [0] * 8
    if locked:
        assert sandbox.ledger_total() == D("100.00")
    else:
        assert sandbox.ledger_total() > D("100.00")


def die_at(statement):
    """Kill this process without warning when its books are about to run their so-manieth statement."""
    opened, count = books._open, iter(range(1, 10_000))

    def trace(_sql):
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced():
        file = opened()
        file.set_trace_callback(trace)
        return file

    books._open = traced


def test_death_at_any_statement_leaves_whole_refunds(gateway):
    sandbox.set_balance("acme", D("100.00"))
    deaths = 0

    for statement in range(1, 100):
        number = f"r-{statement}"

        def work(_n, statement=statement, number=number):
            die_at(statement)
            gateway.send(asking(number, "1.00"))

        died = in_processes(1, work) == [-signal.SIGKILL]
        deaths += died
        assert_books_agree()
        assert gateway.send(asking(number, "1.00")).outcome == "succeeded"
        assert sandbox.ledger_total() == D(statement)
        assert sandbox.balances()["acme", "CNY"] == 100 - D(statement)
        if not died:
            break

    assert deaths >= 10


def test_death_while_the_store_is_made_leaves_one_that_works(store, gateway):
    for statement in range(1, 60):
        for part in store.parent.glob("*"):
            part.unlink()

        def work(_n, statement=statement):
            connect = sqlite3.connect
            count = iter(range(1, 10_000))

            def trace(_sql):
                if next(count) == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            def traced(*args, **options):
                file = connect(*args, **options)
                file.set_trace_callback(trace)
                return file

            sqlite3.connect = traced
            gateway.send(asking())

        died = in_processes(1, work) == [-signal.SIGKILL]
        assert gateway.send(asking()).outcome == "succeeded"
        assert sandbox.ledger_total() == D("10.00")
        if not died:
            break

    assert statement > 20


def test_death_at_any_moment_loses_and_doubles_nothing(gateway):
    rng = random.Random(7)
    numbers = [f"r-{n}" for n in range(100)]

    def work(_n):
        for number in numbers:
            gateway.send(asking(number, "1.00"))

    for _death in range(10):
        worker = FORK.Process(target=work, args=[0])
        worker.start()
        time.sleep(rng.uniform(0.01, 0.06))
        worker.kill()
        worker.join()
        assert_books_agree()
    work(0)

    assert sandbox.ledger_total() == D("100.00")
    assert_books_agree()


def test_bad_replies_of_every_kind_end_with_each_refund_paid_once(gateway):
    for name in (*INDEFINITE, "decline", "wrong_amount", "accepted_then_later", "duplicate_notice"):
        sandbox.set_fault(name, "9%")
    numbers = [f"r-{n}" for n in range(100)]

    for number in numbers:
        paid = False
        while not paid:
            try:
                known = gateway.query(number)
                reply = known if known.outcome != "not_found" else gateway.send(asking(number, "1.00"))
            except GatewayError:
                continue
            paid = reply.outcome == "succeeded"

    assert sandbox.ledger_total() == D("100.00")
    assert_books_agree()
