"""Who pays the freight of a case; and the freight of the order, which goes back with its last line."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import calculation
from aftersales.actions.returns import interceptions
from aftersales.models import Charge, Policy
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from tests.aftersales.stages import HOUR, again, broken, pay, refusal
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


@pytest.fixture
def sixty_and_forty(shop, order):
    """Two lines and freight, nothing shipped."""
    return sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 60), (1, 40)])


@pytest.fixture
def two_cases(sixty_and_forty, people):
    """A case for each line; the second was asked for when no other unit was left to ask for."""
    return [
        opened(sixty_and_forty, by=people.buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1}, at=NOON)
        for line in sixty_and_forty.lines.order_by("position")
    ]


def approved(case, people, at):
    decisions.approve(case.pk, by=people.merchant, at=at)
    pay(at)
    return again(case)


def test_peer_43_what_still_ships_keeps_the_freight_although_the_other_case_was_asked_last(two_cases, people):
    sixty, forty = two_cases
    decisions.withdraw(sixty.pk, by=people.buyer, at=NOON + HOUR)

    paid = approved(forty, people, NOON + 2 * HOUR)

    order = Order.objects.get(pk=paid.order_id)
    assert (paid.status, paid.agreed_amount, paid.freight_settled) == ("completed", 40, 0)
    assert (order.freight_left, order.freight_reserved) == (10, 0)
    assert broken() == []


def test_peer_43_the_line_that_goes_back_last_takes_the_freight_whenever_it_was_asked(two_cases, people):
    sixty, forty = two_cases

    first = approved(forty, people, NOON + HOUR)
    last = approved(sixty, people, NOON + 2 * HOUR)

    assert (first.agreed_amount, last.agreed_amount) == (40, 70)
    assert Order.objects.get(pk=last.order_id).freight_settled == 10
    assert broken() == []


def test_peer_43_freight_of_what_was_shipped_meanwhile_stays_paid(unshipped, people):
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    assert case.freight_held == 10
    Order.objects.filter(pk=unshipped.pk).update(shipped_at=NOON + HOUR, shipped_told_by="scan", status="shipped")

    paid = approved(case, people, NOON + 2 * HOUR)

    assert not Charge.objects.filter(case=paid, kind="freight").exists()


def test_a_sum_that_both_agreed_on_stands_although_the_other_line_stays(two_cases, people):
    sixty, forty = two_cases
    decisions.withdraw(sixty.pk, by=people.buyer, at=NOON + HOUR)
    negotiation.offer(forty.pk, by=people.merchant, at=NOON + 2 * HOUR, amount=Decimal(45), type=CaseType.REFUND_ONLY)
    negotiation.accept(forty.pk, by=people.buyer, at=NOON + 3 * HOUR)
    pay(NOON + 3 * HOUR)

    paid, order = again(forty), Order.objects.get(pk=forty.order_id)

    assert (paid.agreed_amount, paid.freight_settled, order.freight_left) == (45, 5, 5)
    assert broken() == []


def test_both_cases_agreed_together_give_the_freight_back_once(two_cases, people):
    for case in two_cases:
        decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    pay(NOON + HOUR, times=2)

    order = Order.objects.get(pk=two_cases[0].order_id)
    assert sorted(again(case).agreed_amount for case in two_cases) == [50, 60]
    assert order.freight_settled == 10


def test_the_page_shows_the_freight_that_would_go_back_now(two_cases, people):
    sixty, forty = two_cases
    assert settlement.total(calculation.trial(again(forty))) == 40

    approved(sixty, people, NOON + HOUR)

    assert settlement.total(calculation.trial(again(forty))) == 50
