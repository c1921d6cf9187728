"""Orders that are known: locked, merged with what is told now, and brought up to date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from orders.importers.sources import givenback
from orders.importers.sources.base import ZERO, LineFacts, PaymentFacts, Source
from orders.importers.sources.givenback import Refused, Share, Units
from orders.importers.storing import copying, creating, merging, parties, rows
from orders.importers.storing.creating import Child
from orders.importers.storing.reported import Told
from orders.importers.storing.rows import Value
from orders.models import Order, OrderLine, Payment

_ORDER: Final = (
    "id", "number", "merchant_id", "buyer_id", "purchase_id", "freight_elsewhere", "facts_as_of", "facts_digest",
    *rows.ORDER,
)  # fmt: skip
_LINE: Final = ("id", "units_elsewhere", "amount_elsewhere", *rows.LINE)
_PAYMENT: Final = ("id", "elsewhere", *rows.PAYMENT)
_TIMES: Final = (
    "ordered_at", "paid_at", "promised_ship_at", "shipped_at", "promised_at", "signed_at", "completed_at",
    "cancelled_at",
)  # fmt: skip
_TEXTS: Final = (
    "receiver_name", "receiver_phone", "phone_tail", "receiver_region", "receiver_postcode", "receiver_address",
    "buyer_note", "merchant_note",
)  # fmt: skip


@dataclass(slots=True)
class Stored:
    """A locked order."""

    order: Order
    lines: list[OrderLine] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)


@dataclass(slots=True)
class Change:
    """What is to be written for one order; buyer and purchase are looked up when it is."""

    told: Told
    stored: Stored
    freight_elsewhere: Value = ZERO
    lines: list[str] = field(default_factory=list)
    new_lines: list[Child] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    new_payments: list[Child] = field(default_factory=list)


def lock(ids: Iterable[int]) -> dict[int, Stored]:
    """Lock orders, then payments, then lines, each by id: the order in which everybody locks."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    orders = Order.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    stored = {order.pk: Stored(order) for order in orders}
    for payment in Payment.objects.select_for_update().filter(order_id__in=wanted).order_by("pk"):
        stored[payment.order_id].payments.append(payment)
    for line in OrderLine.objects.select_for_update().filter(order_id__in=wanted).order_by("pk"):
        stored[line.order_id].lines.append(line)
    return stored


def merge(stored: Stored, told: Told) -> Change:
    """Work out the new rows; Refused where they would leave less than cases hold or refunds gave back."""
    facts, order = told.facts, stored.order
    if facts.currency != order.currency:
        raise Refused(givenback.other_currency(order.currency))
    change = Change(told, stored)
    pairs = _pairs(facts.lines, merging.matched(facts.lines, stored.lines), stored.lines)
    by_sequence = {payment.sequence: payment for payment in stored.payments}
    tenders = [(tender, by_sequence.pop(tender.sequence, None)) for tender in facts.payments]
    tenders += [(_untold(payment), payment) for payment in by_sequence.values()]
    lines = [_line_share(line, known) for line, known in pairs]
    payments = [_payment_share(tender, known) for tender, known in tenders]
    freight = Share(
        facts.freight, facts.freight_refunded, order.freight_reserved, order.freight_settled, order.freight_elsewhere
    )
    givenback.count_money(lines, freight, payments, unattributed=facts.refunded_elsewhere, currency=facts.currency)
    change.freight_elsewhere = freight.elsewhere
    _lay_out_lines(change, pairs, lines)
    _lay_out_payments(change, tenders, payments)
    return change


def write(changes: Sequence[Change], source: Source, at: datetime) -> dict[int, Told]:
    """Bring the rows up to date, and give the orders by their id; IntegrityError, DataError."""
    if not changes:
        return {}
    told = [change.told for change in changes]
    buyers, purchases = parties.buyers(told, source, at), parties.purchases(told, source)
    copying.update(Order, _ORDER, [_order_row(change, buyers, purchases) for change in changes])
    copying.update(OrderLine, _LINE, [row for change in changes for row in change.lines])
    creating.insert_lines([row for change in changes for row in change.new_lines])
    copying.update(Payment, _PAYMENT, [row for change in changes for row in change.payments])
    creating.insert_payments([row for change in changes for row in change.new_payments])
    return {change.stored.order.pk: change.told for change in changes}


