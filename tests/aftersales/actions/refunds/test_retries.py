"""Refunds that finance or the platform has paid again: reversed ones under a new number, unknown ones asked after."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.refunds import manual_settlement, refund_worker, retries
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import RefundStatus, Status
from orders.gateways import sandbox
from orders.models import Posting
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def balance_is_even():
    return sum(Posting.objects.values_list("amount", flat=True)) == 0


def test_a_reversed_refund_is_paid_again_under_a_new_number(reversed_refund, finance):
    again = retries.retry(reversed_refund.pk, by=finance, at=NOON + 3 * HOUR)
    sweeps.send_refunds(NOON + 3 * HOUR)

    assert again.number != reversed_refund.number
    assert Refund.objects.get(pk=reversed_refund.pk).status == RefundStatus.CANCELLED
    assert Refund.objects.get(pk=again.pk).status == RefundStatus.SUCCEEDED
    assert Case.objects.get().status == Status.COMPLETED
    assert Refund.objects.get(pk=again.pk).payment.settled == again.amount
    assert balance_is_even()


def test_the_platform_pays_a_reversed_refund_when_nobody_did_in_time(reversed_refund):
    due = Case.objects.get().due_at

    sweeps.run(due + HOUR)

    assert Case.objects.get().status == Status.COMPLETED
    assert Refund.objects.get(status=RefundStatus.SUCCEEDED).payer == "platform"
    assert balance_is_even()


def test_a_retry_takes_the_proposal_away(refund, finance):
    sandbox.set_fault("decline", "always")
    refund_worker.send_next(NOON + HOUR)
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    assert Refund.objects.get().hand_proposed_by_id is None


def test_an_unknown_refund_is_asked_after_again_by_finance(refund, finance):
    sandbox.set_fault("error_500", "2x")
    refund_worker.send_next(NOON + HOUR)
    Refund.objects.update(needs_person=True)

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    asked = Refund.objects.get()
    assert not asked.needs_person
    assert asked.case.events.filter(action="query_refund").count() == 1
    assert refund_worker.send_next(NOON + 3 * HOUR)
