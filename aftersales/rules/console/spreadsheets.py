"""Tables for spreadsheets as CSV or XLSX, in which nothing is read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Cell = str | int


def harmless(cell: Cell) -> Cell:
    """The cell as a spreadsheet may hold it: formulas become text by an apostrophe, illegal characters are removed."""
    if isinstance(cell, int):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA_SIGNS) or text.startswith(FORMULA_SIGNS) else text


def file_of(format: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of the whole file; `format` is `csv` or `xlsx`."""
    safe = ([harmless(cell) for cell in row] for row in (head, *rows))
    return _csv(safe) if format == "csv" else _xlsx(safe)


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # without the mark Excel reads Chinese as something else


def _xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()