def _order_row(change: Change, buyers: dict[str, int], purchases: dict[str, int]) -> str:
    told, order = change.told, change.stored.order
    facts = told.facts
    values = dict(zip(rows.ORDER, rows.order_values(facts), strict=True))
    values["status"] = merging.status(facts, order.status)
    for name in _TIMES:
        values[name] = merging.moment(values[name], getattr(order, name), is_coarse=facts.is_coarse)  # type: ignore[arg-type]
    added = sum((line.added_amount for line in change.stored.lines), ZERO)
    values |= {"goods_amount": facts.goods_total + added, "paid_amount": facts.paid_total + added}
    for name in _TEXTS:
        values[name] = values[name] or getattr(order, name)
    is_same_shop = order.merchant_id == told.merchant.pk
    own = (
        order.pk,
        order.number if is_same_shop else told.number,
        told.merchant.pk,
        buyers[told.buyer_known_by] if facts.buyer.external_id else order.buyer_id,
        purchases.get(facts.purchase_number, order.purchase_id),
        change.freight_elsewhere,
        told.as_of,
        told.digest,
    )
    return rows.text((*own, *values.values()))


def _pairs(
    told: Sequence[LineFacts], found: Sequence[OrderLine | None], known: Sequence[OrderLine]
) -> list[tuple[LineFacts, OrderLine | None]]:
    """Pair told lines with stored ones; a stored line that is told no more is worth nothing, but stays.

    What was paid here after the sale is not told by the source, and stays too.
    """
    kept = {line.pk for line in found if line}
    gone = [line for line in known if line.pk not in kept]
    pairs = [*zip(told, found, strict=True), *((_gone(line), line) for line in gone)]
    return [(_with_added(line, old), old) for line, old in pairs]


def _with_added(line: LineFacts, known: OrderLine | None) -> LineFacts:
    return replace(line, paid=line.paid + known.added_amount) if known and known.added_amount else line


def _gone(line: OrderLine) -> LineFacts:
    return LineFacts(
        external_id=line.external_id,
        sku=line.sku,
        title=line.title,
        variant=line.variant,
        category=line.category,
        is_gift=line.is_gift,
        quantity=0,
        unit_price=line.unit_price,
        paid=ZERO,
    )


def _untold(payment: Payment) -> PaymentFacts:
    """A payment that the source tells no more is worth nothing; one that was made here stays."""
    captured = payment.captured if payment.is_added else ZERO
    paid_at = payment.paid_at if payment.is_added else None
    return PaymentFacts(
        payment.sequence, payment.method, captured, payment.instalment_count, payment.reference, paid_at=paid_at
    )


def _line_share(line: LineFacts, known: OrderLine | None) -> Share:
    if known is None:
        return Share(line.paid, line.refunded_elsewhere)
    return Share(
        line.paid, line.refunded_elsewhere, known.amount_reserved, known.amount_settled, known.amount_elsewhere
    )


def _payment_share(payment: PaymentFacts, known: Payment | None) -> Share:
    if known is None:
        return Share(payment.captured)
    return Share(payment.captured, ZERO, known.reserved, known.settled, known.elsewhere)


def _lay_out_lines(change: Change, pairs: list[tuple[LineFacts, OrderLine | None]], shares: list[Share]) -> None:
    position = max((line.position for line in change.stored.lines), default=0)
    for (line, known), share in zip(pairs, shares, strict=True):
        units = Units(line.quantity, line.units_refunded)
        if known:
            units = Units(
                line.quantity, line.units_refunded, known.units_reserved, known.units_settled, known.units_elsewhere
            )
        givenback.count_units(units)
        if known:
            change.lines.append(rows.text((known.pk, units.elsewhere, share.elsewhere, *rows.line_values(line))))
        else:
            position += 1
            own = (change.stored.order.pk, position, units.elsewhere, share.elsewhere)
            change.new_lines.append((own, rows.text(rows.line_values(line))))


def _lay_out_payments(change: Change, tenders: list[tuple[PaymentFacts, Payment | None]], shares: list[Share]) -> None:
    for (tender, known), share in zip(tenders, shares, strict=True):
        if known:
            change.payments.append(rows.text((known.pk, share.elsewhere, *rows.payment_values(tender))))
        else:
            own = (change.stored.order.pk, change.told.facts.currency, share.elsewhere)
            change.new_payments.append((own, rows.text(rows.payment_values(tender))))
