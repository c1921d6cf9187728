"""A refund that makes the worker stumble: put aside, tried later and later, shown to a person; the others go on."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import worker
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
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
        assert worker.send_next(at)
        aside = Refund.objects.get(pk=poison.pk)
        holds.append(aside.hold_until - at)
        at = aside.hold_until

    assert holds == [timedelta(seconds=30 * 2**n) for n in range(5)]
    assert aside.needs_person
    assert not worker.send_next(at + timedelta(days=1))
    assert Case.objects.get().status == Status.REFUNDING
    assert aside.payment.reserved == poison.amount


def test_a_case_that_is_locked_is_no_poison(unshipped, buyer, agent, monkeypatch):
    refund = refunding(unshipped, buyer=buyer, by=agent)

    def busy(*args, **kwargs):
        raise gate.Busy

    with monkeypatch.context() as patch:
        patch.setattr(worker, "apply_reply", busy)
        for number in range(6):
            worker.send_next(NOON + number * 2 * HOUR)

    waiting = Refund.objects.get(pk=refund.pk)
    assert not waiting.needs_person
    assert worker.send_next(NOON + 30 * HOUR)
    assert Refund.objects.get(pk=refund.pk).status == RefundStatus.SUCCEEDED
