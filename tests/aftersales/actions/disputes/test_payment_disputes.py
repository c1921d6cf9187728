"""A disputed payment takes no refund until it is won or lost; what the bank took is never paid once more."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import payment_disputes
from aftersales.actions.refunds import manual_settlement, refund_worker, retries
from aftersales.models import Case, Event, PaymentDispute, Policy, Refund
from aftersales.models.disputes.payment_dispute import DisputeKind
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.models import Payment, Posting
from orders.refusals import Refused
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
R = RefundStatus


@pytest.fixture
def refund(unshipped, people):
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    return case.refunds.get()


def dispute(refund, people, amount=None, reference="CB-1"):
    return payment_disputes.begin(
        refund.payment_id,
        DisputeKind.DISPUTED,
        Decimal(amount or refund.payment.captured),
        by=people.finance,
        at=NOON + HOUR,
        reference=reference,
    )


def lose(one, people):
    return payment_disputes.lose(one.pk, by=people.finance, at=NOON + 3 * HOUR)


def states(case_id):
    return sorted((refund.amount, refund.status) for refund in Refund.objects.filter(case=case_id))


def agrees():
    return not [verdict for verdict in invariants.check_all() if verdict.count]


def at_bank():
    return sum(sandbox.ledger_totals().values())


def test_nothing_is_sent_while_the_payment_is_disputed(refund, people):
    dispute(refund, people)

    assert not refund_worker.send_next(NOON + 2 * HOUR)
    assert at_bank() == 0
    assert Event.objects.filter(case=refund.case_id, action="dispute_payment").exists()


def test_what_waited_goes_on_once_the_dispute_is_won(refund, people):
    one = dispute(refund, people)
    payment_disputes.win(one.pk, by=people.finance, at=NOON + 2 * HOUR)

    assert refund_worker.send_next(NOON + 3 * HOUR)
    assert Case.objects.get().status == Status.COMPLETED
    assert agrees()


def test_a_loss_takes_the_place_of_the_refund_and_nothing_is_paid_twice(refund, people):
    lose(dispute(refund, people), people)

    case = Case.objects.get()
    assert case.status == Status.COMPLETED
    assert not refund_worker.send_next(NOON + 9 * HOUR)
    assert at_bank() == 0
    payment = Payment.objects.get(pk=refund.payment_id)
    assert (payment.settled, payment.charged_back, payment.left) == (refund.amount, payment.captured - refund.amount, 0)
    assert agrees()


def test_a_loss_of_a_part_leaves_the_rest_to_be_paid(refund, people):
    lose(dispute(refund, people, amount=30), people)

    assert states(refund.case_id) == [(30, R.SUCCEEDED), (80, R.QUEUED), (110, R.CANCELLED)]
    assert refund_worker.send_next(NOON + 4 * HOUR)
    assert at_bank() == 80
    assert Case.objects.get().status == Status.COMPLETED
    assert agrees()


def test_the_rest_of_a_large_refund_still_waits_for_finance(unshipped, people):
    Policy.objects.update(release_above=1)
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.supervisor, at=NOON)

    lose(dispute(case.refunds.get(), people, amount=30), people)

    assert (80, R.AWAITING_RELEASE) in states(case.pk)
    assert agrees()


def test_a_loss_after_the_refund_was_paid_is_kept_as_paid_twice(refund, people):
    refund_worker.send_next(NOON)

    lost = lose(dispute(refund, people), people)

    assert PaymentDispute.objects.get(pk=lost.pk).overpaid == refund.amount
    assert agrees()


def test_a_loss_waits_for_what_is_at_the_gateway(refund, people):
    sandbox.set_fault("error_500", "always")
    refund_worker.send_next(NOON)
    one = dispute(refund, people)

    with pytest.raises(Refused, match="at the gateway"):
        lose(one, people)


def test_what_is_in_doubt_is_asked_after_and_never_sent_again(refund, people):
    sandbox.set_fault("error_500", "always")
    refund_worker.send_next(NOON)
    sandbox.clear_faults()
    dispute(refund, people)

    assert refund_worker.send_next(NOON + 2 * HOUR)

    assert at_bank() == 0
    assert Refund.objects.get().status == R.UNKNOWN
    assert Refund.objects.get().last_code == "payment_disputed"


def test_a_passed_deadline_charges_nobody_while_the_bank_decides(refund, people):
    dispute(refund, people)
    late = Case.objects.get().due_at + HOUR

    sweeps.fire_deadlines(late)
    refund_worker.send_next(late)

    assert not Posting.objects.filter(account="guarantee").exists()
    assert Refund.objects.get().payer == "merchant"
    assert Case.objects.get().due_at > late


def test_a_failed_refund_is_neither_sent_again_nor_paid_by_hand_meanwhile(refund, people):
    sandbox.set_fault("decline", "always")
    refund_worker.send_next(NOON)
    dispute(refund, people)

    with pytest.raises(Refused, match="disputed at the buyer's bank"):
        retries.retry(refund.pk, by=people.finance, at=NOON + 2 * HOUR)
    with pytest.raises(Refused, match="disputed at the buyer's bank"):
        manual_settlement.propose(refund.pk, by=people.finance, at=NOON + 2 * HOUR, reference="B")


def test_a_loss_settles_a_refund_that_had_failed(refund, people):
    sandbox.set_fault("decline", "always")
    refund_worker.send_next(NOON)

    lose(dispute(refund, people), people)

    assert Case.objects.get().status == Status.COMPLETED
    assert agrees()


def test_a_payment_is_disputed_once_at_a_time_and_not_above_its_sum(refund, people):
    one = dispute(refund, people)
    with pytest.raises(Refused, match="open already"):
        dispute(refund, people, reference="CB-2")
    payment_disputes.win(one.pk, by=people.finance, at=NOON + 2 * HOUR)

    with pytest.raises(Refused, match="has ended"):
        dispute(refund, people)
    with pytest.raises(Refused, match="smaller"):
        dispute(refund, people, amount=refund.payment.captured + 1, reference="CB-3")
    with pytest.raises(Refused, match="has ended already"):
        payment_disputes.win(one.pk, by=people.finance, at=NOON + 2 * HOUR)


@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "admin"])
def test_only_finance_records_a_dispute(refund, people, who):
    with pytest.raises(gate.Forbidden):
        payment_disputes.begin(
            refund.payment_id, DisputeKind.DISPUTED, Decimal(1), by=getattr(people, who), at=NOON, reference="X"
        )


def test_what_had_failed_waits_for_the_bank_when_the_time_to_refund_is_over(refund, people):
    sandbox.set_fault("decline", "1x")
    refund_worker.send_next(NOON + HOUR)
    case = Case.objects.get(pk=refund.case_id)
    assert (case.status, states(case.pk)) == (Status.REFUND_FAILED, [(110, R.FAILED)])
    asked = dispute(refund, people)

    retries.platform_pays(case.pk, by=people.clock, at=case.due_at + HOUR)
    refund_worker.send_next(case.due_at + HOUR)

    waiting = Refund.objects.get()
    assert (waiting.status, waiting.payer, waiting.merchant_late_at) == (R.QUEUED, "merchant", None)
    assert Case.objects.get().status == Status.REFUNDING
    assert agrees()
    payment_disputes.win(asked.pk, by=people.finance, at=case.due_at + 2 * HOUR)
    refund_worker.send_next(case.due_at + 2 * HOUR)
    assert (Case.objects.get().status, states(case.pk)) == (Status.COMPLETED, [(110, R.SUCCEEDED)])
    assert agrees()


def test_what_the_bank_took_back_waits_for_it_when_the_time_to_refund_is_over(refund, people):
    refund_worker.send_next(NOON + HOUR)
    refund_worker.apply_reply(refund.pk, Reply(outcome="reversed", code="R", message=""), at=NOON + 2 * HOUR)
    dispute(refund, people)
    case = Case.objects.get()

    retries.platform_pays(case.pk, by=people.clock, at=case.due_at + HOUR)

    assert states(case.pk) == [(110, R.CANCELLED), (110, R.QUEUED)]
    assert agrees()
