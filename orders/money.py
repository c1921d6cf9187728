"""Sums of money: minor units, shares that add up to the whole, amounts typed and shown. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from math import lcm
from typing import Final

from babel.numbers import get_currency_symbol
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

POINTS: Final = "points"
LARGEST: Final = Decimal("99999999.99")

# Funds and metals of the standard (XDR, XAU …) have no minor unit and buy nothing in a shop.
_ISO_4217: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF " + POINTS,
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD "
    "UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_UNITS: Final = {code: digits for digits, codes in _ISO_4217.items() for code in codes.split()}
_QUANTA: Final = {code: Decimal(1).scaleb(-digits) for code, digits in MINOR_UNITS.items()}

# CLDR has the yuan as CN¥ and the yen as ¥ in English; here ¥ alone is the yuan for every reader.
_YEN_AND_YUAN: Final = {"CNY": "¥", "JPY": "JP¥"}

# Only the full-width forms: compatibility normalisation would also read 1² as 12.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans("￥。\u3000\u2212", "¥. -")
_PLAIN: Final = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|\.[0-9]+")
_LONGEST_TEXT: Final = 40


class UnknownCurrency(ValueError):
    """A currency code that ISO 4217 does not list."""


class BadAmount(ValueError):
    """What was typed is no amount to accept; `sentence` says why, translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Short(ValueError):
    """The caps together hold less than the total; `shortfall` is what is missing, in the currency."""

    def __init__(self, shortfall: Decimal, currency: str) -> None:
        super().__init__(f"short of {shortfall} {currency}")
        self.shortfall = shortfall
        self.currency = currency


