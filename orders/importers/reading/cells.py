"""Single cells: texts, numbers and times as exports write them. Pure."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from orders import money

_EMPTY: Final = frozenset({"", "-", "--", "—", "——", "null", "NULL", "None", "N/A", "#N/A"})
# A spreadsheet's trick to keep a number a text: an apostrophe before it, or a formula around it.
_FORMULA: Final = re.compile(r'="?([^"=]*)"?\Z')
_APOSTROPHE: Final = re.compile(r"['\u2018`](?=[\d+\-=@#])")
_EDGES: Final = "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f \t\r\n\v\f\xa0\u3000"
# What PostgreSQL refuses (NUL) or nobody can see, and marks that turn the direction of writing.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SCIENTIFIC: Final = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+")
_DIGITS: Final = re.compile(r"-?\d+(\.\d+)?")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA: Final = re.compile(r"-?\d+,\d{1,2}")
_CURRENCY_SIGNS: Final = re.compile(r"^(r\$|us\$|hk\$|[¥$€£]|cny|brl|usd)\s*|\s*(元|cny|brl|usd)$", re.IGNORECASE)
# Only the full-width forms: compatibility normalisation would also read 1² as 12.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans("￥", "¥")
_LARGEST_COUNT: Final = 1_000_000

_CLOCK: Final = r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d+)?)?)?\s*(?P<z>Z|UTC|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST: Final = re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?" + _CLOCK)
_MONTH_FIRST: Final = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})" + _CLOCK)


class CellError(ValueError):
    """A cell cannot be read; `sentence` says why, translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def text(cell: str) -> str:
    """Clean a cell: leading tab, apostrophe or formula around a number, `-` for empty, invisible marks."""
    if cell.isalnum() and cell.isascii() and cell not in _EMPTY:
        return cell
    bare = _UNSEEN.sub("", cell).strip(_EDGES)
    if bare.startswith("=") and (formula := _FORMULA.match(bare)):
        bare = formula[1].strip(_EDGES)
    if _APOSTROPHE.match(bare):
        bare = bare[1:].strip(_EDGES)
    return "" if bare in _EMPTY else bare


def number_text(cell: str, limit: int = 120) -> str:
    """Clean an order number or the like; CellError where a spreadsheet has rounded it or it is too long."""
    bare = unicodedata.normalize("NFKC", text(cell))
    if _SCIENTIFIC.fullmatch(bare):
        raise CellError(
            _("“%(cell)s” has lost its last digits in a spreadsheet. Export again and do not save the file in between.")
            % {"cell": bare}
        )
    if len(bare) > limit:
        raise CellError(_("“%(cell)s…” is longer than %(limit)d characters.") % {"cell": bare[:40], "limit": limit})
    return bare


def amount(cell: str, currency: str) -> Decimal:
    """Read a sum of the currency, 0 for an empty cell; CellError on anything else than an exact sum ≥ 0."""
    bare = text(cell)
    if not bare:
        return Decimal(0)
    value = _decimal(bare)
    _refuse_out_of_range(value, bare)
    # Rounding would hide that a column holds something else, such as a rate or another currency.
    exact = value.quantize(money.quantum(currency))
    if exact != value:
        raise CellError(_too_fine(bare, currency))
    return exact


def _too_fine(bare: str, currency: str) -> str:
    return _("“%(cell)s” is finer than the smallest coin of %(currency)s.") % {"cell": bare[:40], "currency": currency}


def _refuse_out_of_range(value: Decimal, bare: str) -> None:
    if value < 0:
        raise CellError(_("“%(cell)s” is negative.") % {"cell": bare[:40]})
    if value > money.LARGEST:
        raise CellError(_("“%(cell)s” is more than this system can hold.") % {"cell": bare[:40]})


def count(cell: str) -> int:
    """Read a number of units; CellError unless it is whole, at least 1 and at most a million."""
    bare = text(cell)
    value = _decimal(bare) if bare else Decimal(0)
    if value != value.to_integral_value() or not 1 <= value <= _LARGEST_COUNT:
        raise CellError(_("“%(cell)s” is no number of units.") % {"cell": bare[:40]})
    return int(value)


def _decimal(bare: str) -> Decimal:
    if not _DIGITS.fullmatch(bare) or not bare.isascii():
        bare = _without_decoration(bare)
    if len(bare) > 40 or not _DIGITS.fullmatch(bare):
        raise CellError(_("“%(cell)s” is no number.") % {"cell": bare[:40]})
    try:
        return Decimal(bare)
    except InvalidOperation:
        raise CellError(_("“%(cell)s” is no number.") % {"cell": bare[:40]}) from None


def _without_decoration(bare: str) -> str:
    bare = _CURRENCY_SIGNS.sub("", bare.translate(_HALF_WIDTH)).strip()
    # 28,90 is a sum in Brazil; three digits behind a comma are thousands.
    if _COMMA.fullmatch(bare):
        return bare.replace(",", ".")
    return bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare


def moment(cell: str, zone: str, *, month_first: bool = False) -> datetime | None:
    """Read a time in UTC, None for an empty cell; a time without offset is local to `zone`.

    Month-first dates (9/10/2026) are read only where the source is known to have been re-saved so.
    """
    bare = text(cell)
    # Platforms write these for a time that there is not.
    if not bare or bare.startswith(("0000-00-00", "1970-01-01")):
        return None
    return _usual(bare, zone) or _parsed(unicodedata.normalize("NFKC", bare), zone, month_first=month_first)


def has_seconds(cell: str) -> bool:
    """Tell whether a time was written to the second; a spreadsheet drops them."""
    return text(cell).count(":") > 1


def _usual(bare: str, zone: str) -> datetime | None:
    # 2026-09-22 00:54:10, the form of nearly every cell and is read faster without a pattern.
    if len(bare) != 19 or bare[4] != "-" or bare[10] != " ":
        return None
    try:
        return datetime.fromisoformat(bare).replace(tzinfo=_zone(zone)).astimezone(UTC)
    except ValueError:
        return None


def _parsed(bare: str, zone: str, *, month_first: bool) -> datetime:
    found = _YEAR_FIRST.fullmatch(bare) or (_MONTH_FIRST.fullmatch(bare) if month_first else None)
    if not found:
        raise CellError(_unreadable(bare))
    year, month, day, hour, minute, second = (int(found[key] or 0) for key in ("y", "m", "d", "H", "M", "S"))
    if not 2000 <= year <= 2100:
        raise CellError(_("“%(cell)s” is not a time of this century.") % {"cell": bare[:40]})
    try:
        tzinfo = _offset(found["z"]) or _zone(zone)
        return datetime(year, month, day, hour, minute, second, tzinfo=tzinfo).astimezone(UTC)
    except ValueError:
        raise CellError(_unreadable(bare)) from None


def _unreadable(bare: str) -> str:
    return _("“%(cell)s” is no date and time; 2026-09-22 00:54:10 would be one.") % {"cell": bare[:40]}


def _offset(written: str | None) -> timezone | None:
    if not written:
        return None
    if written in ("Z", "UTC"):
        return UTC
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[-2:])))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
