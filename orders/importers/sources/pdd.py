"""Pinduoduo: one row per order, one item per order."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import money
from orders.importers.facts import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.table_rows import Row, RowError
from orders.importers.sources import order_sums, shop, statuses
from orders.importers.sources.shop import ShopExport
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    gettext_lazy("Pinduoduo orders"),
    (
        required("title", "商品", "商品名称"),
        required("number", "订单号", "订单编号"),
        required("status", "订单状态"),
        required("goods", "商品总价(元)"),
        optional("freight", "邮费(元)"),
        required("paid", "用户实付金额(元)", "商家应收金额(元)(支付金额)"),
        required("quantity", "商品数量(件)"),
        optional("paid_at", "支付时间"),
        optional("ordered_at", "订单成交时间", "订单创建时间"),
        optional("promised_ship_at", "承诺发货时间"),
        optional("promised_at", "承诺送达时间"),
        optional("shipped_at", "发货时间"),
        optional("received_at", "确认收货时间"),
        optional("product", "商品id"),
        optional("variant", "商品规格"),
        optional("style", "样式ID"),
        optional("category_1", "商品一级类目"),
        optional("category_2", "商品二级类目"),
        optional("category_3", "商品三级类目"),
        optional("category_4", "商品四级类目"),
        optional("sku", "商家编码-规格维度"),
        optional("product_code", "商家编码-商品维度"),
        optional("merchant_note", "商家备注"),
        optional("note", "买家留言"),
        optional("aftersales", "售后状态"),
        optional("refund", "退款金额(元)"),
        optional("waybill", "快递单号"),
        optional("carrier", "快递公司"),
        optional("receiver", "收货人", "收件人"),
        optional("phone", "手机", "联系电话"),
        optional("province", "省"),
        optional("city", "市"),
        optional("district", "区"),
        optional("street", "街道/镇", "街道"),
        optional("gift", "赠品名称"),
        optional("gift_id", "赠品id"),
        optional("gift_variant", "赠品规格"),
        optional("gift_quantity", "赠品数量"),
        optional("payment", "支付ID"),
        optional("method", "支付方式"),
        optional("instalments", "分期期数"),
    ),
)

STATUSES: Final = {
    "未发货退款成功": OrderStatus.CANCELLED,
    "已发货退款成功": OrderStatus.SHIPPED,
    "待付款": OrderStatus.PLACED,
    "待支付": OrderStatus.PLACED,
    "待成团": OrderStatus.PAID,
    "待发货": OrderStatus.PAID,
    "待签收": OrderStatus.SHIPPED,
    "待收货": OrderStatus.SHIPPED,
    "已发货": OrderStatus.SHIPPED,
    "已签收": OrderStatus.SIGNED,
    "已收货": OrderStatus.COMPLETED,
    "交易成功": OrderStatus.COMPLETED,
    "已完成": OrderStatus.COMPLETED,
    "取消": OrderStatus.CANCELLED,
    "关闭": OrderStatus.CANCELLED,
}
METHODS: Final = {
    "微信": Method.WALLET,
    "支付宝": Method.WALLET,
    "多多钱包": Method.WALLET,
    "qq": Method.WALLET,
    "先用后付": Method.WALLET,
    "花呗": Method.INSTALMENTS,
    "分期": Method.INSTALMENTS,
    "银行卡": Method.CARD,
    "余额": Method.BALANCE,
}


class Pdd(ShopExport):
    """Source: a shop's order export."""

    name = "pdd"
    title = gettext_lazy("Pinduoduo")
    hint = "orders_export*.csv"
    columns = (ORDERS,)
    words = STATUSES

    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """One row, one order."""
        row = grouping.single(rows)
        head, freight = _head(number, row), row.amount("freight", self.currency)
        is_paid = head.paid_at is not None
        payments = _payments(row, is_paid=is_paid)
        captured = order_sums.captured(payments)
        settled = order_sums.settle(_lines(row), freight, captured, self.currency, is_paid=is_paid)
        back = _given_back(row, captured, head.status)
        if captured and back >= captured:
            return order_sums.returned_whole(head, settled, payments)
        return order_sums.concluded(head, settled, payments, refunded_elsewhere=back)


SOURCE: Final = Pdd()


def _head(number: str, row: Row) -> OrderFacts:
    paid_at, received_at = row.moment("paid_at"), row.moment("received_at")
    ordered_at = row.moment("ordered_at") or paid_at
    if ordered_at is None:
        raise RowError(_("The row tells neither when the order was placed nor when it was paid."), row)
    return replace(
        SOURCE.head(number, row, status=SOURCE.status(row), ordered_at=ordered_at),
        # Pinduoduo does not tell who bought.
        buyer=BuyerFacts(f"order:{number}", name=row.text("receiver"), phone=row.text("phone")),
        receiver=_receiver(row),
        promised_ship_at=row.moment("promised_ship_at"),
        promised_at=row.moment("promised_at"),
        signed_at=received_at,
        completed_at=received_at,
        parcels=shop.parcels(row),
    )


def _lines(row: Row) -> list[LineFacts]:
    line = _line(row)
    return [line, _gift(row, line)] if row.text("gift") else [line]


def _line(row: Row) -> LineFacts:
    quantity, goods = row.count("quantity"), row.amount("goods", SOURCE.currency)
    return LineFacts(
        external_id=row.text("style"),
        sku=row.text("sku") or row.text("product_code") or row.text("product"),
        title=row.text("title"),
        variant=row.text("variant"),
        category=next(filter(None, (row.text(f"category_{depth}") for depth in (4, 3, 2, 1))), ""),
        quantity=quantity,
        unit_price=money.rounded(goods / quantity, SOURCE.currency),
        paid=goods,
    )


def _gift(row: Row, line: LineFacts) -> LineFacts:
    units = row.count("gift_quantity") if row.text("gift_quantity") else 1
    gift = replace(line, external_id="", sku=row.text("gift_id"), title=row.text("gift"), quantity=units, is_gift=True)
    return replace(gift, variant=row.text("gift_variant"), category="", unit_price=ZERO, paid=ZERO)


def _payments(row: Row, *, is_paid: bool) -> tuple[PaymentFacts, ...]:
    captured = row.amount("paid", SOURCE.currency)
    if not is_paid or not captured:
        return ()
    reported = statuses.bare(row.text("method"))
    method = next((method for word, method in METHODS.items() if word in reported), Method.OTHER)
    paid_at, parts = row.moment("paid_at"), row.parts("instalments")
    return (PaymentFacts(1, method, captured, parts, row.number("payment"), paid_at=paid_at),)


def _given_back(row: Row, captured: Decimal, status: str) -> Decimal:
    """What Pinduoduo gave back: the sum where a column tells it, else everything once a refund succeeded."""
    reported = row.amount("refund", SOURCE.currency)
    if reported:
        return min(reported, captured)
    is_back = statuses.is_refunded(row.text("aftersales")) or statuses.is_refunded(row.text("status"))
    return captured if is_back or status == OrderStatus.CANCELLED else ZERO


def _receiver(row: Row) -> ReceiverFacts:
    region = " ".join(filter(None, (row.text("province"), row.text("city"), row.text("district"))))
    return ReceiverFacts(row.text("receiver"), row.text("phone"), region, "", row.text("street"))
