"""An offer or a ruling above one's own limit, on the pages: refused, sent on as typed, read and allowed."""

from decimal import Decimal

import pytest

from aftersales.actions.refunds import agent_refunds
from aftersales.models import ApprovalRequest, Case, Offer, Policy
from aftersales.queries.cases import possible_moves
from tests.aftersales.stages import again, stage
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
SEND = "Send these terms for approval"


@pytest.fixture
def dear(shop, order, people):
    return sold(merchant=shop, buyer=order.buyer, lines=[(2, 1216)], freight_amount=0)


@pytest.fixture
def case(dear, people):
    return opened(dear, by=people.buyer)


def test_an_offer_above_the_limit_is_sent_on_as_it_was_typed(case, people):
    typed = {"amount": "600", "type": "compensation:coupon", "note": "We are sorry."}
    page = address(case, "offer")

    before = seat(people.agent).get(page).content.decode()
    refused = seat(people.agent).post(page, sent(case, **typed))
    done = seat(people.agent).post(page, sent(case, ask="1", **typed), follow=True)

    assert SEND not in before
    assert refused.status_code == 422
    assert SEND in refused.content.decode()
    assert "above your limit" in refused.content.decode()
    assert "Sent for approval" in done.content.decode()
    assert "We are sorry." in done.content.decode()
    assert "Make an offer (Compensation): ¥600.00. The case then moves to: Waiting for buyer." in done.content.decode()
    assert ApprovalRequest.objects.get().amount == 600

    card = seat(people.supervisor).get("/approvals/")
    text = card.content.decode()
    asked = ApprovalRequest.objects.get()
    form = {f"{asked.pk}-answer": "", "verdict": "allow"}
    seat(people.supervisor).post(f"/approvals/{asked.pk}/", sent(again(case), **form))

    assert "What to tell the buyer" in text
    assert "¥600.00" in text
    offer = Offer.objects.get()
    assert (offer.amount, offer.type, offer.given_as) == (600, "compensation", "coupon")
    assert Case.objects.get(pk=case.pk).status == "pending_buyer"


def test_a_ruling_above_the_limit_is_sent_on_with_its_text(dear, people):
    case = stage("arbitration", dear, people)
    Policy.objects.update(authority_supervisor=100)
    typed = {"ruling": "The seam was open.", "liable": "merchant", "amount": ""}
    page = address(case, "rule_for_buyer")

    refused = seat(people.supervisor).post(page, sent(case, **typed))
    seat(people.supervisor).post(page, sent(case, ask="1", **typed))
    text = seat(people.finance).get("/approvals/").content.decode()
    ours, theirs = (seat(who).get(address(case)).content.decode() for who in (people.supervisor, people.merchant))

    assert "The seam was open." in ours
    assert "The seam was open." not in theirs
    assert SEND in refused.content.decode()
    assert "The seam was open." in text
    assert "Merchant" in text
    assert "¥1,216.00" in text


def test_what_stands_against_an_offer_but_the_limit_offers_nobody_else(case, people):
    refused = seat(people.agent).post(address(case, "offer"), sent(case, amount="9999", type="return_refund"))

    assert SEND not in refused.content.decode()


def test_the_one_button_sends_a_part_above_the_limit_on(case, people):
    outcome = agent_refunds.submit(case.pk, Decimal(600), by=people.agent, at=case.opened_at)

    asked = ApprovalRequest.objects.get()
    assert (outcome, asked.action, asked.terms["amount"]) == (agent_refunds.PROPOSED, "offer", "600")


def test_nobody_is_offered_to_ask_for_a_ruling_without_its_terms(dear, people):
    case = stage("arbitration", dear, people)

    for who in (people.agent, people.supervisor):
        steps = possible_moves.next_steps(possible_moves.available(case, who, case.moved_at), case.status)
        shown = [steps.primary, *steps.others]
        assert "request_approval" not in [choice.act.name for choice in shown if choice]
