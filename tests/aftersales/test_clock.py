"""The clock: cut-off and grace, pauses, extensions, outages, its own sleep, poison, and promises of money."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions import cases, messages, negotiation, promises
from aftersales.models import CalendarDay, ClockBeat, Deadline, Outage, Policy
from aftersales.rules.vocabulary import CaseType
from logistics.models import ReturnAddress
from orders.gateways import sandbox
from orders.models import Posting
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, pay, refusal, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def refund_case(order, people, at):
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, at=at)
    return cases.approve(case.pk, by=people.merchant, at=at)


# --- cut-off and grace


def test_the_clock_acts_a_minute_after_the_cut_off_and_once(order, buyer):
    case = opened(order, by=buyer)

    fired = [sweeps.fire_deadlines(case.due_at + wait)["merchant_response"] for wait in (59 * SECOND, MINUTE, HOUR)]

    assert fired == [0, 1, 0]
    assert case.deadlines.get(kind="merchant_response").status == "fired"


def test_silence_is_counted_as_approved_by_the_clock(order, buyer):
    case = opened(order, by=buyer)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert case.clock_approved_at == case.approved_at == case.breached_at
    assert case.return_address is not None
    assert case.rounds.get().outcome == "agreed"


def test_many_silent_merchants_at_once(shop, order, buyer):
    asked = [opened(sold(merchant=shop, buyer=order.buyer), by=buyer) for _number in range(12)]
    mixed = opened(sold(merchant=shop, buyer=order.buyer, unshipped=True), by=buyer, type=CaseType.REFUND_ONLY)

    done = sweeps.fire_deadlines(asked[0].due_at + MINUTE)

    assert done["merchant_response"] == 13
    assert {again(case).status for case in asked} == {"awaiting_return"}
    assert again(mixed).status == "refunding"
    assert Deadline.objects.filter(kind="ship_return", status="pending").count() == 12


# --- extensions


def test_an_extension_needs_a_reason_and_moves_the_date_by_the_policys_step(order, people):
    case = stage("awaiting_return", order, people)
    due = case.due_at

    with pytest.raises(Refused, match="why"):
        promises.extend(case.pk, by=people.agent, at=NOON + DAY, why=" ")
    case = promises.extend(case.pk, by=people.agent, at=NOON + DAY, why="She is in hospital.")

    assert case.due_at == due + 3 * DAY
    assert case.events.get(action="extend").why == "She is in hospital."
    assert case.events.get(action="extend").data["days"] == 3


def test_past_the_limit_only_a_supervisor_extends(order, people):
    case = stage("awaiting_return", order, people)
    promises.extend(case.pk, by=people.agent, at=NOON + DAY, why="Once.")

    with pytest.raises(Refused, match="ask a supervisor"):
        promises.extend(case.pk, by=people.agent, at=NOON + DAY, why="Twice.")
    due = again(case).due_at
    case = promises.extend(case.pk, by=people.supervisor, at=NOON + DAY, why="Flood.", days=10)

    assert case.due_at == due + 10 * DAY


@pytest.mark.parametrize("days", [0, -3, 31])
def test_a_supervisor_extends_by_one_to_thirty_days(days, order, people):
    case = stage("awaiting_return", order, people)

    with pytest.raises(Refused, match="between 1 and 30"):
        promises.extend(case.pk, by=people.supervisor, at=NOON + DAY, why="Flood.", days=days)


def test_nothing_runs_nothing_is_extended(order, people):
    case = stage("arbitration", order, people)
    sweeps.fire_deadlines(case.due_at + MINUTE)
    assert again(case).due_at is None

    with pytest.raises(Refused, match="No deadline"):
        promises.extend(case.pk, by=people.supervisor, at=case.due_at + HOUR, why="More time.")


# --- outages and sleep


def test_an_outage_moves_deadlines_before_the_clock_acts(order, people):
    case = opened(order, by=people.buyer)
    due = case.due_at
    promises.declare_outage(
        started_at=due - 2 * HOUR,
        ended_at=due + HOUR,
        reason="Network",
        user_id=people.supervisor.user_id,
        at=due + HOUR,
    )

    sweeps.run(due + HOUR + MINUTE)

    assert again(case).status == "pending_merchant"
    assert again(case).due_at == due + 3 * HOUR
    sweeps.fire_deadlines(due + 3 * HOUR + MINUTE)
    assert again(case).status == "awaiting_return"


def test_an_outage_moves_once_and_only_what_ran_then(order, people):
    before = stage("awaiting_return", order, people)
    promises.declare_outage(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )
    outage = Outage.objects.get()
    after = opened(sold(merchant=order.merchant, buyer=order.buyer), by=people.buyer, at=NOON + 6 * HOUR)

    moved = [promises.apply_outage(outage, at=NOON + 6 * HOUR) for _time in range(2)]

    assert moved == [1, 0]
    assert again(before).due_at == before.due_at + 3 * HOUR
    assert again(after).due_at == after.due_at


def test_overlapping_outages_count_each_minute_once(order, people):
    case = opened(order, by=people.buyer)
    for begins, ends in ((2, 5), (3, 6), (2, 6)):
        promises.declare_outage(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="Network", user_id=None, at=NOON + DAY
        )

    sweeps.apply_outages(NOON + DAY)

    assert again(case).due_at == case.due_at + 4 * HOUR


def test_a_paused_clock_loses_nothing_to_an_outage(order, people):
    case = stage("pending_buyer", order, people)
    left = case.deadlines.get(kind="merchant_response").left
    promises.declare_outage(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )

    sweeps.apply_outages(NOON + 6 * HOUR)

    assert case.deadlines.get(kind="merchant_response").left == left
    assert again(case).due_at == case.due_at + 3 * HOUR


def test_what_the_platform_owes_is_not_put_off_by_its_outage(unshipped, people):
    case = refund_case(unshipped, people, NOON)
    promises.declare_outage(
        started_at=NOON + HOUR, ended_at=NOON + 9 * HOUR, reason="Network", user_id=None, at=NOON + 9 * HOUR
    )

    sweeps.apply_outages(NOON + 9 * HOUR)

    assert again(case).due_at == case.due_at


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (1, 1), (1, 99)])
def test_an_outage_starts_before_it_ends_and_has_ended(begins, ends):
    with pytest.raises(Refused):
        promises.declare_outage(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="?", user_id=None, at=NOON + 3 * HOUR
        )


def test_a_clock_that_slept_moves_what_ran_meanwhile(order, people):
    sweeps.run(NOON)
    case = opened(order, by=people.buyer)

    sweeps.run(case.due_at + 6 * HOUR)

    assert again(case).status == "pending_merchant"
    assert again(case).due_at == case.due_at + 54 * HOUR
    assert Outage.objects.get().moved_count == 1


def test_a_sleep_is_counted_once_even_when_the_first_sweep_after_it_fails(order, people):
    sweeps.run(NOON)
    case = opened(order, by=people.buyer)

    sweeps.note_sleep(NOON + 6 * HOUR)
    sweeps.apply_outages(NOON + 6 * HOUR)
    sweeps.run(NOON + 6 * HOUR + 30 * SECOND)

    assert Outage.objects.count() == 1
    assert again(case).due_at == case.due_at + 6 * HOUR


def test_a_clock_that_ticks_makes_no_outage():
    for minute in range(0, 40, 9):
        sweeps.run(NOON + minute * MINUTE)

    assert not Outage.objects.exists()
    assert ClockBeat.objects.get().beat_at == NOON + 36 * MINUTE


# --- poison


@pytest.fixture
def poison(order, buyer):
    """A case whose deadline can not be kept: the shop has no address any more."""
    case = opened(order, by=buyer)
    ReturnAddress.objects.filter(merchant=order.merchant).update(is_active=False)
    return case


def test_poison_is_held_longer_each_time_and_then_put_aside(poison):
    row = poison.deadlines.get(kind="merchant_response")
    at, holds = poison.due_at + MINUTE, []
    for _try in range(5):
        sweeps.fire_deadlines(at)
        row.refresh_from_db()
        holds.append(row.hold_until - at)
        at = row.hold_until

    assert holds == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 32 * MINUTE]
    assert (row.status, row.tries) == ("quarantined", 5)
    assert "no return address" in row.last_error
    assert sweeps.fire_deadlines(at + DAY)["merchant_response"] == 0
    assert again(poison).version == 1


def test_poison_is_left_alone_while_it_is_held(poison):
    sweeps.fire_deadlines(poison.due_at + MINUTE)

    sweeps.fire_deadlines(poison.due_at + MINUTE + 119 * SECOND)

    assert poison.deadlines.get(kind="merchant_response").tries == 1


def test_ten_poisoned_cases_do_not_hold_up_the_others(poison, order, buyer):
    for _number in range(9):
        opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)
    elsewhere = sold()
    sound = [
        opened(sold(merchant=elsewhere.merchant, buyer=order.buyer), by=buyer, at=NOON + SECOND)
        for _number in range(20)
    ]

    sweeps.fire_deadlines(poison.due_at + HOUR)

    assert {again(case).status for case in sound} == {"awaiting_return"}
    assert Deadline.objects.filter(kind="merchant_response", status="pending", tries=1).count() == 10


def test_a_quarantined_promise_is_not_extended_and_a_person_can_still_decide(poison, people):
    Deadline.objects.filter(case=poison, kind="merchant_response").update(status="quarantined")

    with pytest.raises(Refused, match="No deadline"):
        promises.extend(poison.pk, by=people.supervisor, at=NOON + 50 * HOUR, why="Later.")
    ReturnAddress.objects.update(is_active=True)

    assert cases.approve(poison.pk, by=people.merchant, at=NOON + 50 * HOUR).status == "awaiting_return"


# --- the refund deadline


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


def test_a_late_merchant_is_paid_for_by_the_platform_from_the_guarantee_account(unshipped, people):
    Policy.objects.update(release_above=Decimal(1))
    case = refund_case(unshipped, people, NOON)

    sweeps.run(case.due_at + MINUTE)

    case = again(case)
    refund = case.refunds.get()
    assert (case.status, refund.status, refund.payer) == ("completed", "succeeded", "platform")
    assert case.breached_at is not None
    sums = {
        account: sum(row.amount for row in Posting.objects.filter(account=account))
        for account in ("merchant", "guarantee", "refunds_due", "gateway")
    }
    assert sums == {"merchant": 0, "guarantee": Decimal(110), "refunds_due": 0, "gateway": Decimal(-110)}


def test_the_platform_sends_a_failed_refund_again_and_charges_once(unshipped, people):
    sandbox.set_fault("decline", "2x")
    case = refund_case(unshipped, people, NOON)
    pay(NOON)
    assert again(case).status == "refund_failed"

    for _time in range(3):
        at = again(case).due_at + MINUTE
        sweeps.fire_deadlines(at)
        pay(at)
        if again(case).status == "completed":
            break

    assert again(case).status == "completed"
    assert sum(row.amount for row in Posting.objects.filter(account="guarantee")) == Decimal(110)
    assert sandbox.ledger_total() == Decimal(110)


# --- first replies


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

    cases.reject(case.pk, by=merchant, at=NOON + 5 * MINUTE + SECOND, reason=refusal())

    assert case.deadlines.get(kind="first_reply").status == "missed"


def test_a_note_is_no_reply(order, buyer, agent):
    case = opened(order, by=buyer)

    messages.note(case.pk, "Looks like fraud.", by=agent, at=NOON + MINUTE)

    assert again(case).first_reply_at is None


# --- confirmation of receipt


def test_confirming_receipt_waits_for_an_open_case_and_is_counted(order, buyer):
    due = order.receipt_due_at
    case = opened(order, by=buyer)
    order.refresh_from_db()
    assert (order.receipt_left, order.receipt_hold_count) == (due - NOON, 1)

    sweeps.run(due + DAY)
    order.refresh_from_db()
    assert order.completed_at is None

    cases.withdraw(case.pk, by=buyer, at=due + DAY)
    order.refresh_from_db()
    assert (order.receipt_due_at, order.receipt_left) == (due + DAY + (due - NOON), None)
    sweeps.run(order.receipt_due_at)
    order.refresh_from_db()
    assert (order.status, order.completed_at) == ("completed", order.receipt_due_at)


def test_the_last_of_several_cases_lets_the_receipt_go_on(order, buyer):
    line = order.lines.get()
    one = opened(order, by=buyer, units={line.pk: 1})
    two = opened(order, by=buyer, units={line.pk: 1}, type=CaseType.REFUND_ONLY, reason="agreed")

    cases.withdraw(one.pk, by=buyer, at=NOON + HOUR)
    order.refresh_from_db()
    assert order.receipt_left is not None
    cases.withdraw(two.pk, by=buyer, at=NOON + 2 * HOUR)
    order.refresh_from_db()

    assert order.receipt_left is None
    assert order.receipt_hold_count == 1


# --- hours of service


def test_a_merchants_answer_may_count_hours_of_service_only(order, buyer, merchant):
    Policy.objects.update(response_clock="windowed", response_hours=18)

    case = opened(order, by=buyer)  # Tuesday 12:00; 6 h are left of today, 9 h tomorrow, 3 h on Thursday
    assert case.due_at == NOON + 2 * DAY

    negotiation.offer(case.pk, by=merchant, at=NOON + 2 * HOUR, amount=Decimal(1))
    left = case.deadlines.get(kind="merchant_response").left
    assert left == 16 * HOUR
