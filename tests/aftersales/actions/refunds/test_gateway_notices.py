"""What the gateway tells unasked: our own refund again (peer 9), the same twice, a late reversal, strangers."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker
from aftersales.models import Event, Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from orders.gateways import sandbox
from orders.gateways.base import RefundRequest
from orders.models import Entry
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def now(refund):
    return Refund.objects.select_related("case", "payment").get(pk=refund.pk)


def test_peer_9_the_notice_of_our_own_refund_makes_no_second_record(refund):
    refund_worker.send_next(NOON + HOUR)
    before = (Event.objects.count(), Entry.objects.count())

    applied = gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert applied == 0
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert (Event.objects.count(), Entry.objects.count()) == before
    assert sandbox.pull_notices() == []


def test_a_notice_that_comes_twice_has_one_effect(refund):
    sandbox.set_fault("duplicate_notice", "always")
    sandbox.set_fault("timeout_after_success", "always")
    refund_worker.send_next(NOON + HOUR)
    assert now(refund).status == RefundStatus.UNKNOWN

    applied = gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert applied == 1
    assert now(refund).status == RefundStatus.SUCCEEDED
    assert now(refund).payment.settled == refund.amount
    assert Entry.objects.filter(kind=Entry.Kind.PAID).count() == 1
    assert now(refund).case.status == Status.COMPLETED


def test_a_late_reversal_makes_the_case_a_failed_refund(refund):
    refund_worker.send_next(NOON + HOUR)
    gateway_notices.apply_notices(NOON + HOUR)
    sandbox.reverse(refund.number)

    sweeps.run(NOON + 2 * HOUR)

    assert now(refund).status == RefundStatus.REVERSED
    assert now(refund).needs_person
    assert now(refund).case.status == Status.REFUND_FAILED
    assert now(refund).payment.settled == 0


def test_a_number_that_is_not_ours_is_acknowledged_and_logged(db, caplog):
    sandbox.Sandbox().send(RefundRequest("stranger", "pay-x", 1, "CNY", 5, "shop"))

    gateway_notices.apply_notices(NOON)

    assert "stranger" in caplog.text
    assert sandbox.pull_notices() == []


def test_a_notice_of_another_sum_settles_nothing(refund):
    sandbox.set_fault("timeout_after_success", "always")
    refund_worker.send_next(NOON + HOUR)
    Refund.objects.filter(pk=refund.pk).update(amount=refund.amount - 1)

    gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert now(refund).status == RefundStatus.UNKNOWN
    assert now(refund).last_code == "WRONG_AMOUNT"


def test_a_failure_waits_while_a_worker_talks_to_the_gateway(refund):
    sandbox.set_fault("accepted_then_failed", "always:1")
    refund_worker.send_next(NOON + HOUR)
    sandbox.Sandbox().query(refund.number)
    Refund.objects.filter(pk=refund.pk).update(lease_until=NOON + 2 * HOUR)

    early = gateway_notices.apply_notices(NOON + HOUR)
    later = gateway_notices.apply_notices(NOON + 3 * HOUR)

    assert (early, later) == (0, 1)
    assert now(refund).status == RefundStatus.FAILED


def test_paid_although_we_took_it_for_failed_is_shown_to_a_person(refund):
    refund_worker.send_next(NOON + HOUR)
    Refund.objects.filter(pk=refund.pk).update(status=RefundStatus.FAILED)

    gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert now(refund).needs_person
    assert now(refund).status == RefundStatus.FAILED


def test_a_notice_at_which_we_stumble_holds_up_no_other(unshipped, shop, order, buyer, agent, monkeypatch):
    sandbox.set_fault("timeout_after_success", "always")
    made = []
    for sale in (unshipped, sold(merchant=shop, buyer=order.buyer, unshipped=True)):
        case = decisions.approve(opened(sale, by=buyer, type=CaseType.REFUND_ONLY).pk, by=agent, at=NOON)
        made.append(Refund.objects.get(case=case))
        refund_worker.send_next(NOON + HOUR)
    whole = refund_worker.apply_reply

    def stumbling(refund_id, reply, *, at):
        if refund_id == made[0].pk:
            raise ZeroDivisionError
        return whole(refund_id, reply, at=at)

    with monkeypatch.context() as patch:
        patch.setattr(refund_worker, "apply_reply", stumbling)
        first = gateway_notices.apply_notices(NOON + 2 * HOUR)
    second = gateway_notices.apply_notices(NOON + 3 * HOUR)

    assert (first, second) == (1, 1)
    assert [now(refund).status for refund in made] == [RefundStatus.SUCCEEDED] * 2


def test_a_gateway_that_can_not_be_loaded_stops_no_sweep(refund, settings, caplog):
    settings.GATEWAYS = {"broken": "orders.gateways.nowhere.Bank"}
    sandbox.set_fault("timeout_after_success", "1x")
    refund_worker.send_next(NOON + HOUR)

    sweeps.run(NOON + HOUR)

    assert now(refund).status == RefundStatus.SUCCEEDED
    assert "broken" in caplog.text


def test_a_notice_that_can_not_be_applied_holds_up_no_other(two_refunds, split, monkeypatch):
    sweeps.send_refunds(NOON + HOUR)
    first, second = two_refunds.refunds.order_by("pk")
    sandbox.acknowledge_notices([notice.id for notice in sandbox.pull_notices()])
    sandbox.reverse(first.number)
    sandbox.reverse(second.number)
    real = refund_worker.apply_reply

    def poisoned(refund_id, reply, *, at):
        if refund_id == first.pk:
            raise ZeroDivisionError("as planted")
        return real(refund_id, reply, at=at)

    monkeypatch.setattr(refund_worker, "apply_reply", poisoned)

    applied = gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert applied == 1
    assert two_refunds.refunds.get(pk=second.pk).status == RefundStatus.REVERSED
    assert [notice.number for notice in sandbox.pull_notices()] == [first.number]
