"""Who pays the freight of a case: stored when it is asked for, and again when its terms change."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.returns import interceptions
from aftersales.models import Policy
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import HOUR, again, refusal
from tests.factories import NOON, asks, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db


def stored(case):
    case = again(case)
    return case.freight_payer, case.outbound_payer, case.freight_rule


def test_a_free_order_that_stays_large_enough_is_charged_the_way_back_only(shop, buyer, order):
    Policy.objects.update(free_freight_from=Decimal(60))
    free = sold(merchant=shop, buyer=order.buyer, has_free_freight=True, freight_amount=0, lines=[(1, 50), (1, 60)])

    case = opened(free, by=buyer)

    assert stored(case) == ("buyer", "merchant", "free_freight")


def test_a_free_order_of_which_too_little_stays_is_charged_both_ways(shop, buyer, order):
    Policy.objects.update(free_freight_from=Decimal(60))
    free = sold(merchant=shop, buyer=order.buyer, has_free_freight=True, freight_amount=0, lines=[(1, 50), (1, 59)])

    case = opened(free, by=buyer)

    assert stored(case) == ("buyer", "buyer", "free_freight_lost")


def test_a_new_reason_of_a_second_application_changes_who_pays(order, buyer, merchant):
    case = opened(order, by=buyer)
    decisions.reject(case.pk, by=merchant, at=NOON + HOUR, reason=refusal())

    application = asks(order, reason="broken", photos=[tiny_photo()])
    decisions.reapply(case.pk, application, by=buyer, at=NOON + 2 * HOUR)

    assert stored(case) == ("merchant", "merchant", "merchant_fault")


def test_a_parcel_that_was_not_stopped_becomes_a_return_the_buyer_pays(shop, order, buyer, merchant):
    case = opened(sold(merchant=shop, buyer=order.buyer, unsigned=True), by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=merchant, at=NOON + HOUR)

    interceptions.miss_interception(case.pk, by=merchant, at=NOON + 2 * HOUR)

    assert stored(case) == ("buyer", "buyer", "buyer_fault")


def test_an_accepted_offer_of_another_type_changes_who_pays(order, buyer, merchant):
    case = opened(order, by=buyer, type=CaseType.EXCHANGE)
    assert stored(case)[2] == "exchange_by_choice"

    negotiation.offer(case.pk, by=merchant, at=NOON + HOUR, amount=Decimal(90), type=CaseType.RETURN_REFUND)
    negotiation.accept(case.pk, by=buyer, at=NOON + 2 * HOUR)

    assert stored(case)[2] == "buyer_fault"
