"""The refund worker: one refund that stumbles holds up no other, several of one case, reversals."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker, retries
from aftersales.models import Case, Refund
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from aftersales.simulation.applications import tiny_photo
from orders.gateways import sandbox
from orders.gateways.base import Reply
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refunding(order, *, buyer, by):
    case = opened(order, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=by, at=NOON)
    return Refund.objects.get(case=case)


@pytest.fixture
def poison(unshipped, buyer, agent):
    unshipped.payments.update(gateway="closed-down")
    return refunding(unshipped, buyer=buyer, by=agent)


def broken():
    return [verdict.name for verdict in invariants.check_all() if verdict.count]


def reloaded(case):
    return Case.objects.get(pk=case.pk)


def test_an_unknown_gateway_blocks_no_other_refund(poison, shop, order, buyer, agent):
    sound = refunding(sold(merchant=shop, buyer=order.buyer, unshipped=True), buyer=buyer, by=agent)

    sweeps.send_refunds(NOON + HOUR)

    assert Refund.objects.get(pk=sound.pk).status == RefundStatus.SUCCEEDED
    aside = Refund.objects.get(pk=poison.pk)
    assert aside.status == RefundStatus.UNKNOWN
    assert (aside.tries, aside.last_code, aside.lease_until) == (1, "UnknownGateway", None)
    assert not aside.needs_person


def test_each_try_waits_longer_and_the_fifth_is_the_last(poison):
    holds, at = [], NOON + HOUR
    for _try in range(5):
        assert refund_worker.send_next(at)
        aside = Refund.objects.get(pk=poison.pk)
        holds.append(aside.hold_until - at)
        at = aside.hold_until

    assert holds == [timedelta(seconds=30 * 2**n) for n in range(5)]
    assert aside.needs_person
    assert not refund_worker.send_next(at + timedelta(days=1))
    assert Case.objects.get().status == Status.REFUNDING
    assert aside.payment.reserved == poison.amount


def test_a_refund_whose_case_is_locked_is_tried_until_it_is_sent(unshipped, buyer, agent, monkeypatch):
    refund = refunding(unshipped, buyer=buyer, by=agent)

    def busy(*args, **kwargs):
        raise gate.Busy

    with monkeypatch.context() as patch:
        patch.setattr(refund_worker, "apply_reply", busy)
        for number in range(6):
            refund_worker.send_next(NOON + number * 2 * HOUR)

    waiting = Refund.objects.get(pk=refund.pk)
    assert not waiting.needs_person
    assert refund_worker.send_next(NOON + 30 * HOUR)
    assert Refund.objects.get(pk=refund.pk).status == RefundStatus.SUCCEEDED


def test_one_of_two_is_reversed_before_the_other_is_paid(two_refunds):
    refund_worker.send_next(NOON + HOUR)
    first = two_refunds.refunds.get(status="succeeded")
    refund_worker.apply_reply(first.pk, Reply(outcome="reversed"), at=NOON + 2 * HOUR)

    refund_worker.send_next(NOON + 3 * HOUR)

    second = two_refunds.refunds.exclude(pk=first.pk).get()
    assert second.status == RefundStatus.SUCCEEDED
    assert reloaded(two_refunds).status == Status.REFUND_FAILED
    assert broken() == []


def test_both_fail_and_only_one_is_sent_again(two_refunds, finance):
    sandbox.set_fault("decline", "2x")
    sweeps.send_refunds(NOON + HOUR)
    one, _other = two_refunds.refunds.order_by("pk")
    retries.retry(one.pk, by=finance, at=NOON + 2 * HOUR)

    sweeps.send_refunds(NOON + 2 * HOUR)

    assert reloaded(two_refunds).status == Status.REFUND_FAILED
    assert broken() == []


def test_a_refund_reversed_while_another_case_has_the_other_unit_is_owed_again(order, buyer, merchant, finance):
    line = order.lines.get()
    paid = opened(
        order, by=buyer, type=CaseType.REFUND_ONLY, reason="part_missing", units={line.pk: 1}, photos=[tiny_photo()]
    )
    decisions.approve(paid.pk, by=merchant, at=NOON + HOUR)
    sweeps.send_refunds(NOON + HOUR)
    opened(
        order, by=buyer, at=NOON + 2 * HOUR, type=CaseType.REFUND_ONLY, reason="part_missing",
        units={line.pk: 1}, photos=[tiny_photo()],
    )  # fmt: skip
    refund = paid.refunds.get()
    sandbox.reverse(refund.number)

    gateway_notices.apply_notices(NOON + 3 * HOUR)

    refund.refresh_from_db(fields=["needs_person"])
    assert paid.refunds.get().status == RefundStatus.REVERSED
    assert refund.needs_person
    assert reloaded(paid).status == Status.REFUND_FAILED
    assert reloaded(paid).lines.get().units_held == 1
    assert broken() == []

    retries.retry(refund.pk, by=finance, at=NOON + 4 * HOUR)
    sweeps.send_refunds(NOON + 4 * HOUR)

    assert sorted(paid.refunds.values_list("status", flat=True)) == ["cancelled", "succeeded"]
    assert broken() == []
