"""What can still be given back: the only place that touches reserved and settled columns of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders import money
from orders.models import Order, OrderLine, Payment
from orders.models.payment import Method
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)
# Numbers of payments after the sale: those of the sale are told by its source, and never come so far.
ADDED_FROM = 1001


@dataclass(frozen=True)
class Claim:
    """Units and money of one order line; both may be zero."""

    line_id: int
    units: int
    amount: Decimal


@dataclass(frozen=True)
class Share:
    """A part of a refund along one payment; points are counted in units of the programme."""

    payment: Payment
    amount: Decimal
    points: int


def locked_order(order_id: int) -> Order:
    """Lock an order before its payments and lines (lock order: case, order, payment, lines, refund)."""
    return Order.objects.select_for_update(of=("self",)).get(pk=order_id)


def locked_lines(order_id: int) -> dict[int, OrderLine]:
    """Lock the lines of an order, lowest id first."""
    lines = OrderLine.objects.select_for_update(of=("self",)).filter(order_id=order_id).order_by("pk")
    return {line.pk: line for line in lines}


def reserve(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Hold units, money and freight for an open case; NotEntitled when more is asked than is left."""
    order = locked_order(order_id)
    lines = locked_lines(order_id)
    for claim in claims:
        _refuse_excess(lines.get(claim.line_id), claim, order.currency)
    if not ZERO <= freight <= order.freight_left:
        raise NotEntitled(
            _("At most %(left)s of freight is left to give back.")
            % {"left": money.format_amount(order.freight_left, order.currency, get_language() or "en")}
        )
    _shift(claims, reserved=1)
    _shift_freight(order_id, reserved=freight)


