"""Orders that nobody knew yet: written straight into the tables."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from orders.importers.sources import givenback
from orders.importers.sources.base import ZERO, OrderFacts, Source
from orders.importers.sources.givenback import Share, Units
from orders.importers.storing import copying, parties, rows
from orders.importers.storing.reported import Told
from orders.importers.storing.rows import Value
from orders.models import Order, OrderLine, Payment

ORDER = (
    "id", "number", "merchant_id", "buyer_id", "purchase_id", "freight_elsewhere", "facts_as_of", "facts_digest",
    "created_at", *rows.ORDER,
)  # fmt: skip
LINE = ("id", "order_id", "position", "units_elsewhere", "amount_elsewhere", *rows.LINE)
PAYMENT = ("id", "order_id", "currency", "elsewhere", *rows.PAYMENT)
Child = tuple[tuple[Value, ...], str]


class Back:
    """Sums the source gave back before we knew the order."""

    __slots__ = ("freight", "lines", "payments")

    def __init__(self, freight: Decimal, lines: list[Decimal], payments: list[Decimal]) -> None:
        self.freight = freight
        self.lines = lines
        self.payments = payments


def insert(orders: Sequence[tuple[Told, Back]], source: Source, at: datetime) -> dict[int, Told]:
    """Record new orders with lines and payments, and give them by their id; IntegrityError, DataError."""
    if not orders:
        return {}
    told = [one for one, _back in orders]
    buyers, purchases = parties.buyers(told, source, at), parties.purchases(told, source)
    ids = copying.new_ids(Order, len(orders))
    heads: list[str] = []
    lines: list[Child] = []
    payments: list[Child] = []
    for pk, (one, back) in zip(ids, orders, strict=True):
        facts = one.facts
        purchase = purchases.get(facts.purchase_number) if facts.purchase_number else None
        own = (
            pk, one.number, one.merchant.pk, buyers[one.buyer_known_by], purchase, back.freight, one.as_of, one.digest,
            at,
        )  # fmt: skip
        heads.append(rows.joined(rows.text(own), one.texts.order))
        for position, (line, text) in enumerate(zip(facts.lines, one.texts.lines, strict=True)):
            lines.append(((pk, position + 1, line.units_refunded, back.lines[position]), text))
        payments += [
            ((pk, facts.currency, amount), text) for amount, text in zip(back.payments, one.texts.payments, strict=True)
        ]
    copying.insert(Order, ORDER, heads)
    insert_lines(lines)
    insert_payments(payments)
    return dict(zip(ids, told, strict=True))


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


def given_back(facts: OrderFacts) -> Back:
    """Lay what the source gave back to lines, freight and payments; Refused if it is more than was paid."""
    if not (facts.refunded_elsewhere or facts.freight_refunded or any(line.refunded_elsewhere for line in facts.lines)):
        return Back(ZERO, [ZERO] * len(facts.lines), [ZERO] * len(facts.payments))
    lines = [Share(line.paid, line.refunded_elsewhere) for line in facts.lines]
    freight = Share(facts.freight, facts.freight_refunded)
    payments = [Share(payment.captured) for payment in facts.payments]
    givenback.count_money(lines, freight, payments, unattributed=facts.refunded_elsewhere, currency=facts.currency)
    for line in facts.lines:
        givenback.count_units(Units(line.quantity, line.units_refunded))
    return Back(freight.elsewhere, [line.elsewhere for line in lines], [payment.elsewhere for payment in payments])
