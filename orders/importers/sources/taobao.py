"""Taobao and Tmall: the pair ExportOrderList and ExportOrderDetailList of the seller centre.

Both files are needed: the list alone knows what was paid, the details alone what was sold.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.importers.facts import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping, tabular
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.table_rows import Row, RowError
from orders.importers.sources import order_sums, shop
from orders.importers.sources.shop import ShopExport
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    "ExportOrderList",
    (
        required("number", "订单编号", "订单号"),
        optional("member", "买家会员名", "买家昵称"),
        required("goods", "买家应付货款"),
        required("freight", "买家应付邮费"),
        optional("total", "总金额"),
        required("paid", "买家实际支付金额"),
        optional("points", "买家实际支付积分"),
        optional("coupon_value", "卡券抵扣"),
        optional("points_value", "积分抵扣"),
        optional("refund", "退款金额"),
        required("status", "订单状态"),
        optional("note", "买家留言"),
        optional("receiver", "收货人姓名"),
        optional("address", "修改后的收货地址"),
        optional("first_address", "收货地址"),
        optional("phone", "联系手机"),
        optional("landline", "联系电话"),
        required("ordered_at", "订单创建时间"),
        optional("paid_at", "订单付款时间"),
        optional("shipped_at", "发货时间"),
        optional("completed_at", "确认收货时间"),
        optional("waybill", "物流单号"),
        optional("carrier", "物流公司"),
        optional("merchant_note", "订单备注"),
        optional("shop", "店铺名称"),
        optional("invoice", "发票抬头"),
    ),
)
LINES = Layout(
    "lines",
    "ExportOrderDetailList",
    (
        required("number", "订单编号", "主订单编号"),
        required("title", "标题", "商品标题"),
        required("price", "价格", "商品价格"),
        required("quantity", "购买数量"),
        optional("external", "外部系统编号"),
        optional("variant", "商品属性"),
        optional("bundle", "套餐信息"),
        optional("status", "订单状态"),
        optional("sku", "商家编码"),
        optional("external_id", "子订单编号"),
    ),
)

STATUSES: Final = {
    "等待买家付款": OrderStatus.PLACED,
    "定金已付": OrderStatus.PLACED,
    "分阶段付款": OrderStatus.PLACED,
    "买家已付款": OrderStatus.PAID,
    "等待卖家发货": OrderStatus.PAID,
    "部分发货": OrderStatus.SHIPPED,
    "卖家已发货": OrderStatus.SHIPPED,
    "等待买家确认": OrderStatus.SHIPPED,
    "已签收": OrderStatus.SIGNED,
    "交易成功": OrderStatus.COMPLETED,
    "关闭": OrderStatus.CANCELLED,
    "取消": OrderStatus.CANCELLED,
}


class Taobao(ShopExport):
    """Source: the two files of a shop's export."""

    name = "taobao"
    title = gettext_lazy("Taobao")
    hint = "ExportOrderList*.csv + ExportOrderDetailList*.csv"
    columns = (ORDERS, LINES)
    words = STATUSES

    def read(self, paths: Sequence[Path]) -> grouping.Orders:
        """Join the pair by order number; ReadError if one of the two is missing."""
        tables = tabular.open_tables(paths, self.columns, self.timezone)
        lines = grouping.by_number(tables["lines"], "number")
        return grouping.Orders(
            grouping.by_number(tables["orders"], "number"),
            lambda number, rows: [self.order(number, [grouping.single(rows), *lines.rows.get(number, [])])],
            (lines, _("The order list has no order of this number.")),
        )

    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """The row of the list, then those of the details."""
        row, *details = rows
        if not details:
            raise RowError(_("The details file has no line of this order."))
        reported = grouping.of_one_file(details)
        head, payments = _head(number, row), _payments(row)
        captured, is_paid = order_sums.captured(payments), bool(payments or head.paid_at)
        lines, freight = _asked([_line(detail) for detail in reported], row)
        settled = order_sums.settle(lines, freight, captured, self.currency, is_paid=is_paid)
        given_back = _given_back(settled.lines, reported, head.status)
        freight_back = settled.freight if head.status == OrderStatus.CANCELLED and not head.parcels else ZERO
        told_back = min(row.amount("refund", self.currency), captured)
        return order_sums.concluded(
            head,
            settled,
            payments,
            lines=given_back,
            refunded_elsewhere=order_sums.beyond(told_back, given_back, freight_back),
            freight_refunded=freight_back,
        )


SOURCE: Final = Taobao()


def _head(number: str, row: Row) -> OrderFacts:
    return replace(
        SOURCE.head(number, row, status=SOURCE.status(row)),
        merchant_name=row.text("shop"),
        **shop.invoice_header(row.text("invoice")),
        buyer=BuyerFacts(row.number("member") or f"order:{number}", name=row.text("member")),
        receiver=_receiver(row),
        parcels=shop.parcels(row),
    )


def _line(row: Row) -> LineFacts:
    quantity, price = row.count("quantity"), row.amount("price", SOURCE.currency)
    return LineFacts(
        external_id=row.number("external_id"),
        sku=row.text("sku") or row.text("external"),
        title=row.text("title"),
        variant=" ".join(filter(None, (row.text("variant"), row.text("bundle")))),
        quantity=quantity,
        unit_price=price,
        paid=price * quantity,
        is_gift=not price,
    )


def _asked(lines: list[LineFacts], row: Row) -> tuple[Sequence[LineFacts], Decimal]:
    """Bring the lines down to the goods payable: shop discounts and coupons are in that sum already."""
    asked = sum((line.paid for line in lines), ZERO)
    goods = row.amount("goods", SOURCE.currency)
    if goods > asked:
        raise RowError(_("The lines in the details file are worth less than the goods payable; a line may be missing."))
    return order_sums.discounted(lines, asked - goods, SOURCE.currency), row.amount("freight", SOURCE.currency)


def _payments(row: Row) -> tuple[PaymentFacts, ...]:
    """Tell the tenders: Alipay, and coupons and points where they fill the gap between total and paid."""
    currency, paid_at = SOURCE.currency, row.moment("paid_at")
    cash = row.amount("paid", currency)
    # Whatever their columns hold, coupons and points can not have paid more than the gap.
    gap = max(row.amount("total", currency) - cash, ZERO)
    coupon = min(row.amount("coupon_value", currency), gap) if paid_at else ZERO
    points = min(row.amount("points_value", currency), gap - coupon) if paid_at else ZERO
    return order_sums.tenders(
        (
            PaymentFacts(1, Method.WALLET, cash, paid_at=paid_at),
            PaymentFacts(2, Method.VOUCHER, coupon, paid_at=paid_at),
            PaymentFacts(3, Method.POINTS, points, points=row.points("points"), paid_at=paid_at),
        )
    )


def _given_back(lines: Sequence[LineFacts], details: list[Row], status: str) -> tuple[LineFacts, ...]:
    """Lines that were closed were refunded: all of a closed order, or one line of a living one."""
    if status == OrderStatus.CANCELLED:
        return order_sums.refunded(lines)
    return tuple(
        order_sums.refunded([line])[0] if "关闭" in row.text("status") else line
        for line, row in zip(lines, details, strict=True)
    )


def _receiver(row: Row) -> ReceiverFacts:
    address = row.text("address") or row.text("first_address")
    # The address starts with province, city and district, parted by spaces.
    region = " ".join(address.split()[:3]) if len(address.split()) > 3 else ""
    return ReceiverFacts(row.text("receiver"), row.text("phone") or row.text("landline"), region, "", address)
