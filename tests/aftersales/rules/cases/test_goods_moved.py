"""A request follows its goods: what was asked for goods elsewhere becomes what fits where they are."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from aftersales.rules.cases import goods_moved
from aftersales.rules.vocabulary import CaseType, ChangeKind, GoodsState

G = GoodsState


def request(type=CaseType.REFUND_ONLY, state=G.UNSHIPPED, change="", freight=10):
    return SimpleNamespace(
        type=type, change=change, goods_state=state, given_as="money",
        requested_amount=Decimal(100), freight_held=Decimal(freight),
    )  # fmt: skip


def test_nothing_changes_while_the_goods_stay_where_they_were():
    case = request()

    assert goods_moved.follow(case, G.UNSHIPPED) is None
    assert (case.type, case.freight_held) == ("refund_only", 10)


def test_what_counts_as_signed_for_is_not_under_way_again():
    case = request(state=G.SIGNED)

    assert goods_moved.follow(case, G.SHIPPED) is None
    assert case.goods_state == G.SIGNED


def test_freight_is_no_longer_asked_once_something_was_shipped():
    case = request()

    before = goods_moved.follow(case, G.SHIPPED)

    assert (case.type, case.freight_held) == ("refund_only", 0)
    assert (before.asked, before.freight, before.became_return(case)) == (110, 10, False)


@pytest.mark.parametrize(
    ("type", "change", "becomes"),
    [
        (CaseType.REFUND_ONLY, "", "return_refund"),
        (CaseType.ORDER_CHANGE, ChangeKind.CANCEL, "return_refund"),
        (CaseType.ORDER_CHANGE, ChangeKind.ADDRESS, "order_change"),
        (CaseType.RESHIP, "", "reship"),
        (CaseType.COMPENSATION, "", "compensation"),
        (CaseType.PRICE_PROTECTION, "", "price_protection"),
        (CaseType.RETURN_REFUND, "", "return_refund"),
    ],
)
def test_money_for_goods_that_have_arrived_brings_them_back_first(type, change, becomes):
    case = request(type, G.SHIPPED, change, freight=0)

    goods_moved.follow(case, G.SIGNED)

    assert (case.type, case.goods_state) == (becomes, G.SIGNED)
