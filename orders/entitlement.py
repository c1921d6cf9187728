"""What can still be given back: the only module that changes the reserved and settled columns of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders import locking, money
from orders.models import Order, OrderLine, Payment
from orders.models.payment import Method
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)
# The sequence of payments after the sale starts here; those of the sale are numbered by its source, from 1.
FIRST_ADDED = 1001


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
    """Lock an order, before its payments and lines are touched.

    The lock order of money is case, order, payment, lines by id, refund: who keeps to it never meets a deadlock.
    """
    return locking.order(order_id)


def locked_lines(order_id: int) -> dict[int, OrderLine]:
    """Lock the lines of an order, lowest id first."""
    return locking.lines(order_id)


def locked_payments(order_id: int) -> list[Payment]:
    """Lock the payments of an order, lowest id first."""
    return locking.payments(order_id)


def reserve(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Hold units, money and freight for an open case; NotEntitled when more is asked than is left."""
    order = locked_order(order_id)
    lines = locked_lines(order_id)
    # The constraints on the line would refuse it as well; this says why, in a sentence.
    for claim in claims:
        _refuse_excess(lines.get(claim.line_id), claim, order.currency)
    if not ZERO <= freight <= order.freight_left:
        left = _text(order.freight_left, order.currency)
        raise NotEntitled(_("At most %(left)s of freight is left to give back.") % {"left": left})
    _shift(claims, reserved=1)
    _shift_freight(order_id, reserved=freight)


