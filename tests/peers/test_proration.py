"""What went wrong elsewhere, 16–22: proration and rounding, over real cases.

18 is a matter of shares and stands with the money tests (test_peer_18_… in tests/orders/test_money_shares.py).
"""

from decimal import Decimal
from itertools import permutations

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import calculation
from aftersales.actions.returns import inspections, receipts
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from tests.aftersales.stages import HOUR, again, found
from tests.factories import NOON, opened, sold, tiny_photo
from tests.peers.steps import given_back

pytestmark = pytest.mark.django_db
ONLY = CaseType.REFUND_ONLY


def test_peer_16_an_order_less_ten_percent_is_refunded_to_the_cent(shop, order, people):
    less = sold(merchant=shop, buyer=order.buyer, lines=[(1, "5.40"), (1, "3.60")], freight_amount=0, unshipped=True)

    sums = [given_back(less, line, people).agreed_amount for line in less.lines.order_by("position")]

    assert sums == [Decimal("5.40"), Decimal("3.60")]
    assert less.payments.get().left == 0


def test_peer_17_ten_over_three_units_refunded_one_by_one_is_ten(shop, order, people):
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
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={line.pk: 2})

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
