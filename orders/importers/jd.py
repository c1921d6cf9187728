"""JD.com: one row per item, the order's sums repeated on each; GBK."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.importers import grouping, reading, settlement, statuses
from orders.importers.base import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts, Source
from orders.importers.layouts import Layout, optional, required
from orders.importers.reading import Row, RowError
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


class Jd(Source):
    """Source: a shop's order export."""

    name = "jd"
    title = gettext_lazy("JD.com")
    hint = "*.csv"
    timezone = "Asia/Shanghai"
    currency = "CNY"
    columns = (ORDERS,)
    needs_merchant = True
    numbers_are_global = True

    def read(self, paths: Sequence[Path]) -> grouping.Orders:
        """Group items by their order; ReadError if the files are no such export."""
        tables = reading.open_tables(paths, self.columns, self.timezone)
        return grouping.Orders(
            grouping.by_number(tables["orders"], "number"),
            lambda number, rows: [_order(number, grouping.distinct(grouping.of_one_file(rows)))],
        )


def _order(number: str, rows: list[Row]) -> OrderFacts:
    row = _insist_alike(rows)
    head, freight = _head(number, row), row.amount("freight", Jd.currency)
    payments = _payments(row, head.status)
    settled = settlement.settle(
        [_line(each) for each in rows],
        freight,
        settlement.captured(payments),
        Jd.currency,
        is_paid=bool(payments or head.paid_at),
    )
    if head.status != OrderStatus.CANCELLED:
        return settlement.concluded(head, settled, payments)
    # A cancelled order is not refunded later: the money went back with it.
    return settlement.concluded(
        head,
        settled,
        payments,
        lines=settlement.refunded(settled.lines),
        freight_refunded=settled.freight if head.shipped_at is None else ZERO,
    )


def _head(number: str, row: Row) -> OrderFacts:
    ordered_at = row.needed_moment("ordered_at")
    return OrderFacts(
        source=Jd.name,
        external_number=number,
        number=number,
        buyer=BuyerFacts(row.number("member") or f"order:{number}", row.text("receiver"), row.text("phone")),
        receiver=ReceiverFacts(row.text("receiver"), row.text("phone"), "", "", row.text("address")),
        currency=Jd.currency,
        status=statuses.found(row.text("status"), STATUSES),
        ordered_at=ordered_at,
        as_of=ordered_at,
        paid_at=row.moment("paid_at"),
        shipped_at=row.moment("shipped_at"),
        completed_at=row.moment("completed_at"),
        file=row.table.name,
        line=row.line,
        buyer_note=row.text("note"),
        merchant_note=row.text("merchant_note"),
        is_coarse=not row.has_seconds("ordered_at"),
    )


def _insist_alike(rows: list[Row]) -> Row:
    first = rows[0]
    for row in rows[1:]:
        if any(row.text(key) != first.text(key) for key in _OF_THE_ORDER):
            raise RowError(_("The rows of this order tell different sums, times or states."), row)
    return first


def _line(row: Row) -> LineFacts:
    quantity, price = row.count("quantity"), row.amount("price", Jd.currency)
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
    if on_delivery and status != OrderStatus.COMPLETED:
        return ()
    if not on_delivery and paid_at is None and status in (OrderStatus.PLACED, OrderStatus.CANCELLED):
        return ()
    rest: Decimal = row.amount("payable", Jd.currency)
    tenders = (
        (Method.BALANCE, row.amount("balance", Jd.currency)),
        (Method.CASH_ON_DELIVERY if on_delivery else Method.OTHER, rest),
    )
    return tuple(
        PaymentFacts(sequence, method, value, paid_at=paid_at)
        for sequence, (method, value) in enumerate(tenders, start=1)
        if value
    )