def release(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Give back to the lines what a case held and did not use."""
    locked_order(order_id)
    _shift(claims, reserved=-1)
    _shift_freight(order_id, reserved=-freight)


def add(order_id: int, changes: Mapping[int, Decimal], *, reference: str, at: datetime) -> Payment:
    """The buyer paid more for goods that a case holds: `changes` by line, the sum is a payment of its own.

    A single line may become cheaper; what it gains or loses is reserved at once, so the case must hold it too.
    """
    order = locked_order(order_id)
    amount = sum(changes.values(), ZERO)
    if Payment.objects.filter(reference=reference).exists():
        raise Refused(_("Another payment has the reference %(reference)s already.") % {"reference": reference})
    payments = list(Payment.objects.select_for_update(of=("self",)).filter(order_id=order_id).order_by("pk"))
    payment = Payment.objects.create(
        order=order,
        sequence=max([ADDED_FROM, *(each.sequence + 1 for each in payments)]),
        method=Method.OTHER,
        currency=order.currency,
        captured=amount,
        gateway=payments[0].gateway,
        reference=reference,
        is_added=True,
        paid_at=at,
    )
    locked_lines(order_id)
    for pk, change in sorted(changes.items()):
        OrderLine.objects.filter(pk=pk, order_id=order_id).update(
            paid_amount=F("paid_amount") + change,
            added_amount=F("added_amount") + change,
            amount_reserved=F("amount_reserved") + change,
        )
    Order.objects.filter(pk=order_id).update(
        goods_amount=F("goods_amount") + amount, paid_amount=F("paid_amount") + amount
    )
    return payment


def reprice(order_id: int, changes: Mapping[int, Decimal]) -> None:
    """Move what was paid between lines of an order, out of what is left of them; the changes sum to nothing."""
    if sum(changes.values(), ZERO):
        raise ValueError("what one line loses another one gains")
    locked_order(order_id)
    locked_lines(order_id)
    for pk, change in sorted(changes.items()):
        OrderLine.objects.filter(pk=pk, order_id=order_id).update(
            paid_amount=F("paid_amount") + change, added_amount=F("added_amount") + change
        )


def consume(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Turn what was held into given back."""
    locked_order(order_id)
    _shift(claims, reserved=-1, settled=1)
    _shift_freight(order_id, reserved=-freight, settled=freight)


def restore(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Turn what was given back into held again, after a reversal."""
    locked_order(order_id)
    _shift(claims, reserved=1, settled=-1)
    _shift_freight(order_id, reserved=freight, settled=-freight)


def share(order_id: int, amount: Decimal) -> list[Share]:
    """Spread a refund over the payments in proportion, none above what it captured; holds the parts."""
    order = locked_order(order_id)
    payments = list(Payment.objects.select_for_update(of=("self",)).filter(order_id=order_id).order_by("pk"))
    try:
        parts = money.allocate_capped(
            amount, [payment.captured for payment in payments], [payment.left for payment in payments], order.currency
        )
    except money.Short as short:
        raise NotEntitled(
            _("The payments of this order can give back %(missing)s less than that.")
            % {"missing": money.format_amount(short.shortfall, order.currency, get_language() or "en")}
        ) from short
    shares = [
        Share(payment, part, _points(payment, part)) for payment, part in zip(payments, parts, strict=True) if part
    ]
    for each in shares:
        shift_payment(each.payment.pk, reserved=each.amount)
    return shares


def hold_payment(payment_id: int, amount: Decimal) -> None:
    """Hold a part of a payment again, for a retry; NotEntitled when another refund took it meanwhile."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if amount > payment.left:
        raise NotEntitled(
            _("Only %(left)s is left on this payment.")
            % {"left": money.format_amount(payment.left, payment.currency, get_language() or "en")}
        )
    shift_payment(payment_id, reserved=amount)


def shift_payment(payment_id: int, *, reserved: Decimal = ZERO, settled: Decimal = ZERO) -> None:
    """Add to what a payment holds and has given back; the database refuses more than was captured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_payment SET reserved = reserved + %s, settled = settled + %s WHERE id = %s",
            [reserved, settled, payment_id],
        )


def _points(payment: Payment, part: Decimal) -> int:
    """Points that go back with a part of the payment: in proportion, the last part takes the rest."""
    if not payment.points or not payment.captured:
        return 0
    gone = payment.captured - payment.left
    before = int(payment.points * gone / payment.captured)
    return int(payment.points * (gone + part) / payment.captured) - before


def _refuse_excess(line: OrderLine | None, claim: Claim, currency: str) -> None:
    if line is None:
        raise NotEntitled(_("This item is not part of the order."))
    if not 0 <= claim.units <= line.units_left:
        raise NotEntitled(
            _("%(title)s: %(left)d of %(sold)d can still be asked for.")
            % {"title": line.title, "left": line.units_left, "sold": line.quantity}
        )
    if not ZERO <= claim.amount <= line.amount_left:
        raise NotEntitled(
            _("%(title)s: at most %(left)s can still be given back.")
            % {"title": line.title, "left": money.format_amount(line.amount_left, currency, get_language() or "en")}
        )


def _shift(claims: Sequence[Claim], *, reserved: int = 0, settled: int = 0) -> None:
    ordered = sorted(claims, key=lambda claim: claim.line_id)
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_orderline l SET
                units_reserved = l.units_reserved + %s * c.units, amount_reserved = l.amount_reserved + %s * c.amount,
                units_settled = l.units_settled + %s * c.units, amount_settled = l.amount_settled + %s * c.amount
            FROM unnest(%s::bigint[], %s::int[], %s::numeric[]) AS c (id, units, amount) WHERE l.id = c.id
            """,
            [
                reserved,
                reserved,
                settled,
                settled,
                [claim.line_id for claim in ordered],
                [claim.units for claim in ordered],
                [claim.amount for claim in ordered],
            ],
        )


def _shift_freight(order_id: int, *, reserved: Decimal = ZERO, settled: Decimal = ZERO) -> None:
    if reserved or settled:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE orders_order SET freight_reserved = freight_reserved + %s,"
                " freight_settled = freight_settled + %s WHERE id = %s",
                [reserved, settled, order_id],
            )
