"""The rows of a table, read by our names for its columns; each knows its file and line. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from orders.importers.reading import cells, layouts
from orders.importers.reading.cells import CellError
from orders.importers.reading.files import RawRow
from orders.importers.reading.layouts import Layout

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """One file, or sheet, whose header fits a layout."""

    path: Path
    layout: Layout
    headings: list[str]
    header_line: int
    zone: str
    month_first: bool
    open_rows: Callable[[], Iterator[RawRow]]

    @property
    def name(self) -> str:
        """Give the file's name as people know it."""
        return self.path.name


class RowError(ValueError):
    """A row cannot be taken; `sentence` says why, translated; `row` is the one, if it is known."""

    def __init__(self, sentence: str, row: "Row | None" = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.row = row


class Row:
    """One row of a table, read by our names for its columns."""

    __slots__ = ("_cells", "_places", "line", "problem", "table")

    def __init__(self, table: Table, line: int, row: list[str], places: dict[str, int], problem: str = "") -> None:
        self.table = table
        self.line = line
        self.problem = problem
        self._cells = row
        self._places = places

    def raw(self, key: str) -> str:
        """Give a cell as it stands; empty if there is none."""
        place = self._places.get(key, -1)
        return self._cells[place] if 0 <= place < len(self._cells) else ""

    def text(self, key: str) -> str:
        """Give a cleaned text."""
        return cells.text(self.raw(key))

    def number(self, key: str, limit: int = 120) -> str:
        """Give an order number or the like, whole; RowError if a spreadsheet has rounded it."""
        return self._read(key, lambda cell: cells.number_text(cell, limit))

    def amount(self, key: str, currency: str) -> Decimal:
        """Give a sum of money ≥ 0, 0 where nothing stands; RowError."""
        return self._read(key, lambda cell: cells.amount(cell, currency))

    def count(self, key: str) -> int:
        """Give a number of units ≥ 1; RowError."""
        return self._read(key, cells.count)

    def moment(self, key: str) -> datetime | None:
        """Give a time in UTC, None where nothing stands; RowError."""
        table = self.table
        return self._read(
            key,
            lambda cell: cells.moment(cell, table.zone, month_first=table.month_first),
        )

    def needed_moment(self, key: str) -> datetime:
        """Give a time in UTC that an order cannot be without; RowError."""
        found = self.moment(key)
        if found is None:
            raise RowError(_("“%(column)s” is empty.") % {"column": self._heading(key)}, self)
        return found

    def parts(self, key: str) -> int:
        """Give a number of instalments, 1 where the cell holds none that makes sense."""
        reported = self._whole(key)
        return reported if 1 <= reported <= 60 else 1

    def points(self, key: str) -> int:
        """Give a number of points, 0 where the cell is empty."""
        return self._whole(key)

    def has_seconds(self, key: str) -> bool:
        """Tell whether a time was written to the second; a spreadsheet drops them."""
        return cells.has_seconds(self.raw(key))

    def shown(self) -> dict[str, str]:
        """Give the row as the file has it, by its own headings, for the list of rejected rows."""
        return dict(zip(self.table.headings, self._cells, strict=False))

    def same(self) -> tuple[str, ...]:
        """Give what tells this row from another of the same order."""
        return tuple(cells.text(self.raw(key)) for key in self._places)

    def _read(self, key: str, reader: Callable[[str], T]) -> T:
        try:
            return reader(self.raw(key))
        except CellError as error:
            raise RowError(f"{self._heading(key)}: {error.sentence}", self) from None

    def _whole(self, key: str) -> int:
        digits = self.text(key).removesuffix("期").partition(".")[0]
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0

    def _heading(self, key: str) -> str:
        place = self._places.get(key)
        return self.table.headings[place].strip("\ufeff \t") if place is not None else key


def of(table: Table) -> Iterator[Row]:
    """Yield the rows under the header; empty ones are left out, ragged ones carry their problem."""
    places = layouts.places(table.headings, table.layout)
    width = len(table.headings)
    for line, row in table.open_rows():
        if line <= table.header_line or not any(row):
            continue
        # Empty cells too many are a trailing comma; workbooks do not store the empty end of a row. Anything else may
        # have shifted sums into other columns.
        if len(row) == width:
            yield Row(table, line, row, places)
        elif any(row[width:]) or (len(row) < width and table.path.suffix.lower() != ".xlsx"):
            yield Row(table, line, row, places, _ragged(len(row), width))
        else:
            yield Row(table, line, row[:width], places)


def _ragged(count: int, width: int) -> str:
    return _(
        "The row has %(count)d cells, the header has %(width)d. A comma or a quotation mark may be missing in it."
    ) % {
        "count": count,
        "width": width,
    }
