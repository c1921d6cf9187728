"""Money of an order as its source tells it, made to add up: lines + freight + surcharge = captured. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orders import money
from orders.importers.facts import ZERO, LineFacts, OrderFacts, PaymentFacts


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the buyer paid, part by part, in the order's currency."""

    lines: tuple[LineFacts, ...]
    goods: Decimal
    freight: Decimal
    surcharge: Decimal
    discount: Decimal
    captured: Decimal
    is_free_of_freight: bool


def settle(
    lines: Sequence[LineFacts], freight: Decimal, captured: Decimal, currency: str, *, is_paid: bool = True
) -> Settlement:
    """Fit lines (`paid` is what they ask) and freight to the money captured.

    Less than asked is a discount shared to the lines, and to freight only when the lines are at 0; more is a
    surcharge, such as instalment interest. Nothing paid yet: nothing that could be given back.
    """
    is_free = bool(lines) and not freight
    # Without this an order that was never paid could be refunded.
    if not is_paid:
        unpaid = tuple(replace(line, paid=ZERO) for line in lines)
        return Settlement(unpaid, ZERO, ZERO, ZERO, _discounts(lines), ZERO, is_free)
    if not lines:
        paid_freight = min(freight, captured)
        return Settlement((), captured - paid_freight, paid_freight, ZERO, ZERO, captured, is_free)
    return _fitted(lines, freight, captured, currency)


def _fitted(lines: Sequence[LineFacts], freight: Decimal, captured: Decimal, currency: str) -> Settlement:
    asked = sum((line.paid for line in lines), ZERO)
    fitted, paid_freight = tuple(lines), freight
    gap = asked + freight - captured
    if gap > 0:
        fitted = discounted(lines, min(gap, asked), currency)
        paid_freight = freight - max(gap - asked, ZERO)
    goods = sum((line.paid for line in fitted), ZERO)
    return Settlement(fitted, goods, paid_freight, max(-gap, ZERO), _discounts(fitted), captured, not freight)


def discounted(lines: Sequence[LineFacts], discount: Decimal, currency: str) -> tuple[LineFacts, ...]:
    """Share a discount to the lines by what they ask; it is at most their sum."""
    if not discount:
        return tuple(lines)
    parts = money.allocate(discount, [line.paid for line in lines], currency)
    return tuple(
        replace(line, paid=line.paid - part, discount=line.discount + part)
        for line, part in zip(lines, parts, strict=True)
    )


def shared(payments: Sequence[PaymentFacts], asked: Sequence[Decimal], currency: str) -> list[tuple[PaymentFacts, ...]]:
    """Share the payments of one purchase to its orders by what each asks; every payment keeps its sum."""
    # First what each order gets in all, then each payment into what is missing: so both sums are right to the cent.
    left = money.allocate(captured(payments), asked, currency)
    orders: list[list[PaymentFacts]] = [[] for _ in asked]
    for payment in payments:
        parts = money.allocate(payment.captured, left, currency)
        left = [rest - part for rest, part in zip(left, parts, strict=True)]
        for order, part in zip(orders, parts, strict=True):
            order.append(replace(payment, captured=part))
    return [tuple(order) for order in orders]


def refunded(lines: Sequence[LineFacts]) -> tuple[LineFacts, ...]:
    """Mark lines as given back in full by the source."""
    return tuple(replace(line, refunded_elsewhere=line.paid, units_refunded=line.quantity) for line in lines)


def beyond(total: Decimal, lines: Sequence[LineFacts], freight: Decimal) -> Decimal:
    """Tell how much of a sum given back is not yet counted in lines and freight."""
    return max(total - freight - sum((line.refunded_elsewhere for line in lines), ZERO), ZERO)


def concluded(
    head: OrderFacts,
    settled: Settlement,
    payments: tuple[PaymentFacts, ...],
    *,
    lines: tuple[LineFacts, ...] | None = None,
    refunded_elsewhere: Decimal = ZERO,
    freight_refunded: Decimal = ZERO,
) -> OrderFacts:
    """Complete what a source says of an order by its money, and by how new it is: the latest of its events."""
    events = (head.paid_at, head.shipped_at, head.signed_at, head.completed_at, head.cancelled_at)
    return replace(
        head,
        as_of=max([head.ordered_at, *(event for event in events if event)]),
        goods_total=settled.goods,
        discount=settled.discount,
        freight=settled.freight,
        surcharge=settled.surcharge,
        paid_total=settled.captured,
        has_free_freight=settled.is_free_of_freight,
        lines=settled.lines if lines is None else lines,
        payments=payments,
        refunded_elsewhere=refunded_elsewhere,
        freight_refunded=freight_refunded,
    )


def returned_whole(head: OrderFacts, settled: Settlement, payments: tuple[PaymentFacts, ...]) -> OrderFacts:
    """Conclude an order that was given back whole: its freight too, unless it was on its way already."""
    freight = ZERO if head.has_left else settled.freight
    return concluded(head, settled, payments, lines=refunded(settled.lines), freight_refunded=freight)


def tenders(payments: Iterable[PaymentFacts]) -> tuple[PaymentFacts, ...]:
    """Leave out the tenders that took nothing; each keeps the number of its place."""
    return tuple(
        replace(payment, sequence=place) for place, payment in enumerate(payments, start=1) if payment.captured
    )


def captured(payments: Sequence[PaymentFacts]) -> Decimal:
    """Sum what the tenders took."""
    return sum((payment.captured for payment in payments), ZERO)


def _discounts(lines: Sequence[LineFacts]) -> Decimal:
    return sum((line.discount for line in lines), ZERO)
