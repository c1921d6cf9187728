"""Shopify: the orders export; the first row of an order carries the order, each row a line item."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from orders import money
from orders.importers.facts import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.table_rows import Row, RowError
from orders.importers.sources import order_sums, shop
from orders.importers.sources.shop import ShopExport
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    "orders_export",
    (
        required("number", "Name"),
        optional("email", "Email"),
        required("financial", "Financial Status"),
        optional("paid_at", "Paid at"),
        optional("fulfillment", "Fulfillment Status"),
        optional("shipped_at", "Fulfilled at"),
        required("currency", "Currency"),
        required("subtotal", "Subtotal"),
        required("freight", "Shipping"),
        optional("tax", "Taxes"),
        required("total", "Total"),
        required("ordered_at", "Created at"),
        required("quantity", "Lineitem quantity"),
        required("title", "Lineitem name"),
        required("price", "Lineitem price"),
        optional("sku", "Lineitem sku"),
        optional("taxable", "Lineitem taxable"),
        optional("discount", "Lineitem discount"),
        optional("buyer", "Billing Name"),
        optional("company", "Billing Company"),
        optional("receiver", "Shipping Name"),
        optional("street", "Shipping Street", "Shipping Address1"),
        optional("city", "Shipping City"),
        optional("zip", "Shipping Zip"),
        optional("province", "Shipping Province"),
        optional("country", "Shipping Country"),
        optional("receiver_phone", "Shipping Phone"),
        optional("phone", "Phone"),
        optional("note", "Notes"),
        optional("cancelled_at", "Cancelled at"),
        optional("method", "Payment Method"),
        optional("reference", "Payment Reference"),
        optional("refund", "Refunded Amount"),
        optional("outstanding", "Outstanding Balance"),
        optional("duties", "Duties"),
    ),
)

_EMAIL: Final = re.compile(r"[^@\s]{1,60}@[^@\s]{1,60}")

UNPAID: Final = frozenset({"pending", "authorized", "voided", "expired", "unpaid"})
PAID: Final = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
METHODS: Final = {
    "gift card": Method.GIFT_CARD,
    "paypal": Method.WALLET,
    "alipay": Method.WALLET,
    "wechat": Method.WALLET,
    "apple pay": Method.WALLET,
    "shopify payments": Method.CARD,
    "stripe": Method.CARD,
    "klarna": Method.INSTALMENTS,
    "cash on delivery": Method.CASH_ON_DELIVERY,
}


class Shopify(ShopExport):
    """Source: a shop's orders export; its numbers (#1001) are its own, so ours name the shop too."""

    name = "shopify"
    title = "Shopify"
    hint = "orders_export*.csv"
    timezone = "UTC"
    currency = ""
    columns = (ORDERS,)
    numbers_are_global = False

    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """A row for each line item; the first carries the order."""
        rows = grouping.of_one_file(rows)
        row = _first(rows)
        currency = _currency(row)
        head, captured = _head(number, row, currency), _captured(row, currency)
        freight = row.amount("freight", currency) + row.amount("duties", currency)
        lines = _taxed(_discounted([_line(each, currency) for each in rows], row, currency), rows, row, currency)
        settled = order_sums.settle(lines, freight, captured, currency, is_paid=bool(captured or head.paid_at))
        payments = _payments(row, captured)
        back = min(row.amount("refund", currency), captured)
        if not captured or back < captured:
            return order_sums.concluded(head, settled, payments, refunded_elsewhere=back)
        all_back = order_sums.refunded(settled.lines)
        return order_sums.concluded(head, settled, payments, lines=all_back, freight_refunded=settled.freight)


SOURCE: Final = Shopify()


def _head(number: str, row: Row, currency: str) -> OrderFacts:
    receiver = _receiver(row)
    return replace(
        SOURCE.head(number, row, status=_status(row)),
        number=number.removeprefix("#"),
        buyer=_buyer(row, receiver),
        receiver=receiver,
        **shop.invoice_header(row.text("company")),
        currency=currency,
        cancelled_at=row.moment("cancelled_at"),
        is_coarse=False,  # its times name their offset, and so were not written by a spreadsheet
    )


