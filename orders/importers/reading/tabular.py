"""Tables of an export: the header found, columns matched by name, rows with their line. Pure but for reading."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from orders.importers.reading import cells, files
from orders.importers.reading.cells import CellError
from orders.importers.reading.files import RawRow, ReadError
from orders.importers.sources import layouts
from orders.importers.sources.layouts import Layout

T = TypeVar("T")

_HEADER_WITHIN: Final = 8
_SHOWN: Final = 12


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

    def __init__(
        self,
        table: Table,
        line: int,
        row: list[str],
        places: dict[str, int],
        problem: str = "",
    ) -> None:
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
        """Give a number of instalments, 1 where none that makes sense is told."""
        told = self._whole(key)
        return told if 1 <= told <= 60 else 1

    def points(self, key: str) -> int:
        """Give a number of points, 0 where none is told."""
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


def open_tables(
    paths: Sequence[Path],
    kinds: Sequence[Layout],
    zone: str,
    *,
    month_first: bool = False,
) -> dict[str, list[Table]]:
    """Sort files, and the files of folders, by the layout they fit; ReadError if one that is needed is not there."""
    found: dict[str, list[Table]] = {kind.name: [] for kind in kinds}
    strangers: list[ReadError] = []
    for path, is_named in _files(paths):
        try:
            table = open_table(path, kinds, zone, month_first=month_first)
        except ReadError as error:
            # A folder may hold more than we need; a file that somebody named must be understood.
            if is_named:
                raise
            strangers.append(error)
            continue
        found[table.layout.name].append(table)
    _insist(kinds, found, strangers)
    return found


def open_table(path: Path, kinds: Sequence[Layout], zone: str, *, month_first: bool = False) -> Table:
    """Find the header and the layout of one file; ReadError naming the columns that are missing and those found."""
    misfit: tuple[int, ReadError] | None = None
    for open_rows in _ways(path):
        for line, headings in files.head(open_rows(), _HEADER_WITHIN):
            for kind in kinds:
                lacking = layouts.missing(headings, kind)
                if not lacking:
                    _refuse_repeated(path, headings, kind)
                    return Table(path, kind, headings, line, zone, month_first, open_rows)
                fit = len(layouts.places(headings, kind))
                if misfit is None or fit > misfit[0]:
                    misfit = fit, _unfit(path, headings, lacking, kind)
    raise (misfit[1] if misfit else ReadError(_("%(file)s is empty.") % {"file": path.name}))


def rows(table: Table) -> Iterator[Row]:
    """Yield the rows under the header; blank ones are left out, ragged ones carry their problem."""
    places = layouts.places(table.headings, table.layout)
    width = len(table.headings)
    for line, row in table.open_rows():
        if line <= table.header_line or not any(row):
            continue
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


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    for path in paths:
        if path.is_dir():
            yield from ((file, False) for file in sorted(path.iterdir()) if file.suffix.lower() in files.SUFFIXES)
        elif path.exists():
            yield path, True
        else:
            raise ReadError(_("There is no file %(file)s.") % {"file": path})


def _ways(path: Path) -> Iterator[Callable[[], Iterator[RawRow]]]:
    if files.is_workbook(path):
        yield from ((lambda sheet=sheet: files.sheet_rows(path, sheet)) for sheet in files.sheets(path))
        return
    encoding = files.encoding_of(path)
    yield from ((lambda mark=mark: files.csv_rows(path, encoding, mark)) for mark in files.DELIMITERS)


def _insist(kinds: Sequence[Layout], found: dict[str, list[Table]], strangers: list[ReadError]) -> None:
    lacking = [kind for kind in kinds if not kind.is_optional and not found[kind.name]]
    if not lacking:
        return
    if strangers and not any(found.values()):
        raise strangers[0]
    wanted = "; ".join(f"{kind.title} ({_columns(kind)})" for kind in lacking)
    raise ReadError(_("A file is missing: %(wanted)s.") % {"wanted": wanted})


def _columns(kind: Layout) -> str:
    return ", ".join(column.headings[0] for column in kind.columns if column.is_required)


def _unfit(path: Path, headings: list[str], lacking: list[str], kind: Layout) -> ReadError:
    there = ", ".join(heading.strip("\ufeff \t\r\n")[:40] for heading in headings[:_SHOWN] if heading.strip()) or "–"
    return ReadError(
        _("%(file)s is no file “%(kind)s”. Missing columns: %(lacking)s. Found: %(there)s.")
        % {
            "file": path.name,
            "kind": kind.title,
            "lacking": ", ".join(lacking),
            "there": there,
        }
    )


def _refuse_repeated(path: Path, headings: list[str], kind: Layout) -> None:
    twice = layouts.repeated(headings, kind)
    if twice:
        raise ReadError(
            _("%(file)s has the column %(column)s more than once, so it is not clear which one counts.")
            % {"file": path.name, "column": ", ".join(twice)}
        )
