"""The export of one shop on a platform: rows joined by order number. A source says only what is its own."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict

from orders import tax_numbers
from orders.importers.facts import BuyerFacts, OrderFacts, ParcelFacts
from orders.importers.reading import grouping, tabular
from orders.importers.reading.table_rows import Row
from orders.importers.sources import statuses
from orders.importers.sources.base import Source
from orders.models.order import OrderStatus

NO_INVOICE: Final = frozenset({"", "无", "否", "不开发票", "不需要发票", "不需要开具发票"})


class ShopExport(Source):
    """Source: its columns (one layout is named `orders`), its words for a status, and how rows become facts."""

    timezone = "Asia/Shanghai"
    currency = "CNY"
    needs_merchant = True
    numbers_are_global = True
    words: Mapping[str, OrderStatus] = {}

    def read(self, paths: Sequence[Path]) -> grouping.Orders:
        """Tell the orders one by one; ReadError if the files are no such export."""
        tables = tabular.open_tables(paths, self.columns, self.timezone)
        orders = grouping.by_number(tables["orders"], "number")
        return grouping.Orders(orders, lambda number, rows: [self.order(number, rows)])

    @abstractmethod
    def order(self, number: str, rows: list[Row]) -> OrderFacts:
        """Tell one order from its rows; RowError if they cannot be read."""

    def status(self, row: Row) -> OrderStatus:
        """Translate the status of a row; RowError if its word is unknown."""
        return statuses.found(row.text("status"), self.words)

    def head(self, number: str, row: Row, *, status: OrderStatus, ordered_at: datetime | None = None) -> OrderFacts:
        """What columns of these names say; the buyer has only this order until the source knows better.

        `ordered_at` is given where a platform may leave its column empty. Money and lines follow in `settlement`.
        """
        ordered_at = ordered_at or row.needed_moment("ordered_at")
        return OrderFacts(
            source=self.name,
            external_number=number,
            number=number,
            # An order without a known buyer has one of its own: two strangers must never be taken for one person.
            buyer=BuyerFacts(f"order:{number}"),
            currency=self.currency,
            status=status,
            ordered_at=ordered_at,
            as_of=ordered_at,
            paid_at=row.moment("paid_at"),
            shipped_at=row.moment("shipped_at"),
            completed_at=row.moment("completed_at"),
            file=row.table.name,
            line=row.line,
            buyer_note=row.text("note"),
            merchant_note=row.text("merchant_note"),
            is_coarse=not row.has_seconds("ordered_at"),
        )


def parcels(row: Row) -> tuple[ParcelFacts, ...]:
    """The one parcel that a row can tell of."""
    waybill = row.number("waybill", 64).removeprefix("No:")
    return (ParcelFacts(row.text("carrier"), waybill, row.moment("shipped_at")),) if waybill else ()


class InvoiceHeader(TypedDict):
    """Title and taxpayer's number, as fields of `OrderFacts`."""

    invoice_title: str
    invoice_tax_number: str


def invoice_header(*texts: str) -> InvoiceHeader:
    """What cells say of the invoice: the first title and the first number; a cell may hold both."""
    told = [tax_numbers.split(text) for text in texts if text not in NO_INVOICE]
    # The one with a number first: a title beside it is of the same company.
    told.sort(key=lambda header: not header[1])
    number = told[0][1] if told else ""
    return {"invoice_title": next((title for title, _number in told if title), ""), "invoice_tax_number": number}
