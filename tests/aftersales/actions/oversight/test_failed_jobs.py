"""What failed five times is tried again because a supervisor says so, and that is on record."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.oversight import failed_jobs
from aftersales.actions.refunds import refund_worker
from aftersales.models import Case, Deadline, Event, Notice, Refund
from aftersales.rules.vocabulary import CaseType, DeadlineStatus, RefundStatus, Status
from orders.refusals import Refused
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def stuck(order, buyer):
    """The answer of a merchant without a return address can not be given by the clock."""
    case = opened(order, by=buyer)
    case.merchant.return_addresses.update(is_active=False)
    at = case.due_at + HOUR
    for _try in range(5):
        sweeps.fire_deadlines(at)
        at += HOUR
    return Deadline.objects.get(kind="merchant_response")


def test_five_failures_put_a_deadline_aside(stuck):
    assert stuck.status == DeadlineStatus.QUARANTINED
    assert "no return address" in stuck.last_error


def test_a_deadline_is_fired_once_its_cause_is_gone(stuck, supervisor):
    stuck.case.merchant.return_addresses.update(is_active=True)
    at = stuck.due_at + 10 * HOUR

    failed_jobs.retry_deadline(stuck.pk, by=supervisor, at=at)
    sweeps.fire_deadlines(at)

    assert Deadline.objects.get(pk=stuck.pk).status == DeadlineStatus.FIRED
    assert Case.objects.get().status == Status.AWAITING_RETURN
    event = Event.objects.get(action="try_again")
    assert (event.user_id, event.data["kind"]) == (supervisor.user_id, "merchant_response")


def test_a_deadline_whose_state_was_left_is_closed(stuck, supervisor, agent):
    stuck.case.merchant.return_addresses.update(is_active=True)
    decisions.approve(stuck.case_id, by=agent, at=stuck.due_at + HOUR)

    failed_jobs.retry_deadline(stuck.pk, by=supervisor, at=stuck.due_at + 10 * HOUR)

    assert Deadline.objects.get(pk=stuck.pk).status == DeadlineStatus.MISSED
    assert Case.objects.get().status == Status.AWAITING_RETURN


def test_a_deadline_is_tried_again_only_once(stuck, supervisor):
    failed_jobs.retry_deadline(stuck.pk, by=supervisor, at=stuck.due_at + 10 * HOUR)

    with pytest.raises(Refused, match="no longer"):
        failed_jobs.retry_deadline(stuck.pk, by=supervisor, at=stuck.due_at + 10 * HOUR)


def test_only_supervisors_try_failed_jobs_again(stuck, agent, finance):
    for somebody in (agent, finance):
        with pytest.raises(gate.Forbidden):
            failed_jobs.retry_deadline(stuck.pk, by=somebody, at=NOON)


def test_a_notice_is_delivered_again(order, buyer, supervisor):
    opened(order, by=buyer)
    Notice.objects.update(status=Notice.Status.QUARANTINED, tries=5, last_error="mailbox full")
    notice = Notice.objects.first()

    failed_jobs.retry_notice(notice.pk, by=supervisor, at=NOON)

    again = Notice.objects.get(pk=notice.pk)
    assert (again.status, again.tries) == (Notice.Status.PENDING, 0)
    assert Event.objects.get(action="try_again").data["error"] == "mailbox full"


def test_the_gateway_is_asked_again_about_a_refund(unshipped, buyer, agent, supervisor):
    unshipped.payments.update(gateway="closed-down")
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=agent, at=NOON)
    at = NOON + HOUR
    for _try in range(5):
        refund_worker.send_next(at)
        at += HOUR
    refund = Refund.objects.get()
    Refund.objects.update(gateway="sandbox")

    failed_jobs.retry_refund(refund.pk, by=supervisor, at=at)
    refund_worker.send_next(at)

    assert refund.needs_person
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert "UnknownGateway" in Event.objects.get(action="try_again").data["error"]


def test_a_failed_refund_is_left_to_finance(unshipped, buyer, agent, supervisor):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=agent, at=NOON)
    Refund.objects.update(status=RefundStatus.REVERSED, needs_person=True)

    with pytest.raises(Refused, match="finance decides"):
        failed_jobs.retry_refund(Refund.objects.get().pk, by=supervisor, at=NOON)
