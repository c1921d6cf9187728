from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.importers.facts import LineFacts, PaymentFacts
from orders.importers.sources import order_sums

cents = st.integers(0, 500_000).map(lambda count: Decimal(count) / 100)


def line(paid, quantity=1):
    return LineFacts("", "A", "Tea", quantity, Decimal(paid) / quantity, Decimal(paid))


def test_paying_less_than_asked_is_a_discount_of_the_lines():
    settled = order_sums.settle([line("6"), line("4")], Decimal("2"), Decimal("11"), "CNY")

    assert [one.paid for one in settled.lines] == [Decimal("5.40"), Decimal("3.60")]
    assert (settled.discount, settled.freight, settled.surcharge) == (1, 2, 0)


def test_paying_more_than_asked_is_a_surcharge_and_no_line_grows():
    settled = order_sums.settle([line("10")], Decimal("2"), Decimal("13.50"), "BRL")

    assert settled.lines[0].paid == 10
    assert settled.surcharge == Decimal("1.50")


def test_lines_that_are_not_paid_cannot_be_given_back():
    settled = order_sums.settle([line("10")], Decimal("2"), Decimal("0"), "CNY", is_paid=False)

    assert (settled.lines[0].paid, settled.goods, settled.freight) == (0, 0, 0)


def test_money_of_an_order_without_lines_stays_with_the_goods():
    settled = order_sums.settle([], Decimal("2"), Decimal("10"), "BRL")

    assert (settled.goods, settled.freight, settled.surcharge) == (8, 2, 0)


@given(st.lists(cents, min_size=1, max_size=8), cents, cents)
def test_lines_freight_and_surcharge_always_sum_to_what_was_captured(asked, freight, captured):
    settled = order_sums.settle([line(one) for one in asked], freight, captured, "CNY")

    assert sum(one.paid for one in settled.lines) + settled.freight + settled.surcharge == captured
    assert all(one.paid >= 0 for one in settled.lines)
    assert settled.freight >= 0


@given(st.lists(cents, min_size=1, max_size=6), st.lists(cents.filter(bool), min_size=1, max_size=4))
def test_shared_payments_keep_each_tender_and_each_order_whole(tenders, asked):
    payments = [PaymentFacts(number, "card", value) for number, value in enumerate(tenders, start=1)]

    shares = order_sums.shared(payments, asked, "BRL")

    assert [sum(order[i].captured for order in shares) for i in range(len(tenders))] == tenders
    if sum(tenders) == sum(asked):
        assert [sum(one.captured for one in order) for order in shares] == asked


def test_shares_follow_what_each_order_asks_to_the_cent():
    payments = [PaymentFacts(1, "card", Decimal("0.01")), PaymentFacts(2, "voucher", Decimal("99.99"))]

    shares = order_sums.shared(payments, [Decimal("33.33"), Decimal("66.67")], "BRL")

    assert [sum(one.captured for one in order) for order in shares] == [Decimal("33.33"), Decimal("66.67")]


def test_a_purchase_that_cost_nothing_is_shared_as_nothing():
    assert order_sums.shared([], [Decimal(3)], "BRL") == [()]


@pytest.mark.parametrize("reported", ["退款成功", "已全额退款", "部分退款成功", "售后完成，退款成功"])
def test_a_refund_that_succeeded_is_recognised(reported):
    from orders.importers.sources import statuses

    assert statuses.is_refunded(reported)
    assert not statuses.is_refunded("退款中")
    assert not statuses.is_refunded("无售后或售后取消")
