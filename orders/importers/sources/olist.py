"""Olist's Brazilian marketplace: a folder of CSV files joined by order number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from orders.importers.reading import grouping, tabular
from orders.importers.reading.tabular import Row, RowError, Table
from orders.importers.sources import settlement, statuses
from orders.importers.sources.base import ZERO, BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts, Source
from orders.importers.sources.layouts import Layout, optional, required
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    "olist_orders_dataset",
    (
        required("number", "order_id"),
        required("customer", "customer_id"),
        required("status", "order_status"),
        required("ordered_at", "order_purchase_timestamp"),
        required("paid_at", "order_approved_at"),
        required("shipped_at", "order_delivered_carrier_date"),
        required("signed_at", "order_delivered_customer_date"),
        required("promised_at", "order_estimated_delivery_date"),
    ),
)
ITEMS = Layout(
    "items",
    "olist_order_items_dataset",
    (
        required("number", "order_id"),
        required("item", "order_item_id"),
        required("product", "product_id"),
        required("seller", "seller_id"),
        optional("ship_by", "shipping_limit_date"),
        required("price"),
        required("freight", "freight_value"),
    ),
)
PAYMENTS = Layout(
    "payments",
    "olist_order_payments_dataset",
    (
        required("number", "order_id"),
        required("sequence", "payment_sequential"),
        required("method", "payment_type"),
        optional("installments", "payment_installments"),
        required("value", "payment_value"),
    ),
)
CUSTOMERS = Layout(
    "customers",
    "olist_customers_dataset",
    (
        required("customer", "customer_id"),
        required("person", "customer_unique_id"),
        optional("zip", "customer_zip_code_prefix"),
        optional("city", "customer_city"),
        optional("state", "customer_state"),
    ),
)
PRODUCTS = Layout(
    "products",
    "olist_products_dataset",
    (required("product", "product_id"), required("category", "product_category_name")),
    is_optional=True,
)
SELLERS = Layout(
    "sellers",
    "olist_sellers_dataset",
    (required("seller", "seller_id"), required("city", "seller_city"), required("state", "seller_state")),
    is_optional=True,
)
CATEGORIES = Layout(
    "categories",
    "product_category_name_translation",
    (required("category", "product_category_name"), required("english", "product_category_name_english")),
    is_optional=True,
)

STATUSES: Final = {
    "created": OrderStatus.PLACED,
    "approved": OrderStatus.PAID,
    "processing": OrderStatus.PAID,
    "invoiced": OrderStatus.PAID,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.SIGNED,
    "unavailable": OrderStatus.CANCELLED,
    "canceled": OrderStatus.CANCELLED,
}
METHODS: Final = {
    "credit_card": Method.CARD,
    "debit_card": Method.CARD,
    "boleto": Method.BANK_SLIP,
    "voucher": Method.VOUCHER,
    "not_defined": Method.OTHER,
}


@dataclass(frozen=True)
class Item:
    """One unit: Olist writes a row for each."""

    number: str
    product: str
    seller: str
    price: Decimal
    freight: Decimal
    ship_by: datetime | None


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
        book = _Book(tables)
        orphan = _("The orders file has no order of this number.")
        return grouping.Orders(
            grouping.by_number(tables["orders"], "number"),
            book.orders,
            (book.items, orphan),
            (book.payments, orphan),
        )


class _Book:
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
        sellers: dict[str, list[Item]] = defaultdict(list)
        for item in self._items(number):
            sellers[item.seller].append(item)
        payments = self._payments(number, row.moment("paid_at"))
        asked = [sum((item.price + item.freight for item in items), ZERO) for items in sellers.values()]
        # An order without items has no seller: the marketplace itself stands in.
        shares = settlement.shared(payments, asked or [ZERO], Olist.currency)
        return [
            self._order(row, number, seller, position if len(sellers) > 1 else 0, items, share)
            for position, ((seller, items), share) in enumerate(
                zip((sellers or {"": []}).items(), shares, strict=True), start=1
            )
        ]

    def _order(
        self, row: Row, number: str, seller: str, position: int, items: list[Item], payments: tuple[PaymentFacts, ...]
    ) -> OrderFacts:
        settled = settlement.settle(
            self._lines(items),
            sum((item.freight for item in items), ZERO),
            settlement.captured(payments),
            Olist.currency,
            is_paid=bool(payments),
        )
        return settlement.concluded(self._head(row, number, seller, position, items), settled, payments)

    def _head(self, row: Row, number: str, seller: str, position: int, items: list[Item]) -> OrderFacts:
        ordered_at = row.needed_moment("ordered_at")
        buyer, receiver = self._buyer(row.text("customer"))
        return OrderFacts(
            source=Olist.name,
            external_number=number,
            number=f"{number}-{position}" if position else number,
            merchant_ref=seller,
            merchant_name=self._shop(seller),
            buyer=buyer,
            receiver=receiver,
            currency=Olist.currency,
            status=statuses.found(row.text("status"), STATUSES),
            ordered_at=ordered_at,
            as_of=ordered_at,
            paid_at=row.moment("paid_at"),
            promised_ship_at=min((item.ship_by for item in items if item.ship_by), default=None),
            shipped_at=row.moment("shipped_at"),
            promised_at=row.moment("promised_at"),
            signed_at=row.moment("signed_at"),
            file=row.table.name,
            line=row.line,
            purchase_number=number if position else "",
            is_coarse=not row.has_seconds("ordered_at"),
        )

    def _items(self, number: str) -> list[Item]:
        items = [
            Item(
                row.number("item"),
                row.number("product"),
                row.number("seller", 64),
                row.amount("price", Olist.currency),
                row.amount("freight", Olist.currency),
                row.moment("ship_by"),
            )
            for row in self.items.rows.get(number, [])
        ]
        if len({item.number for item in items}) < len(items):
            raise RowError(_("Two items of this order have the same number."), self.items.rows[number][0])
        return sorted(items, key=lambda item: item.number.zfill(6))

    def _lines(self, items: list[Item]) -> list[LineFacts]:
        """Make one line of identical units, which Olist tells one by one."""
        alike: dict[tuple[str, Decimal], list[Item]] = defaultdict(list)
        for item in items:
            alike[item.product, item.price].append(item)
        return [self._line(product, price, units) for (product, price), units in alike.items()]

    def _line(self, product: str, price: Decimal, units: list[Item]) -> LineFacts:
        told = self.categories.get(product, "")
        category = self.english.get(told, told)
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

    def _payments(self, number: str, paid_at: datetime | None) -> list[PaymentFacts]:
        payments = [
            PaymentFacts(
                sequence=row.count("sequence"),
                method=METHODS.get(row.text("method"), Method.OTHER),
                captured=row.amount("value", Olist.currency),
                installments=row.parts("installments"),
                paid_at=paid_at,
            )
            for row in self.payments.rows.get(number, [])
        ]
        if len({payment.sequence for payment in payments}) < len(payments):
            raise RowError(_("Two payments of this order have the same number."), self.payments.rows[number][0])
        return sorted(payments, key=lambda payment: payment.sequence)

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
    return (row for table in tables for row in tabular.rows(table) if not row.problem)
