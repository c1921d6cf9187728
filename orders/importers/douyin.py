"""Douyin: one row per sub-order; receivers are encrypted.

A cell that joins several sub-orders by `;` stays one line: the export does not tell what each part costs.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy

from orders import money
from orders.importers import grouping, reading, settlement, statuses
from orders.importers.base import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts, Source
from orders.importers.layouts import Layout, optional, required
from orders.importers.reading import Row
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


class Douyin(Source):
    """Source: a shop's order export."""

    name = "douyin"
    title = gettext_lazy("Douyin")
    hint = "*.csv"
    timezone = "Asia/Shanghai"
    currency = "CNY"
    columns = (ORDERS,)
    needs_merchant = True
    numbers_are_global = True

    def read(self, paths: Sequence[Path]) -> grouping.Orders:
        """Group sub-orders by their order; ReadError if the files are no such export."""
        tables = reading.open_tables(paths, self.columns, self.timezone)
        return grouping.Orders(
            grouping.by_number(tables["orders"], "number"),
            lambda number, rows: [_order(number, grouping.distinct(grouping.of_one_file(rows)))],
        )


def _order(number: str, rows: list[Row]) -> OrderFacts:
    currency, head = Douyin.currency, _head(number, rows)
    is_paid = _is_paid(head, rows)
    freight = sum((row.amount("freight", currency) for row in rows), ZERO)
    captured = sum((row.amount("payable", currency) for row in rows), ZERO) if is_paid else ZERO
    settled = settlement.settle([_line(row) for row in rows], freight, captured, currency, is_paid=is_paid)
    lines = tuple(_given_back(line, row, head.status) for line, row in zip(settled.lines, rows, strict=True))
    is_all_back = bool(captured) and all(line.units_refunded for line in lines)
    return settlement.concluded(
        head,
        settled,
        (PaymentFacts(1, Method.OTHER, captured, paid_at=head.paid_at),) if captured else (),
        lines=lines,
        freight_refunded=settled.freight if is_all_back and head.shipped_at is None else ZERO,
    )


def _head(number: str, rows: list[Row]) -> OrderFacts:
    row = rows[0]
    ordered_at = row.needed_moment("ordered_at")
    return OrderFacts(
        source=Douyin.name,
        external_number=number,
        number=number,
        # Douyin encrypts who bought.
        buyer=BuyerFacts(f"order:{number}", name=_open(row.text("receiver")), phone=_open(row.text("phone"))),
        receiver=_receiver(row),
        currency=Douyin.currency,
        status=_status(rows),
        ordered_at=ordered_at,
        as_of=ordered_at,
        paid_at=row.moment("paid_at"),
        shipped_at=_latest(rows, "shipped_at"),
        completed_at=_latest(rows, "completed_at"),
        file=row.table.name,
        line=row.line,
        buyer_note=row.text("note"),
        merchant_note=row.text("merchant_note"),
        is_coarse=not row.has_seconds("ordered_at"),
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
    currency, quantity = Douyin.currency, row.count("quantity")
    goods = max(row.amount("payable", currency) - row.amount("freight", currency), ZERO)
    discount = sum(
        (row.amount(key, currency) for key in ("platform_discount", "merchant_discount", "creator_discount")), ZERO
    )
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
    found = [statuses.found(row.text("status"), STATUSES) for row in rows]
    living = [status for status in found if status != OrderStatus.CANCELLED]
    return max(living or found, key=lambda status: statuses.RANK[status])


def _given_back(line: LineFacts, row: Row, status: str) -> LineFacts:
    is_closed = statuses.found(row.text("status"), STATUSES) == OrderStatus.CANCELLED
    if is_closed or status == OrderStatus.CANCELLED or statuses.is_refunded(row.text("aftersales")):
        return settlement.refunded([line])[0]
    return line


def _receiver(row: Row) -> ReceiverFacts:
    region = " ".join(filter(None, (row.text("province"), row.text("city"), row.text("district"))))
    return ReceiverFacts(_open(row.text("receiver")), _open(row.text("phone")), region, "", _open(row.text("address")))


def _open(text: str) -> str:
    """Drop what is encrypted: it tells nobody anything and would be taken for a name."""
    return "" if text.startswith(("##", "$$", "~~")) or "密文" in text else text