def release(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Return to the order what a case held and did not use."""
    locked_order(order_id)
    _shift(claims, reserved=-1)
    _shift_freight(order_id, reserved=-freight)


def add(order_id: int, changes: Mapping[int, Decimal], *, reference: str, at: datetime) -> Payment:
    """The buyer paid more for goods that a case holds: `changes` by line, the sum is a payment of its own.

    A single line may become cheaper; what it gains or loses is reserved at once, so the case must hold it too.
    Refused when another payment has the reference already.
    """
    order = locked_order(order_id)
    amount = sum(changes.values(), ZERO)
    payment = _added_payment(order, amount, reference, at)
    _add_to_lines(order_id, changes)
    Order.objects.filter(pk=order_id).update(
        goods_amount=F("goods_amount") + amount, paid_amount=F("paid_amount") + amount
    )
    return payment


def _added_payment(order: Order, amount: Decimal, reference: str, at: datetime) -> Payment:
    if Payment.objects.filter(reference=reference).exists():
        raise Refused(_("Another payment has the reference %(reference)s already.") % {"reference": reference})
    payments = locked_payments(order.pk)
    return Payment.objects.create(
        order=order,
        sequence=max([FIRST_ADDED, *(each.sequence + 1 for each in payments)]),
        method=Method.OTHER,
        currency=order.currency,
        captured=amount,
        gateway=payments[0].gateway,
        reference=reference,
        is_added=True,
        paid_at=at,
    )


def _add_to_lines(order_id: int, changes: Mapping[int, Decimal]) -> None:
    locked_lines(order_id)
    for pk, change in sorted(changes.items()):
        # In one statement: a line that becomes cheaper must at no time hold more than was paid for it.
        OrderLine.objects.filter(pk=pk, order_id=order_id).update(
            paid_amount=F("paid_amount") + change,
            added_amount=F("added_amount") + change,
            amount_reserved=F("amount_reserved") + change,
        )


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
    """Turn what a case held into given back."""
    locked_order(order_id)
    _shift(claims, reserved=-1, settled=1)
    _shift_freight(order_id, reserved=-freight, settled=freight)


def restore(order_id: int, claims: Sequence[Claim], freight: Decimal = ZERO) -> None:
    """Turn what was given back into held again, after a reversal."""
    locked_order(order_id)
    _shift(claims, reserved=1, settled=-1)
    _shift_freight(order_id, reserved=freight, settled=-freight)


def share(order_id: int, amount: Decimal) -> list[Share]:
    """Spread a refund over the payments in proportion and hold the parts; NotEntitled when they can give back less."""
    order = locked_order(order_id)
    shares = _shares(amount, locked_payments(order_id), order.currency)
    for each in shares:
        shift_payment(each.payment.pk, reserved=each.amount)
    return shares


def _shares(amount: Decimal, payments: Sequence[Payment], currency: str) -> list[Share]:
    try:
        parts = proportions(amount, payments, currency)
    except money.Short as short:
        sentence = _("The payments of this order can give back %(missing)s less than that.")
        raise NotEntitled(sentence % {"missing": _text(short.shortfall, currency)}) from short
    return [Share(payment, part, _points(payment, part)) for payment, part in zip(payments, parts, strict=True) if part]


def proportions(amount: Decimal, payments: Sequence[Payment], currency: str) -> list[Decimal]:
    """The part of a refund that goes along each payment: by what it captured, at most what is left. money.Short."""
    captured, left = [payment.captured for payment in payments], [payment.left for payment in payments]
    return money.allocate_capped(amount, captured, left, currency)


def hold_payment(payment_id: int, amount: Decimal) -> None:
    """Hold a part of a payment again, for a retry; NotEntitled when another refund took it meanwhile."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if amount > payment.left:
        left = _text(payment.left, payment.currency)
        raise NotEntitled(_("Only %(left)s is left on this payment.") % {"left": left})
    shift_payment(payment_id, reserved=amount)


def shift_payment(payment_id: int, *, reserved: Decimal = ZERO, settled: Decimal = ZERO, lost: Decimal = ZERO) -> None:
    """Add to what a payment holds, has given and lost to a bank; the database refuses more than was captured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_payment SET reserved = reserved + %s, settled = settled + %s,"
            " charged_back = charged_back + %s WHERE id = %s",
            [reserved, settled, lost, payment_id],
        )


def _points(payment: Payment, part: Decimal) -> int:
    """Points that go back with a part of the payment: in proportion, the last part takes the rest.

    Counted from the sum that has gone so far, not part by part: many small parts would round all the points away.
    """
    if not payment.points or not payment.captured:
        return 0
    gone = payment.captured - payment.left
    before = int(payment.points * gone / payment.captured)
    return int(payment.points * (gone + part) / payment.captured) - before


def _refuse_excess(line: OrderLine | None, claim: Claim, currency: str) -> None:
    if line is None:
        raise NotEntitled(_("This item is not part of the order."))
    if not 0 <= claim.units <= line.units_left:
        facts = {"title": line.title, "left": line.units_left, "sold": line.quantity}
        raise NotEntitled(_("%(title)s: %(left)d of %(sold)d can still be asked for.") % facts)
    if not ZERO <= claim.amount <= line.amount_left:
        left = _text(line.amount_left, currency)
        raise NotEntitled(
            _("%(title)s: at most %(left)s can still be given back.") % {"title": line.title, "left": left}
        )


def _text(amount: Decimal, currency: str) -> str:
    return money.format_amount(amount, currency, get_language() or "en")


# One statement for all lines, and sums that the server adds: a line read before the lock is never written back.
SHIFT_LINES = """
UPDATE orders_orderline l SET
    units_reserved = l.units_reserved + %s * c.units, amount_reserved = l.amount_reserved + %s * c.amount,
    units_settled = l.units_settled + %s * c.units, amount_settled = l.amount_settled + %s * c.amount
FROM unnest(%s::bigint[], %s::int[], %s::numeric[]) AS c (id, units, amount) WHERE l.id = c.id
"""


def _shift(claims: Sequence[Claim], *, reserved: int = 0, settled: int = 0) -> None:
    ordered = sorted(claims, key=lambda claim: claim.line_id)
    if not ordered:
        return
    ids, units = [claim.line_id for claim in ordered], [claim.units for claim in ordered]
    amounts = [claim.amount for claim in ordered]
    with connection.cursor() as cursor:
        cursor.execute(SHIFT_LINES, [reserved, reserved, settled, settled, ids, units, amounts])


def _shift_freight(order_id: int, *, reserved: Decimal = ZERO, settled: Decimal = ZERO) -> None:
    if reserved or settled:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE orders_order SET freight_reserved = freight_reserved + %s,"
                " freight_settled = freight_settled + %s WHERE id = %s",
                [reserved, settled, order_id],
            )
