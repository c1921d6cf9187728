import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import Workbook

from orders.importers import SOURCES
from orders.importers.reading.files import ReadError
from tests.orders.importers.conftest import HEADERS, told


def taobao_order(**cells):
    return {
        "订单编号": '="3456789012345678901"', "买家会员名": "小雨", "买家应付货款": "90.00", "买家应付邮费": "10.00",
        "总金额": "100.00", "买家实际支付金额": "100.00", "买家实际支付积分": "0",
        "订单状态": "卖家已发货，等待买家确认", "收货人姓名": "张小雨",
        "收货地址": "浙江省 杭州市 西湖区 文三路 1 号", "联系手机": "'13812346620",
        "订单创建时间": "2026-09-22 00:54:10", "订单付款时间": "2026-09-22 00:55:00", "物流单号": "No:YT1234567890",
        "物流公司": "圆通速递", "店铺名称": "雨家小店", "卡券抵扣": "0.00", "积分抵扣": "0.00", **cells,
    }  # fmt: skip


def taobao_line(**cells):
    return {
        "订单编号": '="3456789012345678901"', "标题": "纯棉短袖", "价格": "60.00", "购买数量": "1",
        "商品属性": "颜色:黑;尺码:L", "订单状态": "卖家已发货，等待买家确认", "商家编码": "TS-L", **cells,
    }  # fmt: skip


def pdd_order(**cells):
    return {
        "商品": "南瓜子", "订单号": "\t260922-123456789012345", "订单状态": "已发货，待签收", "商品总价(元)": "30.00",
        "邮费(元)": "5.00", "店铺优惠折扣(元)": "3.00", "平台优惠折扣(元)": "2.00", "用户实付金额(元)": "30.00",
        "商品数量(件)": "3", "支付时间": "2026-09-22 00:55:00", "承诺发货时间": "2026-09-24 00:55:00",
        "发货时间": "2026-09-22 09:00:00", "商品id": "99", "商品规格": "500g", "样式ID": "1", "商品一级类目": "食品",
        "商品二级类目": "坚果", "商家编码-规格维度": "NGZ-500", "售后状态": "无售后或售后取消", "快递单号": "YT99",
        "快递公司": "圆通快递", "省": "浙江省", "市": "杭州市", "区": "西湖区", "订单成交时间": "2026-09-22 00:54:10",
        "支付ID": "4200001", "支付方式": "微信", "是否分期": "否", **cells,
    }  # fmt: skip


def jd_item(**cells):
    return {
        "订单号": "290000000001", "商品ID": "1001", "商品名称": "电饭煲", "订购数量": "1", "支付方式": "在线支付",
        "下单时间": "2026-09-22 00:54:10", "京东价": "200.00", "订单金额": "250.00", "结算金额": "230.00",
        "余额支付": "30.00", "应付金额": "206.00", "订单状态": "等待确认收货", "下单帐号": "jd_ann", "客户姓名": "安",
        "客户地址": "北京朝阳区",
        "联系电话": "13900001111", "运费金额": "6.00", "付款确认时间": "2026-09-22 00:56:00", "货号": "DFB", **cells,
    }  # fmt: skip


