"""What single promises mean: the refund in business days, the first reply, the receipt, hours of service."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.conversation import messages
from aftersales.models import CalendarDay, Policy
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.promised import SECOND, refund_case
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, refusal
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        (datetime(2026, 2, 13, 6, tzinfo=UTC), datetime(2026, 2, 24, 6, tzinfo=UTC)),
        (datetime(2026, 9, 18, 6, tzinfo=UTC), datetime(2026, 9, 21, 6, tzinfo=UTC)),
        (datetime(2026, 9, 24, 6, tzinfo=UTC), datetime(2026, 9, 29, 6, tzinfo=UTC)),
    ],
)
def test_a_refund_is_due_in_two_official_business_days(agreed, due, unshipped, people):
    case = refund_case(unshipped, people, agreed)

    assert (case.due_kind, case.due_at) == ("refund", due)


def test_a_day_off_by_an_admin_counts_for_new_promises(unshipped, people):
    CalendarDay.objects.create(day=NOON.date() + DAY, is_working=False, note="Flood")

    case = refund_case(unshipped, people, NOON)

    assert case.due_at == NOON + 3 * DAY
    assert case.deadlines.get(kind="refund").calendar_version.startswith("cn-")


def test_a_first_reply_within_five_minutes_is_met(order, buyer, agent):
    case = opened(order, by=buyer)

    messages.send(case.pk, "Good afternoon.", by=agent, at=NOON + 4 * MINUTE)
    sweeps.fire_deadlines(NOON + HOUR)

    assert case.deadlines.get(kind="first_reply").status == "met"
    assert again(case).first_reply_at == NOON + 4 * MINUTE
    assert again(case).breached_at is None


def test_a_first_reply_that_is_late_is_missed_and_nothing_else_happens(order, buyer, agent):
    case = opened(order, by=buyer)
    messages.send(case.pk, "Hello?", by=buyer, at=NOON + MINUTE)

    sweeps.fire_deadlines(NOON + 6 * MINUTE)

    missed = case.deadlines.get(kind="first_reply")
    assert (missed.status, missed.ended_at) == ("missed", NOON + 5 * MINUTE)
    assert again(case).status == "pending_merchant"
    assert again(case).breached_at is not None


def test_a_reply_after_the_promise_is_missed_even_when_the_clock_was_slower(order, buyer, agent):
    case = opened(order, by=buyer)

    messages.send(case.pk, "Sorry for the wait.", by=agent, at=NOON + 5 * MINUTE + SECOND)
    sweeps.fire_deadlines(NOON + 6 * MINUTE)

    assert case.deadlines.get(kind="first_reply").status == "missed"


def test_a_decision_after_the_promise_is_a_missed_first_reply(order, buyer, merchant):
    case = opened(order, by=buyer)

    decisions.reject(case.pk, by=merchant, at=NOON + 5 * MINUTE + SECOND, reason=refusal())

    assert case.deadlines.get(kind="first_reply").status == "missed"


def test_a_note_is_no_reply(order, buyer, agent):
    case = opened(order, by=buyer)

    messages.note(case.pk, "Looks like fraud.", by=agent, at=NOON + MINUTE)

    assert again(case).first_reply_at is None


def test_confirming_receipt_waits_for_an_open_case_and_is_counted(order, buyer):
    due = order.receipt_due_at
    case = opened(order, by=buyer)
    order.refresh_from_db()
    assert (order.receipt_left, order.receipt_hold_count) == (due - NOON, 1)

    sweeps.run(due + DAY)
    order.refresh_from_db()
    assert order.completed_at is None

    decisions.withdraw(case.pk, by=buyer, at=due + DAY)
    order.refresh_from_db()
    assert (order.receipt_due_at, order.receipt_left) == (due + DAY + (due - NOON), None)
    sweeps.run(order.receipt_due_at)
    order.refresh_from_db()
    assert (order.status, order.completed_at) == ("completed", order.receipt_due_at)


def test_the_last_of_several_cases_lets_the_receipt_go_on(order, buyer):
    line = order.lines.get()
    one = opened(order, by=buyer, units={line.pk: 1})
    two = opened(order, by=buyer, units={line.pk: 1}, type=CaseType.REFUND_ONLY, reason="agreed")

    decisions.withdraw(one.pk, by=buyer, at=NOON + HOUR)
    order.refresh_from_db()
    assert order.receipt_left is not None
    decisions.withdraw(two.pk, by=buyer, at=NOON + 2 * HOUR)
    order.refresh_from_db()

    assert order.receipt_left is None
    assert order.receipt_hold_count == 1


def test_a_merchants_answer_may_count_hours_of_service_only(order, buyer, merchant):
    Policy.objects.update(response_clock="windowed", response_hours=18)

    case = opened(order, by=buyer)  # Tuesday 12:00; 6 h are left of today, 9 h tomorrow, 3 h on Thursday
    assert case.due_at == NOON + 2 * DAY

    negotiation.offer(case.pk, by=merchant, at=NOON + 2 * HOUR, amount=Decimal(1))
    left = case.deadlines.get(kind="merchant_response").left
    assert left == 16 * HOUR
