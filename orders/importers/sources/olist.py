"""Olist's Brazilian marketplace: a folder of CSV files joined by order number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from orders.importers.facts import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.reading import grouping, table_rows, tabular
from orders.importers.reading.table_rows import Row, RowError, Table
from orders.importers.sources import order_sums, statuses
from orders.importers.sources.base import Source
from orders.importers.sources.olist_layouts import (
    CATEGORIES,
    CUSTOMERS,
    ITEMS,
    METHODS,
    ORDERS,
    PAYMENTS,
    PRODUCTS,
    SELLERS,
    STATUSES,
)
from orders.models.payment import Method


@dataclass(frozen=True)
class Item:
    """One unit: Olist writes a row for each."""

    number: str
    product: str
    seller: str
    price: Decimal
    freight: Decimal
    ship_by: datetime | None


@dataclass(frozen=True)
class _Part:
    """What one seller sold in a purchase."""

    row: Row
    number: str
    seller: str
    items: list[Item]


class Olist(Source):
    """Source: the Olist folder; its orders bring their merchants along."""

    name = "olist"
    title = "Olist"
    hint = "olist_orders_dataset.csv, olist_order_items_dataset.csv, olist_order_payments_dataset.csv, …"
    timezone = "America/Sao_Paulo"
    currency = "BRL"
    columns = (ORDERS, ITEMS, PAYMENTS, CUSTOMERS, PRODUCTS, SELLERS, CATEGORIES)
    needs_merchant = False
    numbers_are_global = True

    def read(self, paths: Sequence[Path]) -> grouping.Orders:
        """Join the files of a folder; ReadError if orders, items, payments or customers are not there."""
        tables = tabular.open_tables(paths, self.columns, self.timezone, month_first=True)
        related = _RelatedFiles(tables)
        orphan = _("The orders file has no order of this number.")
        return grouping.Orders(
            grouping.by_number(tables["orders"], "number"),
            related.orders,
            (related.items, orphan),
            (related.payments, orphan),
        )


class _RelatedFiles:
    """The files around the orders, looked up by number."""

    def __init__(self, tables: dict[str, list[Table]]) -> None:
        self.items = grouping.by_number(tables["items"], "number")
        self.payments = grouping.by_number(tables["payments"], "number")
        self.customers = {row.text("customer"): row for row in _rows(tables["customers"])}
        self.categories = {row.text("product"): row.text("category") for row in _rows(tables["products"])}
        self.english = {row.text("category"): row.text("english") for row in _rows(tables["categories"])}
        self.sellers = {
            row.text("seller"): f"{row.text('city')} {row.text('state')}" for row in _rows(tables["sellers"])
        }

    def orders(self, number: str, rows: list[Row]) -> list[OrderFacts]:
        """Tell one purchase: an order for each seller, payments shared among them; RowError."""
        row = grouping.single(rows)
        # An order without items has no seller: the marketplace itself stands in.
        sellers = self._items_by_seller(number) or {"": []}
        payments = self._payments(number, row.moment("paid_at"))
        asked = [sum((item.price + item.freight for item in items), ZERO) for items in sellers.values()]
        shares = order_sums.shared(payments, asked, Olist.currency)
        parts = [_Part(row, number, seller, items) for seller, items in sellers.items()]
        return [
            self._order(part, position if len(parts) > 1 else 0, share)
            for position, (part, share) in enumerate(zip(parts, shares, strict=True), start=1)
        ]

    def _items_by_seller(self, number: str) -> dict[str, list[Item]]:
        sellers: dict[str, list[Item]] = defaultdict(list)
        for item in self._items(number):
            sellers[item.seller].append(item)
        return sellers

    def _items(self, number: str) -> list[Item]:
        rows = self.items.rows.get(number, [])
        items = [_item(row) for row in rows]
        if len({item.number for item in items}) < len(items):
            raise RowError(_("Two items of this order have the same number."), rows[0])
        # Numbers are texts here: 10 would come before 2.
        return sorted(items, key=lambda item: item.number.zfill(6))

    def _payments(self, number: str, paid_at: datetime | None) -> list[PaymentFacts]:
        rows = self.payments.rows.get(number, [])
        payments = [_payment(row, paid_at) for row in rows]
        if len({payment.sequence for payment in payments}) < len(payments):
            raise RowError(_("Two payments of this order have the same number."), rows[0])
        return sorted(payments, key=lambda payment: payment.sequence)

    def _order(self, part: _Part, position: int, payments: tuple[PaymentFacts, ...]) -> OrderFacts:
        settled = order_sums.settle(
            self._lines(part.items),
            sum((item.freight for item in part.items), ZERO),
            order_sums.captured(payments),
            Olist.currency,
            is_paid=bool(payments),
        )
        return order_sums.concluded(self._head(part, position), settled, payments)

    def _head(self, part: _Part, position: int) -> OrderFacts:
        row = part.row
        ordered_at = row.needed_moment("ordered_at")
        buyer, receiver = self._buyer(row.text("customer"))
        return OrderFacts(
            source=Olist.name,
            external_number=part.number,
            # Olist's number is the purchase's; several sellers need a number for each of their orders.
            number=f"{part.number}-{position}" if position else part.number,
            merchant_ref=part.seller,
            merchant_name=self._shop(part.seller),
            buyer=buyer,
            receiver=receiver,
            currency=Olist.currency,
            status=statuses.found(row.text("status"), STATUSES),
            ordered_at=ordered_at,
            as_of=ordered_at,
            paid_at=row.moment("paid_at"),
            promised_ship_at=min((item.ship_by for item in part.items if item.ship_by), default=None),
            shipped_at=row.moment("shipped_at"),
            promised_at=row.moment("promised_at"),
            signed_at=row.moment("signed_at"),
            file=row.table.name,
            line=row.line,
            purchase_number=part.number if position else "",
            is_coarse=not row.has_seconds("ordered_at"),
        )

    def _lines(self, items: list[Item]) -> list[LineFacts]:
        """Make one line of identical units, which Olist tells one by one."""
        alike: dict[tuple[str, Decimal], list[Item]] = defaultdict(list)
        for item in items:
            alike[item.product, item.price].append(item)
        return [self._line(product, price, units) for (product, price), units in alike.items()]

    def _line(self, product: str, price: Decimal, units: list[Item]) -> LineFacts:
        reported = self.categories.get(product, "")
        category = self.english.get(reported, reported)
        name = category.replace("_", " ").capitalize() or _("Product")
        return LineFacts(
            external_id=",".join(unit.number for unit in units),
            sku=product,
            # Olist keeps product names to itself.
            title=f"{name} {product[:8]}",
            category=category,
            quantity=len(units),
            unit_price=price,
            paid=price * len(units),
        )

    def _buyer(self, customer: str) -> tuple[BuyerFacts, ReceiverFacts]:
        row = self.customers.get(customer)
        if row is None:
            raise RowError(_("The customers file has no customer %(customer)s.") % {"customer": customer})
        # Five digits, or fewer where a spreadsheet took leading zeros for nothing.
        postcode = row.text("zip").partition(".")[0].zfill(5)
        region = ", ".join(filter(None, (row.text("state"), row.text("city"))))
        return BuyerFacts(row.number("person")), ReceiverFacts(region=region, postcode=postcode)

    def _shop(self, seller: str) -> str:
        if not seller:
            return _("Olist (seller not told)")
        return f"{self.sellers.get(seller, 'Olist').title()} {seller[:6]}"


def _rows(tables: Iterable[Table]) -> Iterable[Row]:
    return (row for table in tables for row in table_rows.of(table) if not row.problem)


def _item(row: Row) -> Item:
    return Item(
        row.number("item"),
        row.number("product"),
        row.number("seller", 64),
        row.amount("price", Olist.currency),
        row.amount("freight", Olist.currency),
        row.moment("ship_by"),
    )


def _payment(row: Row, paid_at: datetime | None) -> PaymentFacts:
    return PaymentFacts(
        sequence=row.count("sequence"),
        method=METHODS.get(row.text("method"), Method.OTHER),
        captured=row.amount("value", Olist.currency),
        installments=row.parts("installments"),
        paid_at=paid_at,
    )
