"""What went wrong elsewhere, 1–3, 7, 9, 10, 12, 13: refunds made twice, lost answers, atomicity.

The numbers are those of the list of the field.
"""

from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker, retries
from aftersales.models import Event, Refund
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.models import Entry
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, MINUTE, again, pay
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
ONLY = CaseType.REFUND_ONLY


@pytest.fixture
def cancelled(unshipped, people):
    """An order of 110.00 that is being paid back."""
    case = opened(unshipped, by=people.buyer, type=ONLY)
    return decisions.approve(case.pk, by=people.merchant, at=NOON)


def test_peer_01_a_double_click_pays_once(unshipped, people):
    case = opened(unshipped, by=people.buyer, type=ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON, version=1)

    with pytest.raises(Refused):
        decisions.approve(case.pk, by=people.agent, at=NOON, version=1)
    pay(NOON, times=3)

    assert [row.attempts for row in sandbox.refund_rows()] == [1]
    assert Entry.objects.filter(kind="paid").count() == 1


def test_peer_02_a_refund_whose_answer_was_lost_is_asked_after_not_paid_again(cancelled):
    sandbox.set_fault("timeout_after_success", "1x")
    pay(NOON)
    (refund,) = Refund.objects.all()
    assert refund.status == "unknown"
    assert cancelled.order.payments.get().reserved == Decimal(110)

    pay(NOON + HOUR)

    refund = Refund.objects.get()
    assert refund.status == "succeeded"
    assert [(row.number, row.attempts) for row in sandbox.refund_rows()] == [(refund.number, 1)]
    assert sandbox.ledger_total() == Decimal(110)


def test_peer_03_a_declined_refund_is_sent_again_once_the_account_is_topped_up(cancelled, people):
    sandbox.set_balance(cancelled.merchant.code, Decimal(1))
    pay(NOON)
    assert again(cancelled).status == "refund_failed"
    assert cancelled.order.payments.get().reserved == 0

    sandbox.top_up(cancelled.merchant.code, Decimal(500))
    retries.retry(Refund.objects.get().pk, by=people.finance, at=NOON + HOUR)
    pay(NOON + HOUR)

    assert again(cancelled).status == "completed"
    assert sandbox.ledger_total() == Decimal(110)


def test_peer_07_one_case_executed_twice_pays_its_sum(cancelled):
    first = refund_worker.claim(NOON)
    assert refund_worker.claim(NOON) is None

    again_later = refund_worker.claim(NOON + HOUR)  # the first worker is given up after its lease
    replies = [refund_worker._converse(*claimed) for claimed in (first, again_later)]
    for reply in replies:
        refund_worker.apply_reply(first[0].pk, reply, at=NOON + HOUR)

    assert sandbox.ledger_total() == Decimal(110)
    assert cancelled.order.payments.get().settled == Decimal(110)


def test_peer_09_the_gateways_own_notice_makes_no_second_record(cancelled):
    pay(NOON)
    refund = Refund.objects.get()

    for _time in range(3):
        refund_worker.apply_reply(refund.pk, Reply("succeeded", amount=refund.amount, currency="CNY"), at=NOON + HOUR)
    gateway_notices.apply_notices(NOON + HOUR)

    assert Refund.objects.count() == 1
    assert Entry.objects.filter(kind="paid").count() == 1
    assert cancelled.order.payments.get().settled == Decimal(110)


def test_peer_10_a_scheduler_that_runs_twice_acts_once(order, people):
    case = opened(order, by=people.buyer)
    at = case.due_at + MINUTE

    for _time in range(3):
        sweeps.fire_deadlines(at)

    assert Event.objects.filter(case=case, action="approve").count() == 1


def test_peer_12_a_refund_that_was_paid_but_not_saved_is_not_paid_again(cancelled, monkeypatch):
    def full_disk(*_args, **_fields):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(refund_worker, "apply_reply", full_disk)
        pay(NOON)
    assert sandbox.ledger_total() == Decimal(110)
    assert Refund.objects.get().status in ("sending", "unknown")

    pay(NOON + HOUR)

    assert Refund.objects.get().status == "succeeded"
    assert sandbox.ledger_total() == Decimal(110)


def test_peer_13_a_failed_refund_leaves_the_case_open_and_retryable(cancelled, people):
    sandbox.set_fault("decline", "1x")

    pay(NOON)

    case = again(cancelled)
    assert (case.status, case.is_open, case.due_kind) == ("refund_failed", True, "refund")
    retries.retry(Refund.objects.get().pk, by=people.finance, at=NOON + HOUR)
    assert again(case).status == "refunding"
