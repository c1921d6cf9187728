"""Money that came back after it was paid is paid again under a new number, or by hand by two people."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, intents, manual_settlement, retries, worker
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from orders.gateways import sandbox
from orders.models import Posting
from orders.refusals import Refused
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def refund(unshipped, buyer, agent):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=agent, at=NOON)
    return Refund.objects.get(case=case)


@pytest.fixture
def reversed_refund(refund):
    worker.send_next(NOON + HOUR)
    gateway_notices.apply_notices(NOON + HOUR)
    sandbox.reverse(refund.number)
    gateway_notices.apply_notices(NOON + 2 * HOUR)
    return Refund.objects.get(pk=refund.pk)


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


def test_two_people_settle_a_reversed_refund_by_hand(reversed_refund, finance, finance2):
    manual_settlement.propose(reversed_refund.pk, by=finance, at=NOON + 3 * HOUR, reference="BANK-1")

    paid = manual_settlement.confirm(reversed_refund.pk, by=finance2, at=NOON + 4 * HOUR)

    assert (paid.status, paid.hand_reference) == (RefundStatus.SUCCEEDED, "BANK-1")
    assert Case.objects.get().status == Status.COMPLETED
    assert not worker.send_next(NOON + 5 * HOUR)
    assert balance_is_even()


def test_what_is_being_settled_by_hand_is_not_sent_meanwhile(refund, finance, finance2):
    sandbox.set_fault("error_500", "always")
    worker.send_next(NOON + HOUR)
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")
    sandbox.clear_faults()

    sent = worker.send_next(NOON + 3 * HOUR)

    assert not sent
    manual_settlement.drop(refund.pk, by=finance2, at=NOON + 4 * HOUR)
    assert worker.send_next(NOON + 5 * HOUR)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED


def test_no_proposal_while_a_worker_talks_to_the_gateway(refund, finance):
    Refund.objects.update(status=RefundStatus.UNKNOWN, lease_until=NOON + 2 * HOUR)

    with pytest.raises(Refused, match="right now"):
        manual_settlement.propose(refund.pk, by=finance, at=NOON + HOUR, reference="BANK-1")


def test_a_retry_takes_the_proposal_away(refund, finance):
    sandbox.set_fault("decline", "always")
    worker.send_next(NOON + HOUR)
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    assert Refund.objects.get().hand_proposed_by_id is None


def test_an_unknown_refund_is_asked_after_again_by_finance(refund, finance):
    sandbox.set_fault("error_500", "2x")
    worker.send_next(NOON + HOUR)
    Refund.objects.update(needs_person=True)

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    asked = Refund.objects.get()
    assert not asked.needs_person
    assert asked.case.events.filter(action="query_refund").count() == 1
    assert worker.send_next(NOON + 3 * HOUR)


def test_selected_refunds_are_released_together_and_what_moved_on_is_skipped(unshipped, shop, buyer, agent, finance):
    cheap = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    other = opened(sold(merchant=shop, buyer=unshipped.buyer, unshipped=True), by=buyer, type=CaseType.REFUND_ONLY)
    cheap.policy.__class__.objects.update(release_above=1)
    for case in (cheap, other):
        decisions.approve(case.pk, by=agent, at=NOON)
    first, second = Refund.objects.order_by("pk")
    intents.release(first.pk, by=finance, at=NOON + HOUR)

    done = intents.release_many([second.pk, first.pk], by=finance, at=NOON + HOUR)

    assert [(refund.pk, bool(why)) for refund, why in done] == [(first.pk, True), (second.pk, False)]
    assert Refund.objects.filter(status=RefundStatus.QUEUED).count() == 2
