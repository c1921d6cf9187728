"""Money for goods that stay: price protection and compensation, in money, coupons, points and freight."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.models import Receivable
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, broken, pay, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def protect(order, people, price, at=NOON, **fields):
    return opened(
        order,
        by=people.buyer,
        at=at,
        type=CaseType.PRICE_PROTECTION,
        reason="price_dropped",
        price_now=Decimal(price),
        photos=[picture()],
        **fields,
    )


def compensate(order, people, amount, reason="stain_or_smell", at=NOON, **fields):
    amount = None if amount is None else Decimal(amount)
    return opened(
        order,
        by=people.buyer,
        at=at,
        type=CaseType.COMPENSATION,
        reason=reason,
        amount=amount,
        photos=[picture()],
        **fields,
    )


def agreed_and_paid(case, people, at=NOON + HOUR):
    decisions.approve(case.pk, by=people.merchant, at=at)
    pay(at)
    return again(case)


def test_the_difference_of_each_unit_goes_back_and_the_units_stay_returnable(order, people):
    done = agreed_and_paid(protect(order, people, 45), people)

    line = order.lines.get()
    assert (done.status, done.agreed_amount) == ("completed", 10)
    assert (line.units_left, line.amount_left) == (2, 90)
    assert broken() == []


def test_the_same_drop_is_not_paid_twice_and_a_further_one_only_from_there(order, people):
    agreed_and_paid(protect(order, people, 45), people)

    with pytest.raises(Refused) as refused:
        protect(order, people, 45, at=NOON + DAY)
    assert "not lower" in refused.value.sentence

    assert agreed_and_paid(protect(order, people, 40, at=NOON + DAY), people, NOON + DAY).agreed_amount == 10


def test_price_protection_has_a_window_of_its_own(order, people):
    with pytest.raises(Refused) as refused:
        protect(order, people, 45, at=NOON + 20 * DAY)
    assert "ended at" in refused.value.sentence


def test_what_was_paid_for_the_difference_is_not_returned_again(order, people):
    agreed_and_paid(protect(order, people, 45), people)

    case = opened(order, by=people.buyer, at=NOON + DAY)

    assert case.requested_amount == 90


def test_a_compensation_has_a_ceiling_by_its_reason_all_of_them_together(order, people):
    with pytest.raises(Refused) as refused:
        compensate(order, people, 31)
    assert "at most 30 % of what was paid" in refused.value.sentence
    agreed_and_paid(compensate(order, people, 20), people)

    with pytest.raises(Refused) as refused:
        compensate(order, people, 11, at=NOON + DAY)

    assert "¥10.00 of it is left" in refused.value.sentence
    assert order.lines.get().units_left == 2


def late(order, **fields):
    for name, value in {"promised_ship_at": order.shipped_at - timedelta(hours=1), **fields}.items():
        setattr(order, name, value)
    order.save()


@pytest.mark.parametrize(("paid", "given"), [(100, "5.00"), (20, "3.00"), (2, "2.00")])
def test_late_dispatch_pays_five_percent_at_least_three_never_more_than_was_paid(paid, given, order, people):
    late(order)
    order.lines.update(paid_amount=paid)

    case = compensate(order, people, None, reason="dispatched_late")

    assert case.requested_amount == Decimal(given)


def test_what_left_in_time_pays_nothing(order, people):
    late(order, promised_ship_at=order.shipped_at + timedelta(hours=1))

    with pytest.raises(Refused) as refused:
        compensate(order, people, None, reason="dispatched_late")

    assert "in time" in refused.value.sentence


def test_freight_that_the_buyer_advanced_is_owed_by_the_merchant(order, people):
    case = compensate(order, people, None, reason="return_freight", given_as=GivenAs.FREIGHT, freight=Decimal("12.50"))

    done = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    owed = Receivable.objects.get()
    assert (done.status, owed.kind, owed.debtor, owed.creditor) == ("completed", "buyer_freight", "merchant", "buyer")
    assert (owed.amount, owed.due_at) == (Decimal("12.50"), NOON + HOUR + 7 * DAY)
    assert order.lines.get().amount_left == 100


def test_a_compensation_in_money_that_was_offered_leaves_the_units(order, people):
    case = opened(order, by=people.buyer)
    negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=Decimal(100), type=CaseType.COMPENSATION)
    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    line = order.lines.get()
    assert (again(case).status, line.units_left, line.amount_left) == ("completed", 2, 0)
    assert broken() == []


@pytest.mark.parametrize("type", [CaseType.RETURN_REFUND, CaseType.REFUND_ONLY, CaseType.EXCHANGE])
def test_an_offer_can_not_turn_money_for_kept_goods_into_something_about_units(type, order, people):
    case = compensate(order, people, 20)

    with pytest.raises(Refused) as refused:
        negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=Decimal(10), type=type)

    assert "convert the case" in refused.value.sentence


def test_freight_is_bargained_about_as_freight(order, people):
    case = compensate(order, people, None, reason="return_freight", given_as=GivenAs.FREIGHT, freight=Decimal(12))
    terms = {"by": people.merchant, "at": NOON + HOUR, "amount": Decimal(8), "type": CaseType.COMPENSATION}
    with pytest.raises(Refused):
        negotiation.offer(case.pk, **terms)
    negotiation.offer(case.pk, given_as=GivenAs.FREIGHT, **terms)

    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert Receivable.objects.get().amount == 8
