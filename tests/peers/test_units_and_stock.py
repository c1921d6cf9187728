"""What went wrong elsewhere, 23–30: quantity and stock, over real cases; 28 and 29 concern exchanges."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts
from aftersales.models import InspectedUnit
from aftersales.rules.vocabulary import CaseType, Condition
from logistics.models import StockItem, StockMovement
from orders.models import OrderLine
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay
from tests.factories import NOON, opened, sold, tiny_photo
from tests.peers.steps import given_back

pytestmark = pytest.mark.django_db
ONLY = CaseType.REFUND_ONLY


@pytest.fixture
def two_of_three(shop, order, people):
    """Three asked, two here."""
    three = sold(merchant=shop, buyer=order.buyer, lines=[(3, 100)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})
    return case


def test_peer_23_two_of_three_received_are_paid_and_the_third_is_returnable_again(two_of_three, people):
    line = two_of_three.lines.get()
    inspections.pass_inspection(two_of_three.pk, found(line, 2), by=people.warehouse, at=NOON)
    pay(NOON)

    third = opened(two_of_three.order, by=people.buyer, units={line.order_line_id: 1}, at=NOON + HOUR)

    assert again(two_of_three).agreed_amount == Decimal("66.66")
    assert third.requested_amount == Decimal("33.34")


def test_peer_23_a_third_unit_that_comes_during_inspection_is_inspected_too(two_of_three, people):
    line = two_of_three.lines.get()
    receipts.receive(two_of_three.pk, by=people.warehouse, at=NOON, units={line.pk: 1})

    inspections.pass_inspection(two_of_three.pk, found(line, 3), by=people.warehouse, at=NOON)

    assert again(two_of_three).agreed_amount == Decimal(100)


def test_peer_24_a_refund_alone_restocks_nothing(order, people):
    given_back(order, order.lines.get(), people, reason="agreed")

    assert not InspectedUnit.objects.exists()
    assert not StockMovement.objects.exists()


def test_peer_24_only_inspected_and_accepted_units_are_restocked(two_of_three, people):
    line = two_of_three.lines.get()
    mixed = found(line, 1) + found(line, 1, accepted=False)

    inspections.pass_inspection(two_of_three.pk, mixed, by=people.warehouse, at=NOON)

    assert InspectedUnit.objects.filter(disposition="restock").count() == 1
    assert StockItem.objects.get().on_hand == 1
    movements = StockMovement.objects.order_by("kind").values_list("kind", "units", "reference", "recorded_by")
    assert list(movements) == [
        ("restock", 1, two_of_three.number, "warehouse"),
        ("to_buyer", 1, two_of_three.number, "warehouse"),
    ]


def test_peer_24_what_nobody_looked_at_is_not_restocked(two_of_three, people):
    case = inspections.pass_inspection(two_of_three.pk, [], by=people.clock, at=NOON + 90 * HOUR)

    assert case.lines.get().units_accepted == 2
    assert not StockMovement.objects.exists()


def test_peer_24_an_empty_parcel_brings_nothing_in(two_of_three, people):
    line = two_of_three.lines.get()
    rest = found(line, 2) + found(line, 1, accepted=False, condition=Condition.EMPTY)

    inspections.pass_inspection(two_of_three.pk, rest, by=people.warehouse, at=NOON)

    assert list(StockMovement.objects.values_list("kind", "units")) == [("restock", 2)]


def test_peer_25_a_credit_of_two_uses_up_no_unit(order, people):
    given_back(order, order.lines.get(), people, units=2, amount=Decimal(2), reason="agreed")

    assert OrderLine.objects.get().units_left == 2
    assert opened(order, by=people.buyer, at=NOON + HOUR).requested_amount == Decimal(98)


@pytest.mark.parametrize(
    ("type", "reason", "asked"),
    [
        (CaseType.COMPENSATION, "agreed", {"amount": Decimal(2)}),
        (CaseType.PRICE_PROTECTION, "price_dropped", {"price_now": Decimal(49), "photos": [tiny_photo()]}),
    ],
)
def test_peer_25_a_compensation_and_a_price_difference_use_up_no_unit(type, reason, asked, order, people):
    case = opened(order, by=people.buyer, type=type, reason=reason, **asked)
    decisions.approve(case.pk, by=people.agent, at=NOON)
    pay(NOON)

    assert again(case).status == "completed"
    assert OrderLine.objects.get().units_left == 2
    assert opened(order, by=people.buyer, at=NOON + HOUR).requested_amount == Decimal(98)


def test_peer_26_a_gift_given_back_leaves_the_same_item_that_was_paid(shop, order, people):
    both = sold(merchant=shop, buyer=order.buyer, lines=[(1, 80), (1, 0)], freight_amount=0, unshipped=True)
    paid, gift = both.lines.order_by("position")
    both.lines.update(sku="SAME")

    given_back(both, gift, people)

    paid.refresh_from_db()
    gift.refresh_from_db()
    assert (paid.units_left, gift.units_left) == (1, 0)
    assert paid.amount_left == Decimal(80)


def test_peer_27_the_last_unit_is_asked_for_once(shop, order, people):
    """One after the other; at the same moment: tests/races/test_money_races.py."""
    single = sold(merchant=shop, buyer=order.buyer, lines=[(1, 50)])
    opened(single, by=people.buyer, type=ONLY, reason="agreed")

    with pytest.raises(Refused):
        opened(single, by=people.agent)


def test_peer_30_what_was_refunded_before_shipping_is_known_not_to_be_shipped(unshipped, people):
    line = unshipped.lines.get()

    given_back(unshipped, line, people, units=1)

    line.refresh_from_db()
    assert (line.units_settled, line.quantity - line.units_settled) == (1, 1)