def test_taobaos_pair_is_joined_and_shop_discounts_are_shared_to_the_lines(export):
    lines = [taobao_line(), taobao_line(标题="袜子", 价格="20.00", 购买数量="2", 商家编码="SOCK")]

    (order,), rejections = told(
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

    (order,), _ = told(SOURCES["taobao"], export("taobao_orders", row), export("taobao_lines", taobao_line(价格="90")))

    assert [(payment.method, payment.captured, payment.points) for payment in order.payments] == [
        ("wallet", 88, 0),
        ("voucher", 10, 0),
        ("points", 2, 200),
    ]
    assert order.paid_total == 100


def test_a_closed_line_of_a_living_taobao_order_was_refunded(export):
    lines = [taobao_line(价格="60", 订单状态="交易关闭"), taobao_line(价格="30")]
    order_row = taobao_order(订单状态="交易成功")

    (order,), _ = told(SOURCES["taobao"], export("taobao_orders", order_row), export("taobao_lines", *lines))

    assert [(line.refunded_elsewhere, line.units_refunded) for line in order.lines] == [(60, 1), (0, 0)]
    assert order.status == "completed"


def test_an_unpaid_closed_taobao_order_has_nothing_to_give_back(export):
    row = taobao_order(订单状态="交易关闭", 买家实际支付金额="0.00", 订单付款时间="", 物流单号="")

    (order,), _ = told(SOURCES["taobao"], export("taobao_orders", row), export("taobao_lines", taobao_line(价格="90")))

    assert (order.status, order.paid_total, order.freight, order.payments) == ("cancelled", 0, 0, ())
    assert order.lines[0].paid == order.lines[0].refunded_elsewhere == 0


def test_taobaos_list_alone_is_not_enough(export):
    with pytest.raises(ReadError, match="ExportOrderDetailList"):
        SOURCES["taobao"].read([export("taobao_orders", taobao_order())])


def test_taobao_orders_whose_lines_are_missing_are_refused(export):
    lines = [taobao_line(价格="30.00"), taobao_line(订单编号="77")]

    facts, rejections = told(
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


def test_pinduoduos_order_is_read_with_gift_discounts_and_promise(export):
    row = pdd_order(赠品名称="小勺", 赠品id="7", 赠品数量="2", 支付方式="花呗分期", 分期期数="3期")

    (order,), rejections = told(SOURCES["pdd"], export("pdd", row))

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
    ("told_status", "aftersales", "status", "back"),
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
def test_pinduoduos_states_and_refunds(export, told_status, aftersales, status, back):
    (order,), _ = told(SOURCES["pdd"], export("pdd", pdd_order(订单状态=told_status, 售后状态=aftersales)))

    assert order.status == status
    assert order.lines[0].refunded_elsewhere == back


def test_an_unpaid_pinduoduo_order_has_no_money(export):
    row = pdd_order(订单状态="待付款", 支付时间="", 发货时间="")

    (order,), _ = told(SOURCES["pdd"], export("pdd", row))

    assert (order.status, order.paid_total, order.lines[0].paid) == ("placed", 0, 0)


def test_a_fee_beyond_goods_and_postage_is_a_surcharge(export):
    (order,), _ = told(
        SOURCES["pdd"], export("pdd", pdd_order(**{"上门安装费(元)": "20.00", "用户实付金额(元)": "50.00"}))
    )

    assert (order.lines[0].paid, order.freight, order.surcharge, order.paid_total) == (30, 5, 15, 50)


def test_jds_items_are_one_order_paid_from_balance_and_card(export):
    rows = [jd_item(), jd_item(商品ID="1002", 商品名称="赠品围裙", 京东价="50.00", 货号="WQ"), jd_item()]

    (order,), rejections = told(SOURCES["jd"], export("jd", *rows))

    assert rejections == []
    assert [(line.sku, line.paid) for line in order.lines] == [("DFB", 184), ("WQ", 46)]
    assert [(payment.method, payment.captured) for payment in order.payments] == [("balance", 30), ("other", 206)]
    assert (order.freight, order.discount, order.paid_total) == (6, 20, 236)


def test_jds_rows_that_contradict_each_other_are_refused(export):
    facts, (rejection,) = told(
        SOURCES["jd"], export("jd", jd_item(), jd_item(商品ID="1002", 订单状态="(删除)等待出库"))
    )

    assert facts == []
    assert rejection.line == 3


def test_jds_cash_on_delivery_is_no_money_until_it_is_completed(export):
    waiting = jd_item(支付方式="货到付款", 付款确认时间="", 余额支付="0", 订单状态="等待确认收货")

    (order,), _ = told(SOURCES["jd"], export("jd", waiting))
    (done,), _ = told(SOURCES["jd"], export("jd", {**waiting, "订单状态": "完成"}))

    assert order.payments == ()
    assert [(payment.method, payment.captured) for payment in done.payments] == [("cod", 206)]


def test_douyins_sample_is_read_whole(shared):
    orders, rejections = told(SOURCES["douyin"], shared / "platform_exports" / "samples" / "douyin_orders_4rows.csv")
    refunded, with_gift, joined = orders

    assert rejections == []
    assert (refunded.status, refunded.lines[0].refunded_elsewhere, refunded.lines[0].units_refunded) == (
        "completed",
        Decimal("28.90"),
        1,
    )
    assert refunded.receiver.name == refunded.receiver.phone == refunded.buyer.name == ""
    assert refunded.merchant_note == ""
    assert [line.is_gift for line in with_gift.lines] == [False, True]
    assert with_gift.lines[0].unit_price == 33
    assert [(line.external_id, line.quantity, line.paid) for line in joined.lines] == [
        ("69000000000000000031;69000000000000000032", 5, Decimal("58.90"))
    ]


def test_a_spreadsheet_that_rounded_douyins_numbers_is_told_so(shared, tmp_path):
    sample = (shared / "platform_exports" / "samples" / "douyin_orders_4rows.csv").read_text("utf-8-sig")
    path = tmp_path / "resaved.csv"
    path.write_text(sample.replace('"\t6900000000000000003"', "6.9E+18"), encoding="gb18030")

    facts, (rejection,) = told(SOURCES["douyin"], path)

    assert len(facts) == 2
    assert rejection.line == 5
    assert "lost its last digits" in rejection.reason


@pytest.mark.parametrize("kind", ["pdd", "douyin", "jd", "shopify"])
def test_an_export_without_orders_is_no_error(export, kind):
    assert told(SOURCES[kind], export(kind)) == ([], [])


@pytest.mark.parametrize("kind", ["pdd", "jd"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_export_saved_again_in_another_encoding_is_the_same(export, kind, encoding):
    row = {"pdd": pdd_order, "jd": jd_item}[kind]()

    original, _ = told(SOURCES[kind], export(kind, row))
    resaved, _ = told(SOURCES[kind], export(kind, row, encoding=encoding))

    assert resaved == original


@pytest.mark.parametrize("kind", ["pdd", "jd"])
def test_an_export_saved_as_a_workbook_under_a_note_is_the_same(export, tmp_path, kind):
    row = {"pdd": pdd_order, "jd": jd_item}[kind]()
    original = export(kind, row)
    book = Workbook()
    book.active.append(["导出说明：仅供内部使用"])
    with original.open(encoding=HEADERS[kind][1], newline="") as file:
        for cells in csv.reader(file):
            book.active.append(cells)
    resaved = tmp_path / "resaved.xlsx"
    book.save(resaved)

    (one,), _ = told(SOURCES[kind], original)
    (same,), rejections = told(SOURCES[kind], resaved)

    assert rejections == []
    assert same == replace(one, file="resaved.xlsx", line=3)


def test_every_source_names_what_it_needs():
    for name, source in SOURCES.items():
        assert source.name == name
        assert str(source.title)
        assert any(column.is_required for layout in source.columns for column in layout.columns)
