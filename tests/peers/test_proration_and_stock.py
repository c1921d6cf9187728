"""What went wrong elsewhere, 16–30: proration, rounding, quantity and stock, over real cases.

28 and 29 concern exchanges.
18 is a matter of shares and stands with the money tests (test_peer_18_… in tests/orders/test_money_shares.py).
"""

from decimal import Decimal
from itertools import permutations

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import calculation
from aftersales.actions.returns import inspections, returns
from aftersales.models import InspectedUnit
from aftersales.rules.vocabulary import CaseType, Condition
from logistics.models import StockItem, StockMovement
from orders.models import Order, OrderLine
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay
from tests.factories import NOON, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db
ONLY = CaseType.REFUND_ONLY


def given_back(order, line, people, *, units=1, at=NOON, **fields):
    """A refund of so many units, agreed and paid."""
    case = opened(order, by=people.buyer, units={line.pk: units}, type=ONLY, at=at, **fields)
    decisions.approve(case.pk, by=people.merchant, at=at)
    pay(at, times=3)
    return again(case)


def test_peer_16_six_and_four_less_ten_percent(shop, order, people):
    less = sold(merchant=shop, buyer=order.buyer, lines=[(1, "5.40"), (1, "3.60")], freight_amount=0, unshipped=True)

    sums = [given_back(less, line, people).agreed_amount for line in less.lines.order_by("position")]

    assert sums == [Decimal("5.40"), Decimal("3.60")]
    assert less.payments.get().left == 0


def test_peer_17_ten_over_three_units_one_by_one(shop, order, people):
    ten = sold(merchant=shop, buyer=order.buyer, lines=[(3, 10)], freight_amount=0, unshipped=True)

    sums = [given_back(ten, ten.lines.get(), people, at=NOON + hour * HOUR).agreed_amount for hour in range(3)]

    assert sums == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


@pytest.mark.parametrize("parts", sorted(set(permutations([1, 2, 4]))))
def test_peer_17_no_order_of_partial_refunds_changes_the_sum(parts, shop, order, people):
    seven = sold(
        merchant=shop,
        buyer=order.buyer,
        lines=[(7, "10.01")],
        freight_amount=0,
        unshipped=True,
        payments=[("card", "6.66"), ("balance", "3.35")],
    )

    sums = [given_back(seven, seven.lines.get(), people, units=units).agreed_amount for units in parts]

    assert sum(sums) == Decimal("10.01")
    assert min(sums) > 0
    assert [payment.left for payment in seven.payments.all()] == [0, 0]


def test_peer_19_freight_goes_back_once_over_all_cases(shop, order, people):
    two = sold(merchant=shop, buyer=order.buyer, lines=[(1, "0.01"), (2, 10)], freight_amount="7.77", unshipped=True)
    cheap, other = two.lines.order_by("position")

    sums = [
        given_back(two, other, people, units=1).agreed_amount,
        given_back(two, cheap, people).agreed_amount,
        given_back(two, other, people, units=1).agreed_amount,
    ]

    assert sums == [Decimal(5), Decimal("0.01"), Decimal("12.77")]
    assert Order.objects.get(pk=two.pk).freight_settled == Decimal("7.77")


def test_peer_20_return_freight_is_deducted_where_the_buyer_bears_it(order, people):
    case = opened(order, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(12))
    line = case.lines.get()
    returns.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})

    inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON)

    assert again(case).agreed_amount == Decimal(88)


def test_peer_20_an_exchange_at_the_merchants_fault_charges_no_freight(order, people):
    case = opened(order, by=people.buyer, type=CaseType.EXCHANGE, reason="broken", photos=[tiny_photo()])

    case = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR, return_freight=Decimal(8))

    assert (case.freight_payer, case.outbound_payer) == ("merchant", "merchant")
    assert not any(draft.kind == "return_freight" for draft in calculation.trial(case))
    assert not case.receivables.exists()


def test_peer_21_a_case_of_nothing_completes_and_frees_its_unit(shop, order, people):
    gift = sold(merchant=shop, buyer=order.buyer, lines=[(1, 0)], freight_amount=0, unshipped=True)

    case = given_back(gift, gift.lines.get(), people)

    line = gift.lines.get()
    assert (case.status, case.agreed_amount, case.refunds.count()) == ("completed", 0, 0)
    assert (line.units_reserved, line.units_settled) == (0, 1)


def test_peer_21_points_alone_go_back_as_points(shop, order, people):
    paid = sold(
        merchant=shop, buyer=order.buyer, lines=[(1, 10)], freight_amount=0, payments=[("points", 10)], unshipped=True
    )
    paid.payments.update(points=1000)

    case = given_back(paid, paid.lines.get(), people)

    assert case.status == "completed"
    assert case.refunds.get().points == 1000


def test_peer_22_coupons_and_points_go_back_in_proportion_and_once(shop, order, people):
    mixed = sold(
        merchant=shop,
        buyer=order.buyer,
        lines=[(3, 100)],
        freight_amount=0,
        unshipped=True,
        payments=[("card", 70), ("voucher", 20), ("points", 10)],
    )
    mixed.payments.filter(method="points").update(points=999)

    sums = []
    for hour in range(3):
        case = given_back(mixed, mixed.lines.get(), people, at=NOON + hour * HOUR)
        sums.append({refund.payment.method: refund.amount for refund in case.refunds.all()})

    assert [sum(each.values()) for each in sums] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert {method: sum(each[method] for each in sums) for method in sums[0]} == {
        "card": 70,
        "voucher": 20,
        "points": 10,
    }
    gone = [refund.points for refund in mixed.refunds.filter(payment__method="points")]
    assert sum(gone) == 999
    assert max(gone) - min(gone) <= 10


@pytest.fixture
def two_of_three(shop, order, people):
    """Three asked, two here."""
    three = sold(merchant=shop, buyer=order.buyer, lines=[(3, 100)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    returns.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})
    return case


def test_peer_23_two_of_three_received_are_paid_and_the_third_is_returnable_again(two_of_three, people):
    line = two_of_three.lines.get()
    inspections.pass_inspection(two_of_three.pk, found(line, 2), by=people.warehouse, at=NOON)
    pay(NOON)

    third = opened(two_of_three.order, by=people.buyer, units={line.order_line_id: 1}, at=NOON + HOUR)

    assert again(two_of_three).agreed_amount == Decimal("66.66")
    assert third.requested_amount == Decimal("33.34")


def test_peer_23_the_third_that_comes_while_the_others_are_inspected(two_of_three, people):
    line = two_of_three.lines.get()
    returns.receive(two_of_three.pk, by=people.warehouse, at=NOON, units={line.pk: 1})

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
    told = StockMovement.objects.order_by("kind").values_list("kind", "units", "reference", "recorded_by")
    assert list(told) == [
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


def test_peer_26_the_same_item_paid_and_as_a_gift(shop, order, people):
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
