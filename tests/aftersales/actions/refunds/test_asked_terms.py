"""Offers and rulings above one's own limit: asked for with their terms, carried out exactly as they were asked."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions import gate
from aftersales.actions.cases import negotiation
from aftersales.actions.refunds import approvals
from aftersales.models import Case, Event, Offer, Policy
from aftersales.rules.actor import buyer
from aftersales.rules.refunds.asked_terms import Proposed, Ruled
from aftersales.rules.vocabulary import Fault, GivenAs
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, broken, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
D = Decimal
OFFER = Proposed(amount=D(600), type="return_refund", note="We are sorry.")
RULING = Ruled(ruling="The seam was open.", liable=Fault.MERCHANT, amount=D(600))


@pytest.fixture
def dear(shop, order, people):
    return sold(merchant=shop, buyer=order.buyer, lines=[(2, 1216)], freight_amount=0)


@pytest.fixture
def case(dear):
    return opened(dear, by=buyer(dear.buyer_id))


@pytest.fixture
def disputed(dear, people):
    """A dispute whose ruling no supervisor makes alone."""
    found = stage("arbitration", dear, people)
    Policy.objects.update(authority_supervisor=100)
    return again(found)


def ask(case, terms, by, **said):
    action = "offer" if isinstance(terms, Proposed) else "rule_for_buyer"
    return approvals.ask(case.pk, by=by, at=NOON + HOUR, action=action, terms=terms, **said)


def allow(case, by):
    return approvals.allow(case.pk, by=by, at=NOON + 2 * HOUR)


def test_an_offer_above_ones_limit_goes_out_as_it_was_asked(case, people):
    with pytest.raises(Refused, match="above your limit"):
        negotiation.offer(case.pk, by=people.agent, at=NOON + HOUR, amount=D(600))

    request = ask(case, OFFER, people.agent, why="A good customer.")
    after = allow(case, people.supervisor)

    offer = Offer.objects.get()
    assert (request.amount, request.leads_to, after.status) == (D(600), "pending_buyer", "pending_buyer")
    assert (offer.amount, offer.type, offer.given_as, offer.note) == (D(600), "return_refund", "money", "We are sorry.")
    assert offer.made_by_id == people.agent.user_id
    told = Event.objects.get(action="allow")
    assert (told.data["asked"], told.data["amount"], D(told.data["decided"])) == ("offer", "600", D(600))
    assert broken() == []


def test_who_asked_does_not_accept_their_own_offer_for_the_buyer(case, people):
    ask(case, OFFER, people.agent)
    allow(case, people.supervisor)

    with pytest.raises(Refused, match="You made this offer"):
        negotiation.accept(case.pk, by=people.agent, at=NOON + 3 * HOUR)
    assert negotiation.accept(case.pk, by=buyer(case.buyer_id), at=NOON + 3 * HOUR).status == "awaiting_return"


def test_a_small_offer_in_a_large_case_asks_only_for_the_offer(case, people):
    Policy.objects.update(authority_agent=10, authority_supervisor=100)

    ask(case, Proposed(amount=D(50), type="return_refund"), people.agent)

    assert allow(case, people.supervisor).status == "pending_buyer"


def test_an_offer_above_the_second_persons_limit_waits_for_another(case, people):
    Policy.objects.update(authority_supervisor=500)
    ask(case, OFFER, people.agent)

    with pytest.raises(Refused, match="above your limit"):
        allow(case, people.supervisor)
    assert allow(case, people.finance).status == "pending_buyer"


def test_an_offer_keeps_what_it_is_given_as(case, people):
    ask(case, Proposed(amount=D(300), type="compensation", given_as=GivenAs.COUPON), people.agent)
    allow(case, people.supervisor)

    assert Offer.objects.get().given_as == "coupon"


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Proposed(amount=D(1217), type="return_refund"), "between 0 and what was asked"),
        (Proposed(amount=D(300), type="return_refund", given_as=GivenAs.COUPON), "Only a compensation"),
    ],
)
def test_terms_that_are_not_possible_are_not_asked_for(terms, why, case, people):
    with pytest.raises(Refused, match=why):
        ask(case, terms, people.agent)


def test_a_ruling_above_ones_limit_is_given_as_it_was_asked(disputed, people):
    request = ask(disputed, RULING, people.supervisor)
    after = allow(disputed, people.finance)

    assert (request.amount, request.asked_in, after.status) == (D(600), "arbitration", request.leads_to)
    assert (after.agreed_amount, after.ruling, after.liable_party) == (D(600), "The seam was open.", "merchant")
    told = Event.objects.get(action="allow")
    assert (told.data["liable"], told.data["asked"], told.user_id) == (
        "merchant", "rule_for_buyer", people.finance.user_id,
    )  # fmt: skip
    assert broken() == []


def test_a_ruling_without_a_sum_gives_all_that_was_asked(disputed, people):
    request = ask(disputed, Ruled(ruling="Seen.", liable=Fault.MERCHANT), people.supervisor)

    after = allow(disputed, people.finance)

    assert (request.amount, after.agreed_amount, after.status) == (D(1216), None, request.leads_to)


def test_another_supervisor_is_no_way_around_the_limit(disputed, people, supervisor2):
    ask(disputed, RULING, people.supervisor)

    with pytest.raises(Refused, match="above your limit"):
        allow(disputed, supervisor2)
    assert Case.objects.get(pk=disputed.pk).status == "arbitration"


@pytest.mark.parametrize("terms", [OFFER, None])
def test_a_dispute_is_ruled_and_nothing_else_is_asked_in_it(terms, disputed, people):
    with pytest.raises(Refused):
        approvals.ask(disputed.pk, by=people.supervisor, at=NOON + HOUR, action="offer" if terms else "", terms=terms)


def test_an_agent_asks_for_no_ruling(disputed, people):
    with pytest.raises(Refused, match="supervisor decides"):
        ask(disputed, RULING, people.agent)


def test_an_empty_ruling_is_not_asked_for(disputed, people):
    with pytest.raises(Refused, match="in writing"):
        ask(disputed, Ruled(ruling=" ", liable=Fault.MERCHANT), people.supervisor)


def test_the_offer_of_somebody_else_ends_the_request(case, people):
    request = ask(case, OFFER, people.agent)

    negotiation.offer(case.pk, by=people.merchant, at=NOON + 2 * HOUR, amount=D(100))

    request.refresh_from_db()
    assert (request.status, request.ended_why) == ("void", "overtaken")
    with pytest.raises(gate.Refused):
        allow(case, people.supervisor)


def test_the_database_refuses_an_offer_without_terms(case, people):
    request = ask(case, OFFER, people.agent)

    with pytest.raises(IntegrityError, match="asked_with_terms"), transaction.atomic():
        type(request).objects.filter(pk=request.pk).update(terms={})