def quantum(currency: str) -> Decimal:
    """Return the smallest sum of the currency: 0.01 for CNY, 1 for JPY; UnknownCurrency."""
    try:
        return _QUANTA[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round to the minor unit, halves away from zero."""
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def is_whole(amount: Decimal, currency: str) -> bool:
    """Whether the amount is a whole number of minor units; no number at all is none."""
    return amount.is_finite() and rounded(amount, currency) == amount


def to_minor(amount: Decimal, currency: str) -> int:
    """Count the minor units of an amount; ValueError if it is not a whole number of them."""
    count = amount / quantum(currency)
    if count != count.to_integral_value():
        raise ValueError(f"{amount} is finer than the minor unit of {currency}")
    return int(count)


def from_minor(count: int, currency: str) -> Decimal:
    """Turn a number of minor units into an amount of the currency."""
    return count * quantum(currency)


def allocate(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Share a total by weight; parts sum to it, none negative, a weight of 0 gets 0.

    Largest remainder first and, among equals, the last: 10.00 over 1, 1, 1 is 3.33, 3.33, 3.34.
    Weights that are all zero count as equal. ValueError on a negative total or weight, or nobody to share.
    """
    minor = to_minor(total, currency)
    if minor < 0 or any(weight < 0 for weight in weights):
        raise ValueError("a total and its weights are never negative")
    if not weights:
        if minor:
            raise ValueError("nobody to share the total with")
        return []
    return [from_minor(part, currency) for part in _largest_remainder(minor, _whole(weights))]


def allocate_capped(
    total: Decimal, weights: Sequence[Decimal | int], caps: Sequence[Decimal], currency: str
) -> list[Decimal]:
    """Share a total by weight, none above its cap; the excess goes to the others. Short if the caps hold too little."""
    limits = [max(cap, Decimal(0)).quantize(quantum(currency), ROUND_DOWN) for cap in caps]
    room = sum(limits, Decimal(0))
    if room < total:
        raise Short(total - room, currency)
    parts = [Decimal(0)] * len(limits)
    left, sharing = total, list(range(len(limits)))
    # Whoever is full drops out and the rest is shared anew, so this ends after as many turns as there are caps.
    while True:
        shares = dict(zip(sharing, allocate(left, [weights[i] for i in sharing], currency), strict=True))
        full = [i for i in sharing if shares[i] > limits[i]]
        for i in full or sharing:
            parts[i] = min(shares[i], limits[i])
        if not full:
            return parts
        left -= sum((limits[i] for i in full), Decimal(0))
        sharing = [i for i in sharing if i not in full]


def share_of_units(
    line_amount: Decimal, quantity: int, units: int, units_left: int, amount_left: Decimal, currency: str
) -> Decimal:
    """Price `units` of a line: floored to the minor unit, the last take all that is left, never more than is left.

    `units_left` and `amount_left` are what nobody has taken yet; 10.00 over three units is 3.33, 3.33, 3.34,
    and a share that is given back can be taken again. ValueError if more units are asked than are left.
    """
    if not 0 <= units <= units_left <= quantity or amount_left < 0:
        raise ValueError(f"{units} of {units_left} units and {amount_left} left of {quantity}")
    if units == 0:
        return from_minor(0, currency)
    if units == units_left:
        return amount_left
    smallest = quantum(currency)
    # Floored, not rounded: rounded up often enough, the last unit would have to cost less than nothing.
    return min(line_amount * units // (smallest * quantity) * smallest, amount_left)


def parse_amount(text: str, currency: str, smallest: Decimal | None = None) -> Decimal:
    """Read a typed amount, full-width digits and thousands separators too; BadAmount says what is wrong.

    `smallest` is the least accepted, one minor unit if not given.
    """
    least = quantum(currency) if smallest is None else smallest
    plain = _plain(text)
    amount = _number(plain)
    _refuse_out_of_range(amount)
    # Only now: 1e9 is a number to Decimal, and that it is too large says more than how to write it.
    _refuse_badly_written(plain, currency)
    if amount < least:
        raise BadAmount(_("The amount must be at least %(least)s.") % {"least": least})
    return amount.quantize(quantum(currency))


def _refuse_out_of_range(amount: Decimal) -> None:
    if amount < 0:
        raise BadAmount(_("The amount cannot be negative."))
    if amount > LARGEST:
        raise BadAmount(_("The amount cannot be more than %(limit)s.") % {"limit": f"{LARGEST:,}"})


def _refuse_badly_written(plain: str, currency: str) -> None:
    if not _PLAIN.fullmatch(plain):
        raise BadAmount(_("Write the amount in digits, for example 1,234.50."))
    if len(plain.partition(".")[2]) > MINOR_UNITS[currency]:
        raise BadAmount(_too_fine(currency))


def format_amount(amount: Decimal, currency: str, language: str) -> str:
    """Write an amount for a reader of `language`: ¥1,234.50; a symbol of letters, such as a code, stands apart."""
    digits = f"{abs(amount):,.{MINOR_UNITS[currency]}f}"
    sign = "-" if amount < 0 else ""
    return f"{sign}{_symbol(currency, 'zh' if language.startswith('zh') else 'en')}{digits}"


# Babel's format_currency would do it all, forty times slower; a page shows some sixty amounts.
@cache
def _symbol(currency: str, locale: str) -> str:
    symbol = _YEN_AND_YUAN.get(currency) or get_currency_symbol(currency, locale)
    return symbol if unicodedata.category(symbol[-1]) == "Sc" else f"{symbol}\N{NO-BREAK SPACE}"


def _whole(weights: Sequence[Decimal | int]) -> list[int]:
    """The weights as integers in the same proportion: shares of Decimals would be rounded on the way."""
    ratios = [Decimal(weight).as_integer_ratio() for weight in weights]
    scale = lcm(*(denominator for _numerator, denominator in ratios))
    whole = [numerator * (scale // denominator) for numerator, denominator in ratios]
    return whole if any(whole) else [1] * len(whole)


def _largest_remainder(minor: int, weights: list[int]) -> list[int]:
    everyone = sum(weights)
    parts, remainders = zip(*(divmod(minor * weight, everyone) for weight in weights), strict=True)
    shared = list(parts)
    # Among equal remainders the last one first, always: a preview must give the parts that the refund will have.
    by_remainder = sorted(range(len(weights)), key=lambda i: (remainders[i], i), reverse=True)
    for i in by_remainder[: minor - sum(parts)]:
        shared[i] += 1
    return shared


def _plain(text: str) -> str:
    plain = text.translate(_HALF_WIDTH).strip().removeprefix("¥").removesuffix("元").strip()
    if not plain:
        raise BadAmount(_("Enter an amount."))
    return plain


def _number(plain: str) -> Decimal:
    try:
        amount = Decimal(plain[:_LONGEST_TEXT].replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if len(plain) > _LONGEST_TEXT or not amount.is_finite():
        raise BadAmount(_("Write the amount in digits, for example 1,234.50."))
    return amount


def _too_fine(currency: str) -> str:
    digits = MINOR_UNITS[currency]
    if digits == 0:
        return _("An amount in %(currency)s has no decimal places.") % {"currency": currency}
    return ngettext(
        "An amount in %(currency)s has at most %(count)d decimal place.",
        "An amount in %(currency)s has at most %(count)d decimal places.",
        digits,
    ) % {"currency": currency, "count": digits}
