"""Douyin: one row per sub-order; receivers are encrypted.

A cell that joins several sub-orders by `;` stays one line: the export does not tell what each part costs.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy

from orders import money
from orders.importers.facts import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.table_rows import Row
from orders.importers.sources import order_sums, statuses
from orders.importers.sources.shop import ShopExport
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    gettext_lazy("Douyin orders"),
    (
        required("number", "主订单编号"),
        required("external_id", "子订单编号"),
        required("title", "选购商品"),
        optional("variant", "商品规格"),
        required("quantity", "商品数量"),
        optional("sku", "商家编码"),
        required("payable", "订单应付金额"),
        optional("freight", "运费"),
        optional("receiver", "收件人"),
        optional("phone", "收件人手机号"),
        optional("province", "省"),
        optional("city", "市"),
        optional("district", "区"),
        optional("address", "详细地址"),
        required("ordered_at", "订单提交时间"),
        optional("paid_at", "支付完成时间", "支付时间"),
        optional("shipped_at", "发货时间"),
        optional("completed_at", "订单完成时间"),
        optional("note", "买家留言"),
        optional("merchant_note", "商家备注"),
        required("status", "订单状态"),
        optional("aftersales", "售后状态"),
        optional("platform_discount", "平台实际承担优惠金额"),
        optional("merchant_discount", "商家实际承担优惠金额"),
        optional("creator_discount", "达人实际承担优惠金额"),
        optional("method", "支付方式"),
    ),
)

STATUSES: Final = {
    "待支付": OrderStatus.PLACED,
    "待付款": OrderStatus.PLACED,
    "待确认": OrderStatus.PLACED,
    "已支付": OrderStatus.PAID,
    "备货中": OrderStatus.PAID,
    "待发货": OrderStatus.PAID,
    "部分发货": OrderStatus.SHIPPED,
    "已发货": OrderStatus.SHIPPED,
    "待收货": OrderStatus.SHIPPED,
    "已签收": OrderStatus.SIGNED,
    "已收货": OrderStatus.COMPLETED,
    "已完成": OrderStatus.COMPLETED,
    "关闭": OrderStatus.CANCELLED,
    "取消": OrderStatus.CANCELLED,
}


_DISCOUNTS: Final = ("platform_discount", "merchant_discount", "creator_discount")


class Douyin(ShopExport):
    """Source: a shop's order export."""

    name = "douyin"
    title = gettext_lazy("Douyin")
    hint = "*.csv"
    columns = (ORDERS,)
    words = STATUSES

    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """A row for each sub-order."""
        rows = grouping.distinct(grouping.of_one_file(rows))
        head = _head(number, rows)
        is_paid = _is_paid(head, rows)
        freight = sum((row.amount("freight", self.currency) for row in rows), ZERO)
        captured = sum((row.amount("payable", self.currency) for row in rows), ZERO) if is_paid else ZERO
        settled = order_sums.settle([_line(row) for row in rows], freight, captured, self.currency, is_paid=is_paid)
        lines = tuple(_given_back(line, row, head.status) for line, row in zip(settled.lines, rows, strict=True))
        is_all_back = bool(captured) and all(line.units_refunded for line in lines)
        return order_sums.concluded(
            head,
            settled,
            (PaymentFacts(1, Method.OTHER, captured, paid_at=head.paid_at),) if captured else (),
            lines=lines,
            freight_refunded=settled.freight if is_all_back and not head.has_left else ZERO,
        )


SOURCE: Final = Douyin()


def _head(number: str, rows: list[Row]) -> OrderFacts:
    row = rows[0]
    return replace(
        SOURCE.head(number, row, status=_status(rows)),
        # Douyin encrypts who bought.
        buyer=BuyerFacts(f"order:{number}", name=_open(row.text("receiver")), phone=_open(row.text("phone"))),
        receiver=_receiver(row),
        shipped_at=_latest(rows, "shipped_at"),
        completed_at=_latest(rows, "completed_at"),
    )


def _latest(rows: list[Row], key: str) -> datetime | None:
    return max((at for row in rows if (at := row.moment(key))), default=None)


def _is_paid(head: OrderFacts, rows: list[Row]) -> bool:
    """Tell whether money came in; a closed order was paid only where something else says so."""
    if head.status not in (OrderStatus.PLACED, OrderStatus.CANCELLED) or head.paid_at or head.shipped_at:
        return True
    return any(statuses.is_refunded(row.text("aftersales")) for row in rows)


def _line(row: Row) -> LineFacts:
    """One sub-order: payable includes its freight; with what others bore it gives the listed price."""
    currency, quantity = SOURCE.currency, row.count("quantity")
    goods = max(row.amount("payable", currency) - row.amount("freight", currency), ZERO)
    discount = sum((row.amount(key, currency) for key in _DISCOUNTS), ZERO)
    return LineFacts(
        external_id=row.number("external_id"),
        sku=row.text("sku"),
        title=row.text("title").replace(";", " + "),
        variant=row.text("variant"),
        quantity=quantity,
        unit_price=money.rounded((goods + discount) / quantity, currency),
        discount=discount,
        paid=goods,
        is_gift=not goods + discount,
    )


def _status(rows: list[Row]) -> OrderStatus:
    """Take the order's status from its sub-orders: closed only if all are, else the furthest of the living."""
    found = [SOURCE.status(row) for row in rows]
    living = [status for status in found if status != OrderStatus.CANCELLED]
    return max(living or found, key=lambda status: statuses.RANK[status])


def _given_back(line: LineFacts, row: Row, status: str) -> LineFacts:
    is_closed = SOURCE.status(row) == OrderStatus.CANCELLED
    if is_closed or status == OrderStatus.CANCELLED or statuses.is_refunded(row.text("aftersales")):
        return order_sums.refunded([line])[0]
    return line


def _receiver(row: Row) -> ReceiverFacts:
    region = " ".join(filter(None, (row.text("province"), row.text("city"), row.text("district"))))
    return ReceiverFacts(_open(row.text("receiver")), _open(row.text("phone")), region, "", _open(row.text("address")))


def _open(text: str) -> str:
    """Drop what is encrypted: it tells nobody anything and would be taken for a name."""
    return "" if text.startswith(("##", "$$", "~~")) or "密文" in text else text
