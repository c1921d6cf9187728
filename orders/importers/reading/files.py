"""Raw rows of CSV and XLSX files, whatever their encoding, delimiter or line ends. Pure but for reading."""

import codecs
import csv
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from orders.importers.reading import budget
from orders.importers.reading.refusal import ReadError

RawRow = tuple[int, list[str]]

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx")
DELIMITERS: Final = (",", ";", "\t")
_CHUNK: Final = 1 << 20
# A quotation mark left open makes the rest of a file one cell; that is noticed here, not when memory is full.
_LARGEST_CELL: Final = 1 << 20
_LARGEST_WORKBOOK: Final = 200 << 20
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXACT_FLOAT: Final = 1e15
# What openpyxl lets through when a file is broken inside.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    SyntaxError,
)


def is_workbook(path: Path) -> bool:
    """Tell an XLSX file by its first bytes; ReadError on the old binary format, or nothing to read."""
    start = _first_bytes(path)
    if not start:
        raise ReadError(_("%(file)s is empty.") % {"file": path.name})
    # The container of XLS files, and of XLSX files with a password.
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(_old_or_protected(path))
    return start.startswith(b"PK\x03\x04")


def _old_or_protected(path: Path) -> str:
    return _("%(file)s is an old or protected Excel file. Save it as XLSX or CSV without a password.") % {
        "file": path.name
    }


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise ReadError(_("%(file)s cannot be opened: %(why)s.") % {"file": path.name, "why": error.strerror}) from None


def encoding_of(path: Path) -> str:
    """Find the encoding: byte order mark, UTF-16 without one, UTF-8, else GB 18030; ReadError if none fits."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    if start.count(b"\x00") > len(start) // 4:
        return _utf_16(start)
    # In this order: GB 18030 takes nearly any bytes, while hardly any Chinese text in it happens to be valid UTF-8.
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    raise ReadError(_("%(file)s is neither UTF-8 nor UTF-16 nor GBK. Save it as “CSV UTF-8”.") % {"file": path.name})


def _utf_16(start: bytes) -> str:
    # Latin letters and digits have a zero in every second byte; which one, tells the order of the bytes.
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Yield the first physical line and the cells of each record; ReadError where it stops making sense."""
    csv.field_size_limit(_LARGEST_CELL)
    line = 1
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in reader:
                budget.count(len(row))
                yield line, row
                line = reader.line_num + 1
        except csv.Error:
            raise ReadError(_open_quotation(path, line)) from None
        except UnicodeError:
            raise ReadError(_damaged_after(path, line)) from None


def _damaged_after(path: Path, line: int) -> str:
    return _("%(file)s is damaged after line %(line)d.") % {"file": path.name, "line": line}


def _open_quotation(path: Path, line: int) -> str:
    return _("%(file)s: the row from line %(line)d on is too long; a quotation mark may be left open there.") % {
        "file": path.name,
        "line": line,
    }


def sheets(path: Path) -> list[str]:
    """Name the sheets of a workbook; ReadError if it is none, or unpacks to more than 200 MB."""
    try:
        _refuse_too_large(path)
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            return list(book.sheetnames)
    except ReadError:
        raise
    except _DAMAGED as error:
        raise _damaged(path) from error


def _refuse_too_large(path: Path) -> None:
    # The size unpacked: a few kilobytes can unpack to more than memory holds.
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_WORKBOOK:
            raise ReadError(_("%(file)s is too large. Export a shorter period, or CSV.") % {"file": path.name})


def sheet_rows(path: Path, sheet: str) -> Iterator[RawRow]:
    """Yield row number and cells, as texts, of one sheet."""
    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            page = book[sheet]
            # A sheet that is only a chart has no rows.
            if not hasattr(page, "iter_rows"):
                return
            # Some exporters write a wrong size; trusting it would cut columns off.
            if hasattr(page, "reset_dimensions"):
                page.reset_dimensions()
            for line, row in enumerate(page.iter_rows(values_only=True), start=1):
                budget.count(len(row))
                yield line, [_as_text(value) for value in row]
    except ReadError:
        raise
    except _DAMAGED as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> ReadError:
    return ReadError(_("%(file)s is no readable Excel file. Save it again as XLSX or CSV.") % {"file": path.name})


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return _number_as_text(value) if isinstance(value, float) else str(value)


def _number_as_text(value: float) -> str:
    # Beyond this a spreadsheet has rounded the number; written so, `cells.number_text` will refuse it.
    if abs(value) >= _EXACT_FLOAT:
        return f"{value:E}"
    # A cell holds 28.9 as 28.900000000000002; six places are finer than any price.
    return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0")


def head(rows: Iterator[RawRow], count: int) -> list[RawRow]:
    """Take the first rows of a file, to look for the header among them."""
    return list(islice(rows, count))
