"""Who has to prove what when goods are said not to have arrived, and parcels that turned round."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import evidence
from aftersales.actions.returns import interceptions
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.vocabulary import CaseType, GoodsState
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, pay, picture, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def missing(order, people, **fields):
    return opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, reason="not_received", **fields)


def confirmed(order):
    Order.objects.filter(pk=order.pk).update(completed_at=NOON - HOUR, status="completed")
    return Order.objects.get(pk=order.pk)


def test_a_merchant_proves_the_signature_before_the_receipt_is_confirmed(order, people):
    case = missing(order, people)
    assert "the merchant has to prove the signature" in burden_of_proof.sentence(case)

    with pytest.raises(Refused, match="attach the carrier's proof"):
        decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())

    case = decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal(), photos=(picture(),))
    assert case.status == "rejected"


def test_proof_that_was_attached_before_counts_and_the_buyers_own_does_not(order, people):
    case = missing(order, people)
    evidence.add(case.pk, [picture()], by=people.buyer, at=NOON + HOUR)
    with pytest.raises(Refused, match="attach the carrier's proof"):
        decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())

    evidence.add(case.pk, [picture()], by=people.merchant, at=NOON + HOUR)

    assert decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal()).status == "rejected"


def test_a_buyer_shows_that_nothing_came_after_the_receipt_is_confirmed(order, people):
    order = confirmed(order)

    with pytest.raises(Refused, match="needs a photo that shows otherwise"):
        missing(order, people)

    case = missing(order, people, photos=(picture(),))
    assert "the buyer has to show" in burden_of_proof.sentence(case)
    assert decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal()).status == "rejected"


def test_other_reasons_know_no_such_question(order, people):
    case = opened(order, by=people.buyer)

    assert burden_of_proof.sentence(case) == ""
    assert decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal()).status == "rejected"


@pytest.fixture
def refused_parcel(order, people):
    """Agreed to: the goods were refused at the door and are on their way back to the merchant."""
    unsigned = sold(merchant=order.merchant, buyer=order.buyer, unsigned=True)
    case = opened(unsigned, by=people.buyer, type=CaseType.REFUND_ONLY, reason="refused")
    assert (case.goods_state, case.status) == (GoodsState.SHIPPED, "pending_merchant")
    return case


def test_a_refused_parcel_that_was_agreed_to_is_paid_once_it_is_back(refused_parcel, people):
    case = decisions.approve(refused_parcel.pk, by=people.merchant, at=NOON + HOUR)
    assert case.status == "intercepting"

    interceptions.intercepted(case.pk, by=people.carrier, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert again(case).status == "completed"
