"""The refund worker dies by kill -9 at every named place; the gateway has paid exactly what was approved, once each."""

import multiprocessing
import os
import random
import signal
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import cycle

import pytest
from django.db import connection

from aftersales import failpoints
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import refund_worker as worker_actions
from aftersales.models import Case, Refund
from aftersales.models.refunds.refund import new_number
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from orders.models import Posting
from tests import counts
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened, sold
from tests.races.clones import cloned
from tests.races.together import nothing_broken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FORK = multiprocessing.get_context("fork")
LEASE = timedelta(minutes=6)
AMOUNT = Decimal(50)
MOST_TURNS = 6
DEATHS = counts.of(sample=24, long=200)
PAID = DEATHS * 5 // 2  # cases


def approved(shop, buyer, by, count):
    """So many cases that are to be paid 50.00 each, along payments that captured more than twice that."""
    order = sold(merchant=shop, buyer=buyer, unshipped=True, lines=[(1, 50), (1, 60)])
    first = order.lines.order_by("position").first()
    case = opened(order, by=by.buyer, type=CaseType.REFUND_ONLY, units={first.pk: 1})
    decisions.approve(case.pk, by=by.merchant, at=NOON)
    cloned(Case.objects.get(pk=case.pk), count - 1)


def bad_replies():
    """One call in eleven goes wrong, in every way that leaves the outcome open."""
    for fault in (
        "timeout_after_success",
        "error_500",
        "error_500_after_success",
        "garbage",
        "empty_body",
        "rate_limited",
    ):
        sandbox.set_fault(fault, "1.5%")


def worker(place, turns, at):
    """Some turns in peace, then a few more until death at the place."""
    # A session of its own: a fork of a process in which a browser was opened finds an older one of its parent's.
    connection.connect()
    for _turn in range(turns):
        if not worker_actions.send_next(at):
            return
    os.environ["DESK_FAILPOINT"] = place
    for _turn in range(MOST_TURNS):
        if not worker_actions.send_next(at):
            return


def run_and_bury(place, turns, at):
    """Fork a worker, wait for its end; whether it was killed."""
    connection.close()
    child = FORK.Process(target=worker, args=[place, turns, at])
    child.start()
    child.join(60)
    if child.exitcode not in (0, -signal.SIGKILL):
        child.kill()
        raise AssertionError(f"the worker that was to die at {place} ended otherwise: {child.exitcode}")
    return child.exitcode == -signal.SIGKILL


def kill(times, *, rng, most_turns):
    """Let workers die so many times, the places in turn; answers deaths by place and the time it then is."""
    deaths, at = Counter(), NOON
    for place in cycle(failpoints.PLACES):
        at += LEASE
        # What died before is asked after first: a worker in peace would leave nothing to ask after.
        if run_and_bury(place, 0 if "query" in place else rng.randint(0, most_turns), at):
            deaths[place] += 1
        if deaths.total() >= times or at > NOON + timedelta(days=3):
            return deaths, at
    raise AssertionError("unreachable")


def finish(at):
    """Work in peace until all is paid."""
    for _round in range(40):
        at += HOUR
        Refund.objects.filter(needs_person=True).update(needs_person=False)
        while worker_actions.send_next(at):
            pass
        if not Refund.objects.exclude(status="succeeded").exists():
            return


def paid_per_number():
    return Counter(row.number for row in sandbox.refund_rows() if row.status == "succeeded")


def test_many_deaths_of_a_worker_lose_and_double_no_refund(shop, order, people):
    approved(shop, order.buyer, people, PAID)
    bad_replies()

    deaths, at = kill(DEATHS, rng=random.Random(3), most_turns=2)
    finish(at)

    numbers = set(Refund.objects.values_list("number", flat=True))
    assert deaths.total() == DEATHS
    assert set(deaths) == set(failpoints.PLACES)
    assert paid_per_number() == Counter(dict.fromkeys(numbers, 1))
    assert sandbox.ledger_total() == AMOUNT * PAID
    assert set(Case.objects.values_list("status", flat=True)) == {"completed"}
    assert sum(row.amount for row in Posting.objects.filter(account="gateway")) == -AMOUNT * PAID
    nothing_broken()


def test_control_a_new_number_per_try_pays_twice(shop, order, people, monkeypatch):
    approved(shop, order.buyer, people, 12)
    request = worker_actions.RefundRequest
    monkeypatch.setattr(
        worker_actions, "RefundRequest", lambda **fields: replace(request(**fields), number=new_number())
    )

    at = NOON
    for _death in range(6):
        at += LEASE
        assert run_and_bury("refund.after_send", 0, at)
    finish(at)

    assert sandbox.ledger_total() > AMOUNT * 12


def test_control_an_answer_that_is_not_kept_is_not_paid_twice_only_because_of_its_number(shop, order, people):
    approved(shop, order.buyer, people, 1)

    assert run_and_bury("refund.after_send", 0, NOON + LEASE)
    assert run_and_bury("refund.applied_not_committed", 0, NOON + 2 * LEASE)
    finish(NOON + 2 * LEASE)

    (row,) = sandbox.refund_rows()
    assert (row.status, row.attempts) == ("succeeded", 1)
    assert sandbox.ledger_total() == AMOUNT


@pytest.mark.parametrize("place", failpoints.PLACES)
def test_each_place_is_one_where_a_worker_can_die(place, shop, order, people):
    approved(shop, order.buyer, people, 1)
    if "query" in place:
        run_and_bury("refund.claimed", 0, NOON + LEASE)

    assert run_and_bury(place, 0, NOON + 2 * LEASE)
    finish(NOON + 2 * LEASE)

    assert sandbox.ledger_total() == AMOUNT
    assert Case.objects.get().status == "completed"
