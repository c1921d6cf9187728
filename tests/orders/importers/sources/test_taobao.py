"""The pair of files of Taobao: joined, and what each alone cannot say."""

from decimal import Decimal

import pytest

from orders.importers import SOURCES
from orders.importers.reading.refusal import ReadError
from tests.orders.importers.conftest import read
from tests.orders.importers.sources.platform_rows import taobao_line, taobao_order


def test_taobaos_pair_is_joined_and_shop_discounts_are_shared_to_the_lines(export):
    lines = [taobao_line(), taobao_line(标题="袜子", 价格="20.00", 购买数量="2", 商家编码="SOCK")]

    (order,), rejections = read(
        SOURCES["taobao"], export("taobao_orders", taobao_order()), export("taobao_lines", *lines)
    )

    assert rejections == []
    assert order.external_number == "3456789012345678901"
    assert [line.paid for line in order.lines] == [Decimal("54.00"), Decimal("36.00")]
    assert (order.freight, order.paid_total, order.status) == (10, 100, "shipped")
    assert order.receiver.phone == "13812346620"
    assert order.receiver.region == "浙江省 杭州市 西湖区"
    assert (order.parcels[0].carrier, order.parcels[0].waybill) == ("圆通速递", "YT1234567890")
    assert order.buyer.external_id == "小雨"


def test_taobaos_coupons_and_points_are_tenders_of_their_own(export):
    row = taobao_order(买家实际支付金额="88.00", 买家实际支付积分="200", 卡券抵扣="10.00", 积分抵扣="2.00")

    (order,), _ = read(SOURCES["taobao"], export("taobao_orders", row), export("taobao_lines", taobao_line(价格="90")))

    assert [(payment.method, payment.captured, payment.points) for payment in order.payments] == [
        ("wallet", 88, 0),
        ("voucher", 10, 0),
        ("points", 2, 200),
    ]
    assert order.paid_total == 100


def test_a_closed_line_of_a_living_taobao_order_was_refunded(export):
    lines = [taobao_line(价格="60", 订单状态="交易关闭"), taobao_line(价格="30")]
    order_row = taobao_order(订单状态="交易成功")

    (order,), _ = read(SOURCES["taobao"], export("taobao_orders", order_row), export("taobao_lines", *lines))

    assert [(line.refunded_elsewhere, line.units_refunded) for line in order.lines] == [(60, 1), (0, 0)]
    assert order.status == "completed"


def test_an_unpaid_closed_taobao_order_has_nothing_to_give_back(export):
    row = taobao_order(订单状态="交易关闭", 买家实际支付金额="0.00", 订单付款时间="", 物流单号="")

    (order,), _ = read(SOURCES["taobao"], export("taobao_orders", row), export("taobao_lines", taobao_line(价格="90")))

    assert (order.status, order.paid_total, order.freight, order.payments) == ("cancelled", 0, 0, ())
    assert order.lines[0].paid == order.lines[0].refunded_elsewhere == 0


def test_taobaos_list_alone_is_not_enough(export):
    with pytest.raises(ReadError, match="ExportOrderDetailList"):
        SOURCES["taobao"].read([export("taobao_orders", taobao_order())])


def test_taobao_orders_whose_lines_are_missing_are_refused(export):
    lines = [taobao_line(价格="30.00"), taobao_line(订单编号="77")]

    facts, rejections = read(
        SOURCES["taobao"],
        export("taobao_orders", taobao_order(), taobao_order(订单编号="55")),
        export("taobao_lines", *lines),
    )

    assert facts == []
    assert [(one.order_number, one.reason) for one in rejections] == [
        (
            "3456789012345678901",
            "The lines in the details file are worth less than the goods payable; a line may be missing.",
        ),
        ("55", "The details file has no line of this order."),
        ("77", "The order list has no order of this number."),
    ]
