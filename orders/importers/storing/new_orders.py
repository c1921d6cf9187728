"""Orders that nobody knew yet: written straight into the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from orders.importers.facts import ZERO, OrderFacts
from orders.importers.sources.base import Source
from orders.importers.storing import copying, given_back, parties, rows
from orders.importers.storing.given_back import Share, Units
from orders.importers.storing.reported_order import ReportedOrder
from orders.importers.storing.rows import Value
from orders.models import Order, OrderLine, Payment

ORDER = (
    "id", "number", "merchant_id", "buyer_id", "purchase_id", "freight_elsewhere", "facts_as_of", "facts_digest",
    "created_at", *rows.DATED_BY, *rows.ORDER,
)  # fmt: skip
LINE = ("id", "order_id", "position", "units_elsewhere", "amount_elsewhere", *rows.LINE)
PAYMENT = ("id", "order_id", "currency", "elsewhere", *rows.PAYMENT)
Child = tuple[tuple[Value, ...], str]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Sums the source gave back before we knew the order."""

    freight: Decimal
    lines: list[Decimal]
    payments: list[Decimal]


@dataclass(slots=True)
class _Rows:
    """Rows for COPY, collected over all orders of a batch."""

    orders: list[str] = field(default_factory=list)
    lines: list[Child] = field(default_factory=list)
    payments: list[Child] = field(default_factory=list)


def insert(orders: Sequence[tuple[ReportedOrder, GivenBack]], source: Source, at: datetime) -> dict[int, ReportedOrder]:
    """Record new orders with lines and payments, and give them by their id; IntegrityError, DataError."""
    if not orders:
        return {}
    reported = [order for order, _back in orders]
    buyers, purchases = parties.buyers(reported, source, at), parties.purchases(reported, source)
    # COPY gives no ids back, and lines and payments need those of their order.
    ids = copying.new_ids(Order, len(orders))
    found = _Rows()
    for pk, (order, back) in zip(ids, orders, strict=True):
        purchase = purchases.get(order.facts.purchase_number)
        own = (order.number, order.merchant.pk, buyers[order.buyer_known_by], purchase, back.freight)
        dated_by = rows.dated_by(order.facts)
        row = rows.text((pk, *own, order.as_of, order.digest, at, *dated_by))
        found.orders.append(rows.joined(row, order.texts.order))
        found.lines += _lines(pk, order, back)
        found.payments += _payments(pk, order, back)
    copying.insert(Order, ORDER, found.orders)
    insert_lines(found.lines)
    insert_payments(found.payments)
    return dict(zip(ids, reported, strict=True))


def _lines(pk: int, order: ReportedOrder, back: GivenBack) -> list[Child]:
    parts = zip(order.facts.lines, back.lines, order.texts.lines, strict=True)
    return [
        ((pk, position, line.units_refunded, amount), text)
        for position, (line, amount, text) in enumerate(parts, start=1)
    ]


def _payments(pk: int, order: ReportedOrder, back: GivenBack) -> list[Child]:
    currency = order.facts.currency
    return [((pk, currency, amount), text) for amount, text in zip(back.payments, order.texts.payments, strict=True)]


def insert_lines(lines: Sequence[Child]) -> None:
    """Record lines: the columns of LINE between id and rows.LINE, and those of rows.LINE as a text."""
    ids = copying.new_ids(OrderLine, len(lines))
    written = [rows.joined(rows.text((pk, *own)), text) for pk, (own, text) in zip(ids, lines, strict=True)]
    copying.insert(OrderLine, LINE, written)


def insert_payments(payments: Sequence[Child]) -> None:
    """Record payments: the columns of PAYMENT between id and rows.PAYMENT, and those of rows.PAYMENT as a text."""
    ids = copying.new_ids(Payment, len(payments))
    written = [rows.joined(rows.text((pk, *own)), text) for pk, (own, text) in zip(ids, payments, strict=True)]
    copying.insert(Payment, PAYMENT, written)


def given_back_before(facts: OrderFacts) -> GivenBack:
    """Lay what the source gave back to lines, freight and payments; Irreconcilable if it is more than was paid."""
    # Nearly every order: nothing to share, nothing to check.
    if not (facts.refunded_elsewhere or facts.freight_refunded or any(line.refunded_elsewhere for line in facts.lines)):
        return GivenBack(ZERO, [ZERO] * len(facts.lines), [ZERO] * len(facts.payments))
    lines = [Share(line.paid, line.refunded_elsewhere) for line in facts.lines]
    freight = Share(facts.freight, facts.freight_refunded)
    payments = [Share(payment.captured) for payment in facts.payments]
    given_back.count_money(lines, freight, payments, unattributed=facts.refunded_elsewhere, currency=facts.currency)
    for line in facts.lines:
        given_back.count_units(Units(line.quantity, line.units_refunded))
    return GivenBack(freight.elsewhere, [line.elsewhere for line in lines], [payment.elsewhere for payment in payments])
