"""Orders that are known: locked, merged with what the source reports now, and brought up to date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from orders.importers.facts import ZERO, LineFacts, OrderFacts, PaymentFacts
from orders.importers.sources.base import Source
from orders.importers.storing import copying, given_back, merging, new_orders, parties, rows
from orders.importers.storing.given_back import Irreconcilable, Share, Units
from orders.importers.storing.new_orders import Child
from orders.importers.storing.reported_order import ReportedOrder
from orders.importers.storing.rows import Value
from orders.models import Order, OrderLine, Payment, goods
from orders.models.goods import ToldBy

_ORDER: Final = (
    "id", "number", "merchant_id", "buyer_id", "purchase_id", "freight_elsewhere", "facts_as_of", "facts_digest",
    *rows.ORDER, *rows.DATED_BY,
)  # fmt: skip
_LINE: Final = ("id", "units_elsewhere", "amount_elsewhere", *rows.LINE)
_PAYMENT: Final = ("id", "elsewhere", *rows.PAYMENT)
_TIMES: Final = (
    "ordered_at", "paid_at", "promised_ship_at", "promised_at", "completed_at", "cancelled_at",
)  # fmt: skip
_TEXTS: Final = (
    "receiver_name", "receiver_phone", "phone_tail", "receiver_region", "receiver_postcode", "receiver_address",
    "buyer_note", "merchant_note",
)  # fmt: skip


LinePair = tuple[LineFacts, OrderLine | None]
TenderPair = tuple[PaymentFacts, Payment | None]


@dataclass(slots=True)
class Stored:
    """A locked order."""

    order: Order
    lines: list[OrderLine] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)


@dataclass(slots=True)
class Change:
    """What is to be written for one order; buyer and purchase are looked up when it is."""

    reported: ReportedOrder
    stored: Stored
    freight_elsewhere: Value
    lines: list[str] = field(default_factory=list)
    new_lines: list[Child] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    new_payments: list[Child] = field(default_factory=list)


def lock(ids: Iterable[int]) -> dict[int, Stored]:
    """Lock orders, then payments, then lines, each by id: the order in which the gate locks them too."""
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


def merge(stored: Stored, reported: ReportedOrder) -> Change:
    """Work out the new rows; Irreconcilable where they would leave less than cases hold or refunds gave back."""
    facts, order = reported.facts, stored.order
    if facts.currency != order.currency:
        raise Irreconcilable(given_back.other_currency(order.currency))
    pairs, tenders = _line_pairs(facts.lines, stored.lines), _tender_pairs(facts.payments, stored.payments)
    lines = [_line_share(line, known) for line, known in pairs]
    payments = [_payment_share(tender, known) for tender, known in tenders]
    freight = _freight_share(facts, order)
    # Once, over everything: a refund told for the whole order must not be counted for a line as well.
    given_back.count_money(lines, freight, payments, unattributed=facts.refunded_elsewhere, currency=facts.currency)
    change = Change(reported, stored, freight.elsewhere)
    _add_lines(change, pairs, lines)
    _add_payments(change, tenders, payments)
    return change


def write(changes: Sequence[Change], source: Source, at: datetime) -> dict[int, ReportedOrder]:
    """Bring the rows up to date, and give the orders by their id; IntegrityError, DataError."""
    if not changes:
        return {}
    reported = [change.reported for change in changes]
    buyers, purchases = parties.buyers(reported, source, at), parties.purchases(reported, source)
    copying.update(Order, _ORDER, [_order_row(change, buyers, purchases) for change in changes])
    copying.update(OrderLine, _LINE, [row for change in changes for row in change.lines])
    new_orders.insert_lines([row for change in changes for row in change.new_lines])
    copying.update(Payment, _PAYMENT, [row for change in changes for row in change.payments])
    new_orders.insert_payments([row for change in changes for row in change.new_payments])
    return {change.stored.order.pk: change.reported for change in changes}


def _order_row(change: Change, buyers: dict[str, int], purchases: dict[str, int]) -> str:
    reported, order = change.reported, change.stored.order
    # A seller that is named only now takes the order over, and with it the number that its source gives.
    is_same_shop = order.merchant_id == reported.merchant.pk
    own = (
        order.pk,
        order.number if is_same_shop else reported.number,
        reported.merchant.pk,
        buyers[reported.buyer_known_by] if reported.facts.buyer.external_id else order.buyer_id,
        purchases.get(reported.facts.purchase_number, order.purchase_id),
        change.freight_elsewhere,
        reported.as_of,
        reported.digest,
    )
    return rows.text((*own, *_merged_values(change).values()))


def _merged_values(change: Change) -> dict[str, Value]:
    facts, order = change.reported.facts, change.stored.order
    values = dict(zip(rows.ORDER, rows.order_values(facts), strict=True))
    values["status"] = merging.status(facts, order.status, cancelled_at=order.cancelled_at)
    for name in _TIMES:
        values[name] = merging.moment(values[name], getattr(order, name), is_coarse=facts.is_coarse)  # type: ignore[arg-type]
    values |= _dated_goods(facts, order)
    # What was paid here after the sale is not in the source's sums.
    added = sum((line.added_amount for line in change.stored.lines), ZERO)
    values |= {"goods_amount": facts.goods_total + added, "paid_amount": facts.paid_total + added}
    for name in _TEXTS:
        values[name] = values[name] or getattr(order, name)
    # Title and number are one header: what is known, maybe told by a person, stays whole.
    if order.invoice_title or order.invoice_tax_number:
        values |= {"invoice_title": order.invoice_title, "invoice_tax_number": order.invoice_tax_number}
    return values


def _dated_goods(facts: OrderFacts, order: Order) -> dict[str, Value]:
    """When goods left and arrived, and who says so: a scan, or a person, is not overwritten by an import."""
    values: dict[str, Value] = {}
    for fact in ("shipped", "signed"):
        known, known_by = getattr(order, f"{fact}_at"), getattr(order, f"{fact}_told_by")
        if not goods.gives_way(known_by, to=ToldBy.IMPORT):
            values |= {f"{fact}_at": known, f"{fact}_told_by": known_by}
            continue
        moment = merging.moment(getattr(facts, f"{fact}_at"), known, is_coarse=facts.is_coarse)
        values |= {f"{fact}_at": moment, f"{fact}_told_by": ToldBy.IMPORT.value if moment else ""}
    return values


def _line_pairs(reported: Sequence[LineFacts], known: Sequence[OrderLine]) -> list[LinePair]:
    """Pair reported lines with stored ones; a stored line that is reported no more is worth nothing, but stays.

    What was paid here after the sale is not reported by the source, and stays too.
    """
    found = merging.matched(reported, known)
    matched = {line.pk for line in found if line}
    missing = [line for line in known if line.pk not in matched]
    pairs = [*zip(reported, found, strict=True), *((_worth_nothing(line), line) for line in missing)]
    return [(_with_added(line, old), old) for line, old in pairs]


def _tender_pairs(reported: Sequence[PaymentFacts], known: Sequence[Payment]) -> list[TenderPair]:
    by_sequence = {payment.sequence: payment for payment in known}
    pairs: list[TenderPair] = [(tender, by_sequence.pop(tender.sequence, None)) for tender in reported]
    return [*pairs, *((_no_longer_reported(payment), payment) for payment in by_sequence.values())]


def _with_added(line: LineFacts, known: OrderLine | None) -> LineFacts:
    """The line with what was paid, and what was confirmed, beside what the source tells."""
    if known is None:
        return line
    confirmed = line.confirmed_exclusion or known.confirmed_exclusion
    return replace(line, paid=line.paid + known.added_amount, confirmed_exclusion=confirmed)


def _worth_nothing(line: OrderLine) -> LineFacts:
    return LineFacts(
        external_id=line.external_id,
        sku=line.sku,
        title=line.title,
        variant=line.variant,
        category=line.category,
        is_gift=line.is_gift,
        confirmed_exclusion=line.confirmed_exclusion,
        quantity=0,
        unit_price=line.unit_price,
        paid=ZERO,
    )


def _no_longer_reported(payment: Payment) -> PaymentFacts:
    """A payment that the source reports no more is worth nothing; one that was made here stays."""
    captured = payment.captured if payment.is_added else ZERO
    paid_at = payment.paid_at if payment.is_added else None
    return PaymentFacts(
        payment.sequence, payment.method, captured, payment.instalment_count, payment.reference, paid_at=paid_at
    )


def _freight_share(facts: OrderFacts, order: Order) -> Share:
    return Share(
        facts.freight, facts.freight_refunded, order.freight_reserved, order.freight_settled, order.freight_elsewhere
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
    # What the buyer's bank took is gone past the source: its own sum of what went back does not count it.
    return Share(payment.captured - known.charged_back, ZERO, known.reserved, known.settled, known.elsewhere)


def _add_lines(change: Change, pairs: list[LinePair], shares: list[Share]) -> None:
    position = max((line.position for line in change.stored.lines), default=0)
    for (line, known), share in zip(pairs, shares, strict=True):
        units = _units(line, known)
        given_back.count_units(units)
        if known:
            change.lines.append(rows.text((known.pk, units.elsewhere, share.elsewhere, *rows.line_values(line))))
        else:
            position += 1
            own = (change.stored.order.pk, position, units.elsewhere, share.elsewhere)
            change.new_lines.append((own, rows.text(rows.line_values(line))))


def _units(line: LineFacts, known: OrderLine | None) -> Units:
    if known is None:
        return Units(line.quantity, line.units_refunded)
    return Units(line.quantity, line.units_refunded, known.units_reserved, known.units_settled, known.units_elsewhere)


def _add_payments(change: Change, tenders: list[TenderPair], shares: list[Share]) -> None:
    for (tender, known), share in zip(tenders, shares, strict=True):
        if known:
            change.payments.append(rows.text((known.pk, share.elsewhere, *rows.payment_values(tender))))
        else:
            own = (change.stored.order.pk, change.reported.facts.currency, share.elsewhere)
            change.new_payments.append((own, rows.text(rows.payment_values(tender))))
