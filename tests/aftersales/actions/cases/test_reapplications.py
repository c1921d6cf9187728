"""After a rejection: asked again in a new round, withdrawn, left to lapse, or opened again by a supervisor."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Policy
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, found, pay, picture, refusal, stage
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def rejected(order, people):
    return stage("rejected", order, people)


def test_the_rejected_round_stays_on_record(rejected, order, buyer):
    line = order.lines.get()
    application = asks(order, units={line.pk: 1}, description="One of them has a stain.")

    case = decisions.reapply(rejected.pk, application, by=buyer, at=NOON + 2 * HOUR)

    first, second = case.rounds.order_by("number")
    assert (first.outcome, first.amount, first.lines[0]["units"]) == ("rejected", Decimal(100), 2)
    assert (second.outcome, second.amount, second.lines[0]["units"]) == ("open", Decimal(50), 1)
    assert second.description == "One of them has a stain."
    assert (case.status, case.round_number, case.reject_reason) == ("pending_merchant", 2, None)
    assert case.due_at == NOON + 2 * HOUR + 48 * HOUR
    line.refresh_from_db()
    assert (line.units_reserved, line.amount_reserved) == (1, Decimal(50))


def test_the_window_was_kept_by_the_first_application(rejected, order, buyer):
    rejected.order.signed_at = NOON - 8 * DAY
    rejected.order.save()
    rejected.opened_at = NOON - DAY
    rejected.save()

    case = decisions.reapply(rejected.pk, asks(order), by=buyer, at=NOON + 2 * HOUR)

    assert case.status == "pending_merchant"


def test_applications_are_counted_over_rounds(rejected, order, buyer, merchant):
    Policy.objects.update(application_count=2)
    decisions.reapply(rejected.pk, asks(order), by=buyer, at=NOON + 2 * HOUR)
    decisions.reject(rejected.pk, by=merchant, at=NOON + 3 * HOUR, reason=refusal())

    with pytest.raises(Refused, match="2 times"):
        decisions.reapply(rejected.pk, asks(order), by=buyer, at=NOON + 4 * HOUR)


def test_an_item_applied_for_too_often_does_not_slip_in_with_another(order, buyer, merchant):
    two = sold(merchant=order.merchant, buyer=order.buyer, lines=[(1, 40), (1, 60)])
    one, other = two.lines.order_by("position")
    Policy.objects.update(application_count=2)
    for _time in range(2):
        decisions.withdraw(opened(two, by=buyer, units={other.pk: 1}).pk, by=buyer, at=NOON)
    case = opened(two, by=buyer, units={one.pk: 1})
    decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal())

    with pytest.raises(Refused, match="2 times"):
        decisions.reapply(case.pk, asks(two, units={other.pk: 1}), by=buyer, at=NOON + 2 * HOUR)


def test_goods_shipped_since_are_stopped_on_their_way(unshipped, buyer, merchant):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal("other"), note="No.")
    Order.objects.filter(pk=unshipped.pk).update(shipped_at=NOON, shipped_told_by="import")
    decisions.reapply(case.pk, asks(unshipped, type=CaseType.REFUND_ONLY), by=buyer, at=NOON + 2 * HOUR)

    case = decisions.approve(case.pk, by=merchant, at=NOON + 3 * HOUR)

    assert case.status == "intercepting"
    assert case.freight_held == 0


def test_another_item_after_a_failed_inspection_is_paid_alone(order, people):
    """The item that failed stays on record and is not paid for when nobody looks at the other one."""
    two = sold(merchant=order.merchant, buyer=order.buyer, lines=[(1, 40), (1, 60)])
    first, second = two.lines.order_by("position")
    case = opened(two, by=people.buyer, units={first.pk: 1})
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    shipments.ship(case.pk, by=people.buyer, at=NOON, carrier="SF", waybill="SF1")
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 1})
    bad = found(line, 1, accepted=False, condition="wrong_item", photos=[picture()])
    inspections.fail_inspection(case.pk, bad, by=people.warehouse, at=NOON, reason=refusal("wrong_return"))

    decisions.reapply(case.pk, asks(two, units={second.pk: 1}), by=people.buyer, at=NOON + HOUR)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + HOUR, carrier="SF", waybill="SF2")
    sweeps.fire_deadlines(NOON + 12 * DAY)
    pay(NOON + 12 * DAY)

    case = again(case)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (case.status, case.agreed_amount) == ("completed", Decimal(60))
    assert (first.units_left, first.amount_left) == (1, Decimal(40))
    assert (second.units_settled, second.amount_settled) == (1, Decimal(60))


def test_a_rejection_that_nobody_answers_closes_the_case(rejected, order):
    sweeps.fire_deadlines(rejected.due_at + MINUTE)

    case = again(rejected)
    assert (case.status, case.close_reason) == ("closed", "expired")
    assert order.lines.get().units_left == 2


def test_withdrawing_frees_everything(unshipped, buyer):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)

    case = decisions.withdraw(case.pk, by=buyer, at=NOON + HOUR)

    unshipped.refresh_from_db()
    line = unshipped.lines.get()
    assert (case.status, case.close_reason) == ("closed", "withdrawn")
    assert (line.units_reserved, line.amount_reserved, unshipped.freight_reserved) == (0, 0, 0)
    assert case.rounds.get().outcome == "closed"


def test_reopening_needs_a_reason_in_writing(rejected, buyer, supervisor):
    decisions.withdraw(rejected.pk, by=buyer, at=NOON + 2 * HOUR)

    with pytest.raises(Refused, match="why"):
        decisions.reopen(rejected.pk, by=supervisor, at=NOON + 3 * HOUR, why=" ")


def test_a_closed_case_is_reopened_whether_or_not_the_window_is_over(rejected, order, buyer, supervisor):
    decisions.withdraw(rejected.pk, by=buyer, at=NOON + 2 * HOUR)

    case = decisions.reopen(rejected.pk, by=supervisor, at=NOON + 60 * DAY, why="The parcel was lost.")

    assert (case.status, case.close_reason, case.closed_at, case.reopened_count) == ("pending_merchant", "", None, 1)
    assert case.due_at == NOON + 60 * DAY + timedelta(hours=48)
    assert order.lines.get().units_reserved == 2
    assert case.rounds.count() == 2


def test_a_reopened_cancellation_asks_its_freight_again(unshipped, buyer, supervisor):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.withdraw(case.pk, by=buyer, at=NOON + HOUR)

    case = decisions.reopen(case.pk, by=supervisor, at=NOON + 2 * HOUR, why="A mistake.")

    unshipped.refresh_from_db()
    assert (case.freight_held, unshipped.freight_reserved) == (Decimal(10), Decimal(10))


def test_a_reopened_case_asks_only_for_units_that_no_other_case_took(rejected, order, buyer, supervisor):
    decisions.withdraw(rejected.pk, by=buyer, at=NOON + 2 * HOUR)
    new = opened(order, by=buyer, at=NOON + 3 * HOUR, units={order.lines.get().pk: 1})

    case = decisions.reopen(rejected.pk, by=supervisor, at=NOON + 4 * HOUR, why="The parcel was lost.")

    line = case.lines.get()
    assert (line.units_held, line.units_due, line.amount_held) == (1, 1, Decimal(50))
    assert new.lines.get().units_held == 1


def test_a_reopened_case_takes_in_no_more_than_its_own_units(rejected, order, people):
    decisions.withdraw(rejected.pk, by=people.buyer, at=NOON + 2 * HOUR)
    opened(order, by=people.buyer, at=NOON + 3 * HOUR, units={order.lines.get().pk: 1})
    decisions.reopen(rejected.pk, by=people.supervisor, at=NOON + 4 * HOUR, why="The parcel was lost.")
    decisions.approve(rejected.pk, by=people.merchant, at=NOON + 5 * HOUR)

    with pytest.raises(Refused, match="only 1 more belong"):
        receipts.receive(
            rejected.pk, by=people.warehouse, at=NOON + DAY, units={rejected.lines.get().pk: 2}, waybill="SF1"
        )


def test_nothing_is_reopened_when_other_cases_have_all_units(rejected, order, buyer, supervisor):
    decisions.withdraw(rejected.pk, by=buyer, at=NOON + 2 * HOUR)
    opened(order, by=buyer, at=NOON + 3 * HOUR)

    with pytest.raises(Refused, match="Nothing of these items is left"):
        decisions.reopen(rejected.pk, by=supervisor, at=NOON + 4 * HOUR, why="The parcel was lost.")


def test_a_completed_case_has_nothing_left_to_reopen_for(order, people):
    case = stage("completed", order, people)

    with pytest.raises(Refused, match="Nothing of these items is left"):
        decisions.reopen(case.pk, by=people.supervisor, at=NOON + DAY, why="Why not?")


def test_the_third_unit_that_came_later_is_paid_after_reopening(order, people):
    three = sold(merchant=order.merchant, buyer=order.buyer, lines=[(3, 100)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})
    inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON)
    pay(NOON)
    assert again(case).agreed_amount == Decimal("66.66")

    decisions.reopen(case.pk, by=people.supervisor, at=NOON + DAY, why="The third one came.")
    decisions.approve(case.pk, by=people.merchant, at=NOON + DAY)
    with pytest.raises(Refused, match="only 1 more"):
        receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})
    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 1})
    inspections.pass_inspection(case.pk, found(line, 1), by=people.warehouse, at=NOON + DAY)
    pay(NOON + DAY)

    sold_line = three.lines.get()
    assert again(case).status == "completed"
    assert (sold_line.units_settled, sold_line.amount_settled) == (3, Decimal(100))
    assert sum(refund.amount for refund in case.refunds.all()) == Decimal(100)
