"""JD.com: one row per item, the order's sums repeated on each; GBK."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.importers.facts import BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.table_rows import Row, RowError
from orders.importers.sources import order_sums, shop
from orders.importers.sources.shop import ShopExport
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    gettext_lazy("JD.com orders"),
    (
        required("number", "订单号", "订单编号"),
        required("product", "商品ID"),
        required("title", "商品名称"),
        required("quantity", "订购数量"),
        optional("method", "支付方式"),
        required("ordered_at", "下单时间"),
        required("price", "京东价"),
        required("total", "订单金额"),
        optional("balance", "余额支付"),
        required("payable", "应付金额"),
        required("status", "订单状态"),
        optional("member", "下单帐号", "下单账号"),
        optional("receiver", "客户姓名"),
        optional("address", "客户地址"),
        optional("phone", "联系电话"),
        optional("note", "订单备注"),
        optional("merchant_note", "商家备注"),
        optional("freight", "运费金额"),
        optional("paid_at", "付款确认时间"),
        optional("shipped_at", "出库时间", "发货时间"),
        optional("completed_at", "订单完成时间"),
        optional("sku", "货号"),
        optional("invoice", "发票抬头"),
        optional("vat_invoice", "增值税发票"),
    ),
)
_OF_THE_ORDER: Final = ("total", "balance", "payable", "status", "freight", "ordered_at", "paid_at", "completed_at")

STATUSES: Final = {
    "删除": OrderStatus.CANCELLED,
    "取消": OrderStatus.CANCELLED,
    "等待付款": OrderStatus.PLACED,
    "等待确认收货": OrderStatus.SHIPPED,
    "等待收货": OrderStatus.SHIPPED,
    "已出库": OrderStatus.SHIPPED,
    "已发货": OrderStatus.SHIPPED,
    "配送": OrderStatus.SHIPPED,
    "等待出库": OrderStatus.PAID,
    "等待发货": OrderStatus.PAID,
    "等待打印": OrderStatus.PAID,
    "付款成功": OrderStatus.PAID,
    "暂停": OrderStatus.PAID,
    "锁定": OrderStatus.PAID,
    "完成": OrderStatus.COMPLETED,
}


class Jd(ShopExport):
    """Source: a shop's order export."""

    name = "jd"
    title = gettext_lazy("JD.com")
    hint = "*.csv"
    columns = (ORDERS,)
    words = STATUSES

    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """A row for each item; each repeats what is of the order."""
        rows = grouping.distinct(grouping.of_one_file(rows))
        row = _only_head(rows)
        head, freight = _head(number, row), row.amount("freight", self.currency)
        payments = _payments(row, head.status)
        captured, is_paid = order_sums.captured(payments), bool(payments or head.paid_at)
        lines = [_line(each) for each in rows]
        settled = order_sums.settle(lines, freight, captured, self.currency, is_paid=is_paid)
        if head.status != OrderStatus.CANCELLED:
            return order_sums.concluded(head, settled, payments)
        # A cancelled order is not refunded later: the money went back with it.
        return order_sums.returned_whole(head, settled, payments)


SOURCE: Final = Jd()


def _head(number: str, row: Row) -> OrderFacts:
    receiver = ReceiverFacts(row.text("receiver"), row.text("phone"), "", "", row.text("address"))
    return replace(
        SOURCE.head(number, row, status=SOURCE.status(row)),
        buyer=BuyerFacts(row.number("member") or f"order:{number}", receiver.name, receiver.phone),
        receiver=receiver,
        **shop.invoice_header(row.text("invoice"), row.text("vat_invoice")),
    )


def _only_head(rows: list[Row]) -> Row:
    first = rows[0]
    for row in rows[1:]:
        if any(row.text(key) != first.text(key) for key in _OF_THE_ORDER):
            raise RowError(_("The rows of this order tell different sums, times or states."), row)
    return first


def _line(row: Row) -> LineFacts:
    quantity, price = row.count("quantity"), row.amount("price", SOURCE.currency)
    return LineFacts(
        external_id=row.number("product"),
        sku=row.text("sku") or row.text("product"),
        title=row.text("title"),
        quantity=quantity,
        unit_price=price,
        paid=price * quantity,
        is_gift=not price,
    )


def _payments(row: Row, status: str) -> tuple[PaymentFacts, ...]:
    """Tell the tenders: account balance, and the rest as the method says; freight is in what is payable."""
    paid_at = row.moment("paid_at")
    on_delivery = "货到付款" in row.text("method")
    if not _is_paid(status, paid_at, on_delivery=on_delivery):
        return ()
    rest: Decimal = row.amount("payable", SOURCE.currency)
    return order_sums.tenders(
        (
            PaymentFacts(1, Method.BALANCE, row.amount("balance", SOURCE.currency), paid_at=paid_at),
            PaymentFacts(2, Method.CASH_ON_DELIVERY if on_delivery else Method.OTHER, rest, paid_at=paid_at),
        )
    )


def _is_paid(status: str, paid_at: datetime | None, *, on_delivery: bool) -> bool:
    # The courier collects; only an order that is completed was surely paid.
    if on_delivery:
        return status == OrderStatus.COMPLETED
    return paid_at is not None or status not in (OrderStatus.PLACED, OrderStatus.CANCELLED)