def _first(rows: list[Row]) -> Row:
    heads = [row for row in rows if row.text("ordered_at") and row.text("total")]
    if not heads:
        raise RowError(_("The order's first row, with its sums, is missing."))
    if len(heads) > 1:
        raise RowError(_("The order stands in the file more than once."), heads[1])
    return heads[0]


def _currency(row: Row) -> str:
    currency = row.text("currency").upper()
    if currency not in money.MINOR_UNITS:
        raise RowError(_("The currency “%(currency)s” is not known.") % {"currency": currency[:10]}, row)
    return currency


def _line(row: Row, currency: str) -> LineFacts:
    quantity, price = row.count("quantity"), row.amount("price", currency)
    discount = row.amount("discount", currency)
    if discount > price * quantity:
        raise RowError(_("The discount of a line is more than its price."), row)
    return LineFacts(
        external_id="",
        sku=row.text("sku"),
        title=row.text("title"),
        quantity=quantity,
        unit_price=price,
        discount=discount,
        paid=price * quantity - discount,
        is_gift=not price,
    )


def _discounted(lines: list[LineFacts], row: Row, currency: str) -> tuple[LineFacts, ...]:
    """Bring lines down to the subtotal: discount codes of the order are in that sum already."""
    asked = sum((line.paid for line in lines), ZERO)
    subtotal = row.amount("subtotal", currency)
    if subtotal > asked:
        raise RowError(_("The lines are worth less than the subtotal; a line may be missing."), row)
    return order_sums.discounted(lines, asked - subtotal, currency)


def _taxed(lines: Sequence[LineFacts], rows: list[Row], row: Row, currency: str) -> list[LineFacts]:
    """Share the taxes to the taxable lines, once and after discounts; added only where prices exclude them."""
    tax = row.amount("tax", currency)
    without = sum((row.amount(key, currency) for key in ("subtotal", "freight", "duties")), ZERO)
    is_extra = row.amount("total", currency) >= without + tax
    weights = [ZERO if each.text("taxable") == "false" else line.paid for each, line in zip(rows, lines, strict=True)]
    parts = money.allocate(tax, weights, currency)
    return [
        replace(line, tax=part, paid=line.paid + part if is_extra else line.paid)
        for line, part in zip(lines, parts, strict=True)
    ]


def _captured(row: Row, currency: str) -> Decimal:
    reported = row.text("financial").lower()
    if reported in UNPAID:
        return ZERO
    if reported not in PAID:
        raise RowError(_("The payment status “%(status)s” is not known.") % {"status": reported[:40]}, row)
    return max(row.amount("total", currency) - row.amount("outstanding", currency), ZERO)


def _payments(row: Row, captured: Decimal) -> tuple[PaymentFacts, ...]:
    """Tell one tender: where two are joined (`Card + Gift Card`) the export does not tell each one's part."""
    if not captured:
        return ()
    reported = row.text("method")
    known = [method for word, method in METHODS.items() if word in reported.lower()]
    method = known[0] if len(known) == 1 and "+" not in reported else Method.OTHER
    reference = row.number("reference") or (reported if "+" in reported else "")
    return (PaymentFacts(1, method, captured, reference=reference, paid_at=row.moment("paid_at")),)


def _status(row: Row) -> OrderStatus:
    if row.text("cancelled_at") or row.text("financial").lower() == "voided":
        return OrderStatus.CANCELLED
    # Part of the goods on their way counts: an order that is partly shipped can no longer just be called off.
    if row.text("fulfillment").lower() in ("fulfilled", "partial"):
        return OrderStatus.SHIPPED
    return OrderStatus.PAID if row.text("financial").lower() in PAID else OrderStatus.PLACED


def _receiver(row: Row) -> ReceiverFacts:
    region = ", ".join(filter(None, (row.text("country"), row.text("province"), row.text("city"))))
    phone = row.text("receiver_phone") or row.text("phone")
    return ReceiverFacts(row.text("receiver"), phone, region, row.text("zip"), row.text("street"))


def _buyer(row: Row, receiver: ReceiverFacts) -> BuyerFacts:
    reported = row.text("email").lower()
    email = reported if _EMAIL.fullmatch(reported) else ""
    name = row.text("buyer") or receiver.name
    # Without an address nothing tells this buyer from others; numbers repeat from shop to shop.
    known_by = email or (row.text("phone") or receiver.phone)[:40]
    return BuyerFacts(known_by, name, row.text("phone") or receiver.phone, email)
