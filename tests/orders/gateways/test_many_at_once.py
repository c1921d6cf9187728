"""Threads, processes and sudden deaths: each number is paid once, never more than was captured."""

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import pytest

from orders.gateways import sandbox
from orders.gateways.base import (
    GatewayError,
)
from orders.gateways.sandbox import bank, books
from tests.orders.gateways.refund_requests import INDEFINITE, D, assert_books_agree, refund_request

FORK = multiprocessing.get_context("fork")


def in_processes(count, work):
    """Run `work(n)` in that many forked processes at once; their exit codes."""
    workers = [FORK.Process(target=work, args=[n]) for n in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return [worker.exitcode for worker in workers]


@contextmanager
def unlocked():
    with closing(books._open()) as file:
        yield file


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


def test_one_number_from_many_threads_is_paid_once(gateway):
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _n: gateway.send(refund_request()), range(40)))

    assert sorted(reply.code for reply in replies) == ["REPEAT"] * 39 + ["SUCCESS"]
    assert sandbox.ledger_total() == D("10.00")


def test_the_same_numbers_from_many_processes_are_paid_once(gateway):
    def work(_n):
        for number in random.sample(range(20), 20):
            gateway.send(refund_request(f"r-{number}", "1.00"))

    assert in_processes(4, work) == [0] * 4
    assert sandbox.ledger_total() == D("20.00")
    assert {row.attempts for row in sandbox.refund_rows()} == {4}
    assert_books_agree()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control_unlocked"])
def test_processes_never_pay_above_what_was_captured(gateway, monkeypatch, locked):
    """Whoever has asked whether there is enough waits for the others before paying."""
    sandbox.reset()
    refusal, together = bank._refusal, FORK.Barrier(8)

    def refusal_of_all(*asked):
        answer = refusal(*asked)
        with suppress(threading.BrokenBarrierError):
            together.wait(0.1 if locked else 20)
        return answer

    monkeypatch.setattr(bank, "_refusal", refusal_of_all)
    if not locked:
        monkeypatch.setattr(books, "transaction", unlocked)

    codes = in_processes(8, lambda n: [gateway.send(refund_request(f"r-{n}-{k}", "20.00")) for k in range(3)])

    assert codes == [0] * 8
    if locked:
        assert sandbox.ledger_total() == D("100.00")
    else:
        assert sandbox.ledger_total() > D("100.00")


def test_death_at_any_statement_leaves_whole_refunds(gateway):
    sandbox.set_balance("acme", D("100.00"))
    deaths = 0

    for statement in range(1, 100):
        number = f"r-{statement}"

        def work(_n, statement=statement, number=number):
            die_at(statement)
            gateway.send(refund_request(number, "1.00"))

        died = in_processes(1, work) == [-signal.SIGKILL]
        deaths += died
        assert_books_agree()
        assert gateway.send(refund_request(number, "1.00")).outcome == "succeeded"
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
            gateway.send(refund_request())

        died = in_processes(1, work) == [-signal.SIGKILL]
        assert gateway.send(refund_request()).outcome == "succeeded"
        assert sandbox.ledger_total() == D("10.00")
        if not died:
            break

    assert statement > 20


def test_death_at_any_moment_loses_and_doubles_nothing(gateway):
    rng = random.Random(7)
    numbers = [f"r-{n}" for n in range(100)]

    def work(_n):
        for number in numbers:
            gateway.send(refund_request(number, "1.00"))

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
                reply = known if known.outcome != "not_found" else gateway.send(refund_request(number, "1.00"))
            except GatewayError:
                continue
            paid = reply.outcome == "succeeded"

    assert sandbox.ledger_total() == D("100.00")
    assert_books_agree()
