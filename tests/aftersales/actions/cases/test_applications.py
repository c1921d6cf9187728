"""Applying: what a case then holds, what of the order is left, and what a request can never set."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import intents
from aftersales.models import Policy, Reason
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Status
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, picture, refusal
from tests.factories import NOON, asks, opened

pytestmark = pytest.mark.django_db


def test_a_case_holds_units_money_and_starts_the_merchants_clock(order, buyer):
    case = opened(order, by=buyer)

    line = order.lines.get()
    assert (line.units_reserved, line.amount_reserved) == (2, Decimal(100))
    assert (case.status, case.version, case.round_number) == ("pending_merchant", 1, 1)
    assert (case.due_kind, case.due_at) == ("merchant_response", NOON + timedelta(hours=48))
    assert case.number.startswith("AS-26-")
    assert case.events.get().action == "apply"
    assert {notice.recipient for notice in case.notices.all()} == {"buyer", "merchant"}


def test_many_cases_for_one_order_share_its_entitlement(shop, buyer, order):
    line = order.lines.get()

    opened(order, by=buyer, units={line.pk: 1})
    money_only = opened(
        order, by=buyer, units={line.pk: 1}, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()]
    )

    line.refresh_from_db()
    assert (line.units_left, line.amount_left) == (0, 0)
    assert money_only.requested_amount == Decimal(50)


def test_freight_goes_back_with_the_last_unit_of_what_was_never_shipped(unshipped, buyer):
    line = unshipped.lines.get()

    one = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1})
    with pytest.raises(Refused, match="1 of 2 can still be asked for"):
        opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY, units={line.pk: 2})
    decisions.approve(one.pk, by=actor.CLOCK, at=NOON + HOUR)
    for refund in one.refunds.all():
        intents.paid(refund, at=NOON + HOUR)
    intents.complete_if_paid(again(one), at=NOON + HOUR)
    last = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1}, at=NOON + 2 * HOUR)

    assert one.freight_held == 0
    assert last.freight_held == Decimal(10)


def test_small_sums_are_agreed_at_once_where_the_policy_says_so(order, buyer):
    Policy.objects.update(auto_approve_below=Decimal(150))

    case = again(opened(order, by=buyer))

    assert case.status == Status.AWAITING_RETURN
    assert list(case.events.values_list("action", "role")) == [("apply", "buyer"), ("approve", "policy")]


def test_a_sum_below_the_returnless_limit_is_refunded_without_a_return(order, buyer):
    Policy.objects.update(returnless_below=Decimal(150))

    case = again(opened(order, by=buyer))

    assert (case.type, case.status) == ("refund_only", "refunding")


def test_the_rejected_freight_is_asked_again_with_the_case(unshipped, buyer, merchant):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal("other"), note="No.")

    case = decisions.reapply(case.pk, asks(unshipped, type=CaseType.REFUND_ONLY), by=buyer, at=NOON + 2 * HOUR)

    unshipped.refresh_from_db()
    assert case.freight_held == Decimal(10)
    assert unshipped.freight_reserved == Decimal(10)


def test_a_small_credit_by_request_does_not_use_up_units(order, buyer, agent):
    line = order.lines.get()
    case = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()], amount=Decimal(2))
    decisions.approve(case.pk, by=agent, at=NOON + HOUR)

    line.refresh_from_db()
    assert (line.units_reserved, line.amount_reserved) == (0, Decimal(2))
    assert line.units_left == 2


def test_the_rest_of_a_line_given_back_uses_its_units_up(order, buyer, agent):
    line = order.lines.get()
    part = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()], amount=Decimal(2))
    decisions.approve(part.pk, by=agent, at=NOON + HOUR)
    intents.paid(part.refunds.get(), at=NOON + HOUR)
    intents.complete_if_paid(again(part), at=NOON + HOUR)

    rest = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()], at=NOON + 2 * HOUR)
    decisions.approve(rest.pk, by=agent, at=NOON + 3 * HOUR)

    line.refresh_from_db()
    assert rest.requested_amount == Decimal(98)
    assert line.units_left == 0


def test_an_application_keeps_reason_fault_and_policy_as_they_were(order, buyer):
    case = opened(order, by=buyer)
    Reason.objects.filter(code="changed_mind").update(fault="merchant", freight_payer="merchant")

    case = again(case)

    assert (case.fault, case.freight_payer) == ("buyer", "buyer")


def test_an_offer_in_fractions_of_a_fen_is_refused(order, buyer, merchant):
    case = opened(order, by=buyer)

    with pytest.raises(Refused):
        negotiation.offer(case.pk, by=merchant, at=NOON + HOUR, amount=Decimal("0.001"))
