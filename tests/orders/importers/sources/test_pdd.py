"""The export of Pinduoduo: one row, one order."""

import pytest

from orders.importers import SOURCES
from tests.orders.importers.conftest import read
from tests.orders.importers.sources.platform_rows import pdd_order


def test_pinduoduos_order_is_read_with_gift_discounts_and_promise(export):
    row = pdd_order(赠品名称="小勺", 赠品id="7", 赠品数量="2", 支付方式="花呗分期", 分期期数="3期")

    (order,), rejections = read(SOURCES["pdd"], export("pdd", row))

    assert rejections == []
    assert order.external_number == "260922-123456789012345"
    assert [(line.title, line.quantity, line.paid, line.is_gift) for line in order.lines] == [
        ("南瓜子", 3, 25, False),
        ("小勺", 2, 0, True),
    ]
    assert (order.discount, order.freight, order.paid_total) == (5, 5, 30)
    assert order.lines[0].category == "坚果"
    assert order.promised_ship_at is not None
    assert (order.payments[0].method, order.payments[0].installments) == ("instalments", 3)
    assert order.parcels[0].waybill == "YT99"


@pytest.mark.parametrize(
    ("reported_status", "aftersales", "status", "back"),
    [
        ("待发货", "无售后或售后取消", "paid", 0),
        ("已发货，待收货", "售后处理中", "shipped", 0),
        ("已签收", "", "signed", 0),
        ("已收货", "退款成功", "completed", 25),
        ("未发货，退款成功", "退款成功", "cancelled", 25),
        ("已发货，退款成功", "退款成功", "shipped", 25),
        ("已取消", "", "cancelled", 25),
    ],
)
def test_pinduoduos_two_statuses_give_one_and_the_refund(export, reported_status, aftersales, status, back):
    (order,), _ = read(SOURCES["pdd"], export("pdd", pdd_order(订单状态=reported_status, 售后状态=aftersales)))

    assert order.status == status
    assert order.lines[0].refunded_elsewhere == back


def test_an_unpaid_pinduoduo_order_has_no_money(export):
    row = pdd_order(订单状态="待付款", 支付时间="", 发货时间="")

    (order,), _ = read(SOURCES["pdd"], export("pdd", row))

    assert (order.status, order.paid_total, order.lines[0].paid) == ("placed", 0, 0)


def test_a_fee_beyond_goods_and_postage_is_a_surcharge(export):
    (order,), _ = read(
        SOURCES["pdd"], export("pdd", pdd_order(**{"上门安装费(元)": "20.00", "用户实付金额(元)": "50.00"}))
    )

    assert (order.lines[0].paid, order.freight, order.surcharge, order.paid_total) == (30, 5, 15, 50)
