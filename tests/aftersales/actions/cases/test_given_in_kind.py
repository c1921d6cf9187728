"""Compensations given as a coupon or points: issued at once, they consume nothing of what was paid."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.models import Coupon
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.refusals import Refused
from tests.aftersales.actions.cases.test_compensation_cases import compensate
from tests.aftersales.stages import DAY, HOUR, again, broken, pay
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def test_a_coupon_is_issued_at_once_and_consumes_nothing_of_what_was_paid(order, people):
    case = compensate(order, people, 20, given_as=GivenAs.COUPON)

    done = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    coupon, line = Coupon.objects.get(), order.lines.get()
    assert (done.status, coupon.amount, coupon.points) == ("completed", 20, 0)
    assert coupon.valid_until == NOON + HOUR + 90 * DAY
    assert (line.units_left, line.amount_left) == (2, 100)
    assert not case.refunds.exists()
    assert broken() == []


@pytest.mark.parametrize("given_as", [GivenAs.COUPON, GivenAs.POINTS])
def test_a_return_after_a_compensation_in_kind_pays_all_that_was_paid(given_as, order, people):
    open_case = compensate(order, people, 20, given_as=given_as)
    assert opened(order, by=people.buyer, type=CaseType.RETURN_REFUND).requested_amount == 100

    decisions.approve(open_case.pk, by=people.merchant, at=NOON + HOUR)

    assert order.lines.get().amount_left == 0
    assert broken() == []


def test_in_kind_no_more_is_given_than_was_paid_and_no_more_than_the_ceiling(order, people):
    decisions.approve(compensate(order, people, 20, given_as=GivenAs.COUPON).pk, by=people.merchant, at=NOON + HOUR)

    with pytest.raises(Refused) as refused:
        compensate(order, people, 11, at=NOON + DAY)
    assert "¥10.00 of it is left" in refused.value.sentence
    decisions.approve(
        compensate(order, people, 75, reason="agreed", given_as=GivenAs.COUPON, at=NOON + DAY).pk,
        by=people.merchant,
        at=NOON + DAY,
    )

    with pytest.raises(Refused, match=r"¥5\.00 of it is left"):
        compensate(order, people, 6, reason="agreed", given_as=GivenAs.POINTS, at=NOON + 2 * DAY)


def test_a_coupon_that_becomes_money_by_an_offer_holds_the_money_first(order, people):
    case = compensate(order, people, 20, given_as=GivenAs.COUPON)
    negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=Decimal(15), type=CaseType.COMPENSATION)
    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert again(case).status == "completed"
    assert (order.lines.get().amount_left, Coupon.objects.exists()) == (85, False)
    assert broken() == []


def test_points_are_worth_what_the_policy_says(order, people):
    case = compensate(order, people, 20, given_as=GivenAs.POINTS)

    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    assert Coupon.objects.get().points == 2000


def test_a_return_can_be_settled_by_a_coupon_that_was_offered(order, people):
    case = opened(order, by=people.buyer)
    negotiation.offer(
        case.pk,
        by=people.merchant,
        at=NOON + HOUR,
        amount=Decimal(15),
        type=CaseType.COMPENSATION,
        given_as=GivenAs.COUPON,
    )

    done = negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)

    line = order.lines.get()
    assert (done.status, done.type, Coupon.objects.get().amount) == ("completed", "compensation", 15)
    assert (line.units_reserved, line.units_left, line.amount_left) == (0, 2, 100)
    assert case.lines.get().amount_in_kind == 15


def test_a_coupon_of_a_case_that_is_opened_again_may_be_followed_by_another(order, people):
    case = compensate(order, people, 20, given_as=GivenAs.COUPON)
    negotiation.offer(
        case.pk,
        by=people.merchant,
        at=NOON + HOUR,
        amount=Decimal(5),
        type=CaseType.COMPENSATION,
        given_as=GivenAs.COUPON,
    )
    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    decisions.reopen(case.pk, by=people.supervisor, at=NOON + 3 * HOUR, why="It was worse than it looked.")

    decisions.approve(case.pk, by=people.merchant, at=NOON + 4 * HOUR)

    assert sorted(coupon.amount for coupon in Coupon.objects.all()) == [5, 15]
    assert broken() == []


def test_only_a_compensation_is_given_in_kind(order, people):
    with pytest.raises(Refused):
        opened(order, by=people.buyer, given_as=GivenAs.COUPON)
    case = opened(order, by=people.buyer)
    with pytest.raises(Refused):
        negotiation.offer(case.pk, by=people.merchant, at=NOON, amount=Decimal(5), given_as=GivenAs.COUPON)
