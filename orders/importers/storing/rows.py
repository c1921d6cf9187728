"""Facts as rows of our tables: columns, values, the digest that tells whether anything changed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Final

from orders.importers.facts import LineFacts, OrderFacts, PaymentFacts
from orders.models.goods import ToldBy

Value = str | int | bool | Decimal | datetime | None

ORDER: Final = (
    "source", "external_number", "currency", "status",
    "goods_amount", "discount_amount", "surcharge_amount", "freight_amount", "paid_amount",
    "ordered_at", "paid_at", "promised_ship_at", "shipped_at", "promised_at", "signed_at", "completed_at",
    "cancelled_at",
    "receiver_name", "receiver_phone", "phone_tail", "receiver_region", "receiver_postcode", "receiver_address",
    "buyer_note", "merchant_note", "invoice_title", "invoice_tax_number", "has_free_freight",
)  # fmt: skip
# Beside what is reported: who dated it. The digest leaves them out, since an import dates everything it tells.
DATED_BY: Final = ("shipped_told_by", "signed_told_by")
LINE: Final = (
    "external_id", "sku", "title", "variant", "category", "is_gift", "confirmed_exclusion",
    "quantity", "unit_price", "discount_amount", "tax_amount", "paid_amount",
)  # fmt: skip
PAYMENT: Final = ("sequence", "method", "instalment_count", "captured", "points", "reference", "paid_at")
BUYER: Final = ("external_id", "name", "phone", "phone_tail", "email")

# Control characters that no export holds on purpose, so that tabs and commas of the texts need no escaping.
_FIELD: Final = "\x1f"
_ABSENT: Final = "\x1e"
_ROW: Final = "\x1d"


def order_values(facts: OrderFacts) -> tuple[Value, ...]:
    """Give the columns ORDER; free texts are cut to what the column holds."""
    to = facts.receiver
    return (
        facts.source, facts.external_number, facts.currency, facts.status,
        facts.goods_total, facts.discount, facts.surcharge, facts.freight, facts.paid_total,
        facts.ordered_at, facts.paid_at, facts.promised_ship_at, facts.shipped_at, facts.promised_at,
        facts.signed_at, facts.completed_at, facts.cancelled_at,
        to.name[:200], to.phone[:40], phone_tail(to.phone), to.region[:200], to.postcode[:20], to.address[:500],
        facts.buyer_note, facts.merchant_note, facts.invoice_title[:200], facts.invoice_tax_number[:20],
        facts.has_free_freight,
    )  # fmt: skip


def dated_by(facts: OrderFacts) -> tuple[Value, ...]:
    """Give the columns DATED_BY of an order that nobody knew yet."""
    return tuple(ToldBy.IMPORT.value if at else "" for at in (facts.shipped_at, facts.signed_at))


def line_values(line: LineFacts) -> tuple[Value, ...]:
    """Give the columns LINE; free texts are cut to what the column holds."""
    return (
        line.external_id[:128], line.sku[:128], line.title[:500], line.variant[:300], line.category[:100], line.is_gift,
        line.confirmed_exclusion,
        line.quantity, line.unit_price, line.discount, line.tax, line.paid,
    )  # fmt: skip


def payment_values(payment: PaymentFacts) -> tuple[Value, ...]:
    """Give the columns PAYMENT."""
    return (
        payment.sequence, payment.method, payment.installments, payment.captured,
        payment.points, payment.reference[:128], payment.paid_at,
    )  # fmt: skip


def buyer_values(facts: OrderFacts, known_by: str) -> tuple[Value, ...]:
    """Give the columns BUYER."""
    buyer = facts.buyer
    return known_by, buyer.name[:200], buyer.phone[:40], phone_tail(buyer.phone), buyer.email[:254]


def phone_tail(phone: str) -> str:
    """Take the last four digits, by which people look for an order; none of a masked number's stars."""
    tail = phone[-4:]
    return tail if len(tail) == 4 and tail.isascii() and tail.isdigit() else ""


@dataclass(frozen=True, slots=True)
class Texts:
    """Facts written for COPY once, and the digest of them: equal digests, nothing new."""

    order: str
    lines: list[str]
    payments: list[str]
    digest: str


def texts(facts: OrderFacts) -> Texts:
    """Write an order for COPY; the digest covers all that is reported, save where it stood in the file."""
    order = text(order_values(facts))
    lines = [text(line_values(line)) for line in facts.lines]
    payments = [text(payment_values(payment)) for payment in facts.payments]
    rest = (
        facts.merchant_ref, facts.purchase_number, facts.refunded_elsewhere, facts.freight_refunded, facts.parcels,
        [(line.refunded_elsewhere, line.units_refunded) for line in facts.lines],
    )  # fmt: skip
    reported = _ROW.join([order, text(buyer_values(facts, facts.buyer.external_id)), *lines, *payments, repr(rest)])
    return Texts(order, lines, payments, blake2b(reported.encode(), digest_size=16).hexdigest())


def text(values: Sequence[Value]) -> str:
    """Write values as the fields of a row for COPY, without what would be read as more than a text."""
    # Checked on the whole row at once, since hardly any text holds a separator.
    line = _FIELD.join([_ABSENT if value is None else str(value) for value in values])
    is_clean = line.count(_FIELD) == len(values) - 1 and line.count(_ABSENT) == values.count(None)
    if not is_clean or "\x00" in line:
        line = _FIELD.join([_ABSENT if value is None else _plain(str(value)) for value in values])
    if "\\" in line:
        line = line.replace("\\", "\\\\")
    if "\n" in line or "\r" in line:
        line = line.replace("\n", "\\n").replace("\r", "\\r")
    return line


def joined(*parts: str) -> str:
    """Put fields together to a row."""
    return _FIELD.join([part for part in parts if part])


def copy_options() -> str:
    """Give the options under which COPY reads such rows; both marks are control characters."""
    return "(FORMAT text, DELIMITER E'\\x1f', NULL E'\\x1e')"


def _plain(value: str) -> str:
    for character in ("\x00", _FIELD, _ABSENT):
        value = value.replace(character, "")
    return value
