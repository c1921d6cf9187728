"""An order of which everything was given back before it left is cancelled, and does not stand there as paid."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.models.order import OrderStatus
from tests.aftersales.stages import HOUR, pay
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def refunded(order, people, at=NOON, **fields):
    case = opened(order, by=people.buyer, at=at, **fields)
    decisions.approve(case.pk, by=people.merchant, at=at + HOUR)
    pay(at + HOUR)
    return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize("type", [CaseType.ORDER_CHANGE, CaseType.REFUND_ONLY])
def test_an_order_that_is_paid_back_before_it_left_is_cancelled(type, unshipped, people):
    order = refunded(unshipped, people, type=type)

    assert order.get_status_display() == "Cancelled"
    assert timedelta(0) <= order.cancelled_at - (NOON + HOUR) < HOUR


def test_an_order_of_which_something_still_ships_stays_paid_until_the_rest_goes_back_too(shop, order, people):
    two = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 60), (1, 40)])
    first, second = two.lines.order_by("position")

    assert refunded(two, people, type=CaseType.REFUND_ONLY, units={first.pk: 1}).status == OrderStatus.PAID
    left = refunded(two, people, at=NOON + 2 * HOUR, type=CaseType.REFUND_ONLY, units={second.pk: 1})

    assert left.status == OrderStatus.CANCELLED


def test_an_order_that_left_is_not_cancelled_by_its_return(order, people):
    assert refunded(order, people, type=CaseType.REFUND_ONLY, reason="agreed").status == OrderStatus.SIGNED
