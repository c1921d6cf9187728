"""Money of an order as its source tells it, made to add up: lines + freight + surcharge = captured. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from orders import money
from orders.importers.base import ZERO, LineFacts, PaymentFacts


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the buyer paid, part by part, in the order's currency."""

    lines: tuple[LineFacts, ...]
    goods: Decimal
    freight: Decimal
    surcharge: Decimal
    discount: Decimal
    captured: Decimal


def settle(
    lines: Sequence[LineFacts], freight: Decimal, captured: Decimal, currency: str, *, is_paid: bool = True
) -> Settlement:
    """Fit lines (`paid` is what they ask) and freight to the money captured.

    Less than asked is a discount shared to the lines, and to freight only when the lines are at 0; more is a
    surcharge, such as instalment interest. Nothing paid yet: nothing that could be given back.
    """
    if not is_paid:
        unpaid = tuple(replace(line, paid=ZERO) for line in lines)
        return Settlement(unpaid, ZERO, ZERO, ZERO, _discounts(lines), ZERO)
    if not lines:
        kept = min(freight, captured)
        return Settlement((), captured - kept, kept, ZERO, ZERO, captured)
    asked = sum((line.paid for line in lines), ZERO)
    fitted, kept = tuple(lines), freight
    gap = asked + freight - captured
    if gap > 0:
        fitted = discounted(lines, min(gap, asked), currency)
        kept = freight - max(gap - asked, ZERO)
    goods = sum((line.paid for line in fitted), ZERO)
    return Settlement(fitted, goods, kept, max(-gap, ZERO), _discounts(fitted), captured)


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
    left = money.allocate(sum((payment.captured for payment in payments), ZERO), asked, currency)
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
    """Tell how much of a sum given back is not yet told by lines and freight."""
    return max(total - freight - sum((line.refunded_elsewhere for line in lines), ZERO), ZERO)


def newest(first: datetime, *others: datetime | None) -> datetime:
    """Pick the latest event that is told: how fresh the facts are."""
    return max(first, *(other for other in others if other)) if any(others) else first


def _discounts(lines: Sequence[LineFacts]) -> Decimal:
    return sum((line.discount for line in lines), ZERO)
