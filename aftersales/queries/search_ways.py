"""Ways to find by what people have at hand: each starts at an index of its own, and gives at most a thousand and one."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet, Value
from django.utils import timezone

from orders.models import OrderLine

MOST: Final = 1001  # of each way: one above what is counted
MOST_LINES: Final = 2000  # newest order lines of a SKU that are looked at
FIRST_YEAR: Final = 26  # of case numbers
NUMBER_FROM, WAYBILL_FROM, PHONE_FROM, TAIL = 3, 5, 7, 4  # signs
CASE_DIGITS: Final = 6


class Why(StrEnum):
    """What of a case or an order fits; the strongest first."""

    WHOLE = "whole"  # a whole number: the case's, the order's, a waybill
    NUMBER = "number"
    ORDER = "order"
    WAYBILL = "waybill"
    PHONE = "phone"
    NAME = "name"
    ALIKE = "alike"  # a name, but for a typo
    SKU = "sku"
    TEXT = "text"


STRENGTH: Final = {why: rank for rank, why in enumerate(Why)}


class Way(NamedTuple):
    """Conditions that hold together, and what it is that fits."""

    why: Why
    lookups: dict[str, Any]


def of_cases(word: str) -> list[Way]:
    """Ways from a word to cases."""
    ways = [*_by_case(word), *_by_order(word, "order__"), *_by_sku(word, "order__in")]
    if len(word) >= WAYBILL_FROM:
        ways.append(Way(Why.WAYBILL, {"return_parcels__parcel__waybill__startswith": word}))
        ways.append(Way(Why.WHOLE, {"return_parcels__parcel__waybill": word}))
    return ways


def of_orders(word: str) -> list[Way]:
    """Ways from a word to orders."""
    return [*_by_order(word), *_by_case(word, "cases__"), *_by_sku(word, "pk__in")]


def named(names: Sequence[str], path: str = "") -> list[Way]:
    """Ways from whole names; `path` leads to the order."""
    return [Way(Why.ALIKE, {f"{path}{field}__in": names}) for field in ("receiver_name", "buyer__name")] if names else []


def run(seen: QuerySet[Any], ways: Iterable[Way], most: int = MOST) -> dict[int, Why]:
    """Ids of what the ways find among what may be seen, each with its strongest reason; one query."""
    parts = [seen.filter(**lookups).order_by().values_list(Value(why.value), "pk")[:most] for why, lookups in ways]
    found: dict[int, Why] = {}
    for why, pk in parts[0].union(*parts[1:], all=True) if parts else ():
        if pk not in found or STRENGTH[Why(why)] < STRENGTH[found[pk]]:
            found[pk] = Why(why)
    return found


def _by_case(word: str, path: str = "") -> Iterator[Way]:
    if word.isdecimal() and len(word) <= CASE_DIGITS:
        years = range(FIRST_YEAR, timezone.localdate().year % 100 + 1)
        yield Way(Why.NUMBER, {f"{path}number__in": [f"AS-{year}-{int(word):0{CASE_DIGITS}d}" for year in years]})
    elif len(word) >= NUMBER_FROM:
        yield Way(Why.WHOLE, {f"{path}number": word.upper()})
        yield Way(Why.NUMBER, {f"{path}number__startswith": word.upper()})


def _by_order(word: str, path: str = "") -> Iterator[Way]:
    if len(word) >= NUMBER_FROM:
        for spelt in sorted({word, word.upper()}):
            for column in ("number", "external_number"):
                yield Way(Why.WHOLE, {f"{path}{column}": spelt})
                yield Way(Why.ORDER, {f"{path}{column}__startswith": spelt})
    if len(word) >= WAYBILL_FROM:
        yield Way(Why.WHOLE, {f"{path}parcels__waybill": word})
        yield Way(Why.WAYBILL, {f"{path}parcels__waybill__startswith": word})
    yield from _by_people(word, path)


def _by_people(word: str, path: str) -> Iterator[Way]:
    if word.isdecimal() and len(word) == TAIL:
        yield Way(Why.PHONE, {f"{path}phone_tail": word})
        yield Way(Why.PHONE, {f"{path}buyer__phone_tail": word})
    elif word.isdecimal() and len(word) >= PHONE_FROM:
        yield Way(Why.PHONE, {f"{path}phone_tail": word[-TAIL:], f"{path}receiver_phone__endswith": word})
    elif word and not word.isdecimal():
        for spelt in sorted({word, word.title()}):
            yield Way(Why.NAME, {f"{path}receiver_name__startswith": spelt})
            yield Way(Why.NAME, {f"{path}buyer__name__startswith": spelt})


def _by_sku(word: str, to_orders: str) -> Iterator[Way]:
    """Newest first where the SKU is whole: a best-seller stands on a hundred thousand lines."""
    if len(word) < NUMBER_FROM or not word.isascii():
        return
    for spelt in sorted({word, word.upper()}):
        whole = OrderLine.objects.filter(sku=spelt).order_by("-id")
        begun = OrderLine.objects.filter(sku__startswith=spelt).exclude(sku=spelt).order_by()
        for lines in (whole, begun):
            yield Way(Why.SKU, {to_orders: lines.values("order")[:MOST_LINES]})
