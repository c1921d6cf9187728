"""Requests for approval end when what they ask for is no longer what would happen."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from aftersales.actions import gate
from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.actions.refunds import approvals, intents
from aftersales.actions.replacements import dispatches
from aftersales.models import ApprovalRequest, Case, Event, Policy
from aftersales.rules.actor import CLOCK, buyer
from aftersales.rules.vocabulary import Status
from tests.aftersales.stages import HOUR, broken, refusal, stage
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def dear(shop, people):
    """Two units for 1,216.00, which no agent decides alone."""
    return sold(merchant=shop, lines=[(2, 1216)], freight_amount=0)


@pytest.fixture
def asked(dear, people):
    case = opened(dear, by=buyer(dear.buyer_id))
    return approvals.ask(case.pk, by=people.agent, at=NOON + HOUR, why="A good customer.")


def now(request):
    request.refresh_from_db()
    return request.status, request.ended_why, request.ended_by


def test_a_request_says_what_it_would_come_to(asked):
    assert (asked.action, asked.amount, asked.asked_in) == ("approve", Decimal(1216), "pending_merchant")
    assert (asked.case_type, asked.given_as, asked.leads_to) == ("return_refund", "money", "awaiting_return")


def test_an_offer_of_less_ends_the_request_for_more(asked, people):
    negotiation.offer(asked.case_id, by=people.agent, at=NOON + 2 * HOUR, amount=Decimal(100))

    assert now(asked) == ("void", "overtaken", "offer")
    told = Event.objects.get(action="end_request")
    assert told.data == {"ended": "overtaken", "asked": "approve", "amount": "1216.0000", "asker": "Agent"}

    negotiation.decline(asked.case_id, by=buyer(asked.case.buyer_id), at=NOON + 3 * HOUR)
    with pytest.raises(gate.Refused, match="Nobody has asked"):
        approvals.allow(asked.case_id, by=people.supervisor, at=NOON + 4 * HOUR)
    assert broken() == []


DECIDED = {
    "reject": lambda case, people, at: decisions.reject(case.pk, by=people.merchant, at=at, reason=refusal()),
    "approve": lambda case, people, at: decisions.approve(case.pk, by=people.merchant, at=at),
    "withdraw": lambda case, people, at: decisions.withdraw(case.pk, by=buyer(case.buyer_id), at=at),
    "convert": lambda case, people, at: conversions.convert(
        case.pk, asks(case.order, type="exchange", reason="wrong_size_chosen"), by=people.agent, at=at
    ),
}


@pytest.mark.parametrize("how", DECIDED)
def test_whatever_else_is_decided_ends_the_request(how, asked, people):
    DECIDED[how](asked.case, people, NOON + 2 * HOUR)

    assert now(asked) == ("void", "overtaken", how)


def test_silence_ends_the_request_too(asked):
    decisions.approve(asked.case_id, by=CLOCK, at=NOON + timedelta(hours=49))

    assert now(asked) == ("void", "overtaken", "approve")


def test_a_smaller_case_ends_the_request_for_the_larger_one(asked, people):
    splits.split(asked.case_id, {asked.case.lines.get().pk: 1}, by=people.agent, at=NOON + 2 * HOUR)

    assert now(asked) == ("void", "other_sum", "split")


def test_a_larger_case_ends_the_request_for_the_smaller_one(dear, people):
    line = dear.lines.get()
    one, other = (opened(dear, by=buyer(dear.buyer_id), units={line.pk: 1}) for _unit in range(2))
    request = approvals.ask(one.pk, by=people.agent, at=NOON + HOUR)

    merges.merge(other.pk, one.pk, by=people.agent, at=NOON + 2 * HOUR)

    assert now(request) == ("void", "other_sum", "take_over")


def test_another_case_of_the_order_can_end_it(shop, people):
    order = sold(merchant=shop, lines=[(1, 300), (1, 400)], freight_amount=10, unshipped=True)
    first, second = order.lines.order_by("pk")
    cases = [
        opened(order, by=buyer(order.buyer_id), type="refund_only", units={line.pk: 1}) for line in (first, second)
    ]
    request = approvals.ask(cases[0].pk, by=people.agent, at=NOON + HOUR)
    assert request.amount == Decimal(300)

    paid = decisions.approve(cases[1].pk, by=people.merchant, at=NOON + 2 * HOUR)
    intents.paid(paid.refunds.get(), at=NOON + 3 * HOUR)
    intents.settle(paid.pk, by=people.gateway, at=NOON + 3 * HOUR)

    assert now(request) == ("void", "other_sum", "settle")
    assert Event.objects.get(action="end_request").case_id == cases[0].pk
    assert broken() == []


def test_what_changes_nothing_of_it_leaves_the_request(asked, people):
    extensions.extend(asked.case_id, by=people.supervisor, at=NOON + 2 * HOUR, why="Soon.", days=1)

    assert now(asked)[0] == "pending"
    assert approvals.allow(asked.case_id, by=people.supervisor, at=NOON + 3 * HOUR).status == "awaiting_return"


def test_the_second_person_allows_what_they_have_read(asked, people):
    with pytest.raises(gate.Refused, match="Something else is asked for by now"):
        approvals.allow(asked.case_id, by=people.supervisor, at=NOON + 2 * HOUR, request_id=asked.pk + 1)

    case = approvals.allow(asked.case_id, by=people.supervisor, at=NOON + 2 * HOUR, request_id=asked.pk)

    assert case.status == "awaiting_return"
    assert now(asked) == ("approved", "", "")


def test_the_database_keeps_no_request_for_what_can_not_be_done(asked):
    with (
        pytest.raises(IntegrityError, match="can no longer be done"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        Case.objects.filter(pk=asked.case_id).update(status="rejected")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_goods_that_moved_since_end_the_request_when_it_is_allowed(shop, people):
    order = sold(merchant=shop, lines=[(1, 300)], freight_amount=0, unshipped=True)
    case = opened(order, by=buyer(order.buyer_id), type="refund_only")
    request = approvals.ask(case.pk, by=people.agent, at=NOON + HOUR)
    assert request.leads_to == "refunding"
    order.shipped_at, order.shipped_told_by = NOON + 2 * HOUR, "import"
    order.save()

    with pytest.raises(gate.Overtaken, match="no longer what would happen"):
        approvals.allow(case.pk, by=people.supervisor, at=NOON + 3 * HOUR)

    assert now(request) == ("void", "other_outcome", "allow")
    assert ApprovalRequest.objects.get().ended_at == NOON + 3 * HOUR
    again = approvals.ask(case.pk, by=people.agent, at=NOON + 4 * HOUR)
    assert again.leads_to == "intercepting"
    assert approvals.allow(case.pk, by=people.supervisor, at=NOON + 5 * HOUR).status == "intercepting"


def test_money_instead_above_the_limit_is_asked_for_and_allowed(shop, people):
    order = sold(merchant=shop, lines=[(2, 278)], freight_amount=0)
    case = opened(order, by=buyer(order.buyer_id), type="exchange", reason="wrong_size_chosen")
    case = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    Case.objects.filter(pk=case.pk).update(status="awaiting_dispatch")
    with pytest.raises(gate.Refused, match="above your limit"):
        dispatches.give_money(case.pk, by=people.agent, at=NOON + 2 * HOUR)

    asked = approvals.ask(case.pk, by=people.agent, at=NOON + 2 * HOUR)
    assert (asked.action, asked.amount, asked.leads_to) == ("give_money_instead", Decimal(278), "refunding")
    allowed = approvals.allow(case.pk, by=people.supervisor, at=NOON + 3 * HOUR)

    assert allowed.status == "refunding" and allowed.replacement_failed_at == NOON + 3 * HOUR
    event = Event.objects.get(action="allow")
    assert (event.data["asked"], event.data["decided"]) == ("give_money_instead", "278.0000")


def test_an_offer_accepted_for_the_buyer_above_the_limit_is_asked_for_with_their_consent(asked, people):
    case = asked.case
    negotiation.offer(case.pk, by=people.merchant, at=NOON + 2 * HOUR, amount=Decimal(900))
    with pytest.raises(gate.Refused, match="This is the buyer's to do"):
        approvals.ask(case.pk, by=replace(people.agent, consent=None), at=NOON + 2 * HOUR)

    request = approvals.ask(case.pk, by=people.agent, at=NOON + 2 * HOUR)
    assert (request.action, request.amount) == ("accept_offer", Decimal(900))
    allowed = approvals.allow(case.pk, by=people.supervisor, at=NOON + 3 * HOUR, request_id=request.pk)

    assert (allowed.status, allowed.agreed_amount) == ("awaiting_return", Decimal(900))
    assert case.offers.get().status == "accepted"
    data = Event.objects.get(action="allow").data
    assert (data["asked"], data["channel"], data["decided"]) == ("accept_offer", "call", "900.0000")


def test_ones_own_offer_is_accepted_with_a_second_person(shop, people):
    order = sold(merchant=shop, lines=[(2, 100)], freight_amount=0)
    case = opened(order, by=buyer(order.buyer_id))
    negotiation.offer(case.pk, by=people.agent, at=NOON + HOUR, amount=Decimal(100))
    with pytest.raises(gate.Refused, match="You made this offer"):
        negotiation.accept(case.pk, by=people.agent, at=NOON + HOUR)

    approvals.ask(case.pk, by=people.agent, at=NOON + HOUR)

    assert approvals.allow(case.pk, by=people.supervisor, at=NOON + 2 * HOUR).agreed_amount == Decimal(100)


@pytest.mark.parametrize(
    ("action", "type", "status"),
    [("choose_refund", "return_refund", "refunding"), ("choose_exchange", "exchange", "awaiting_dispatch")],
)
def test_a_choice_after_repairs_above_the_limit_is_asked_for(action, type, status, order, people):
    case = stage(Status.REPAIRING, order, people)
    with pytest.raises(gate.Refused, match="Possible after"):
        approvals.ask(case.pk, by=people.agent, at=case.moved_at + HOUR, action=action)
    Case.objects.filter(pk=case.pk).update(choice_offered_at=NOON)
    Policy.objects.update(authority_agent=Decimal(50))

    request = approvals.ask(case.pk, by=people.agent, at=case.moved_at + HOUR, action=action)
    assert (request.case_type, request.leads_to) == (type, status)
    allowed = approvals.allow(case.pk, by=people.supervisor, at=case.moved_at + 2 * HOUR)

    assert (allowed.type, allowed.status) == (type, status)


def test_what_is_impossible_for_another_reason_is_not_asked_for(shop, people):
    order = sold(merchant=shop, lines=[(2, 1216)], freight_amount=0)
    case = opened(order, by=buyer(order.buyer_id))

    with pytest.raises(gate.Refused, match="not possible now"):
        approvals.ask(case.pk, by=people.agent, at=NOON + HOUR, action="choose_refund")
    with pytest.raises(gate.Refused, match="not possible now"):
        approvals.ask(case.pk, by=people.agent, at=NOON + HOUR, action="reject")
