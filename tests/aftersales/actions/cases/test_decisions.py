"""Deciding: agreeing within one's limit, a second person above it, rejecting with a reason from the list."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import evidence
from aftersales.actions.refunds import approvals
from aftersales.models import Policy, Round
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType
from logistics.models import ReturnAddress
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, picture, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def dear(order):
    """An order for 300.00, above an agent's limit of 200."""
    return sold(merchant=order.merchant, buyer=order.buyer, lines=[(1, 300)])


def test_agreeing_says_where_to_and_until_when(order, buyer, merchant):
    case = opened(order, by=buyer)

    case = decisions.approve(case.pk, by=merchant, at=NOON + HOUR, return_freight=Decimal(8))

    assert case.return_address == order.merchant.return_addresses.get()
    assert (case.due_kind, case.due_at) == ("ship_return", NOON + HOUR + 7 * DAY)
    assert case.deadlines.get(kind="merchant_response").status == "met"
    assert Round.objects.get(case=case).outcome == "agreed"
    assert case.return_freight_amount == Decimal(8)


def test_a_shop_without_an_address_can_not_ask_goods_back(order, buyer, merchant):
    case = opened(order, by=buyer)
    ReturnAddress.objects.update(is_active=False)

    with pytest.raises(Refused, match="no return address"):
        decisions.approve(case.pk, by=merchant, at=NOON + HOUR)


def test_a_stale_page_changes_nothing(order, buyer, merchant, agent):
    case = opened(order, by=buyer)
    decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal(), version=1)

    with pytest.raises(gate.Stale) as stale:
        decisions.approve(case.pk, by=agent, at=NOON + HOUR, version=1)

    assert stale.value.case.version == 2
    assert again(case).status == "rejected"


def test_limits_grow_with_the_role(dear, buyer, agent, senior, merchant):
    case = opened(dear, by=buyer)

    with pytest.raises(Refused, match="above your limit"):
        decisions.approve(case.pk, by=agent, at=NOON + HOUR)
    assert decisions.approve(case.pk, by=senior, at=NOON + HOUR).status == "awaiting_return"

    Policy.objects.update(authority_senior=Decimal(100))
    other = opened(sold(merchant=dear.merchant, buyer=dear.buyer, lines=[(1, 300)]), by=buyer)
    with pytest.raises(Refused, match="above your limit"):
        decisions.approve(other.pk, by=senior, at=NOON + HOUR)
    assert decisions.approve(other.pk, by=merchant, at=NOON + HOUR).status == "awaiting_return"


def test_a_second_person_allows_what_is_above_the_limit(dear, buyer, agent, supervisor):
    case = opened(dear, by=buyer)
    request = approvals.ask(case.pk, by=agent, at=NOON + HOUR, why="A good customer.")

    case = approvals.allow(case.pk, by=supervisor, at=NOON + 2 * HOUR)

    request.refresh_from_db()
    assert (request.status, request.decided_by_id) == ("approved", supervisor.user_id)
    assert case.status == "awaiting_return"


def test_nobody_allows_their_own_request(dear, buyer, supervisor):
    case = opened(dear, by=buyer)
    approvals.ask(case.pk, by=supervisor, at=NOON + HOUR)

    with pytest.raises(Refused, match="You asked for this yourself"):
        approvals.allow(case.pk, by=supervisor, at=NOON + 2 * HOUR)


def test_one_request_at_a_time_and_a_declined_one_says_why(dear, buyer, agent, supervisor):
    case = opened(dear, by=buyer)
    approvals.ask(case.pk, by=agent, at=NOON + HOUR)

    with pytest.raises(Refused, match="already waits"):
        approvals.ask(case.pk, by=agent, at=NOON + HOUR)
    with pytest.raises(Refused, match="why"):
        approvals.decline(case.pk, by=supervisor, at=NOON + HOUR, answer=" ")
    case = approvals.decline(case.pk, by=supervisor, at=NOON + HOUR, answer="Ask for a photo.")

    assert (case.status, case.due_kind) == ("pending_merchant", "merchant_response")
    assert again(approvals.ask(case.pk, by=agent, at=NOON + 2 * HOUR).case).status == "pending_merchant"


def test_nobody_allows_what_nobody_asked_for(dear, buyer, supervisor):
    case = opened(dear, by=buyer)

    with pytest.raises(Refused, match="Nobody has asked"):
        approvals.allow(case.pk, by=supervisor, at=NOON + HOUR)


@pytest.mark.parametrize("how", ["merchant agrees", "rejected", "withdrawn", "silence"])
def test_a_request_is_void_once_the_case_is_decided_otherwise(how, dear, buyer, agent, merchant):
    case = opened(dear, by=buyer)
    request = approvals.ask(case.pk, by=agent, at=NOON + HOUR)

    if how == "merchant agrees":
        decisions.approve(case.pk, by=merchant, at=NOON + 2 * HOUR)
    elif how == "rejected":
        decisions.reject(case.pk, by=merchant, at=NOON + 2 * HOUR, reason=refusal())
    elif how == "withdrawn":
        decisions.withdraw(case.pk, by=buyer, at=NOON + 2 * HOUR)
    else:
        decisions.approve(case.pk, by=actor.CLOCK, at=NOON + 49 * HOUR)

    request.refresh_from_db()
    assert request.status == "void"


def test_rejecting_keeps_the_hold_and_gives_the_buyer_seven_days(order, buyer, merchant):
    case = opened(order, by=buyer)

    case = decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal(), note="Too late.")

    assert (case.due_kind, case.due_at) == ("rejected", NOON + HOUR + 7 * DAY)
    assert order.lines.get().units_reserved == 2
    record = Round.objects.get(case=case)
    assert (record.outcome, record.reject_reason.code, record.reject_note) == (
        "rejected",
        "cannot_agree",
        "Too late.",
    )


def test_a_reason_to_reject_that_needs_text(order, buyer, merchant):
    case = opened(order, by=buyer)

    with pytest.raises(Refused, match="needs an explanation"):
        decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal("goods_fine"), note="  ")

    assert (
        decisions.reject(
            case.pk, by=merchant, at=NOON + HOUR, reason=refusal("goods_fine"), note="See the picture."
        ).status
        == "rejected"
    )


def test_a_reason_to_reject_that_needs_proof(order, buyer, merchant):
    case = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()])

    with pytest.raises(Refused, match="needs proof"):
        decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal("signed_for"))
    evidence.add(case.pk, [picture()], by=merchant, at=NOON + HOUR)

    assert decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal("signed_for")).status == "rejected"
