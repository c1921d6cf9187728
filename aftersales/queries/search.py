"""Finding by what people have at hand: numbers, waybills, the end of a phone number, how a name begins.

Each way of finding starts at an index of its own; none looks inside texts.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.rules import shop_day
from orders.models import Order

Way = dict[str, Any]

LONGEST: Final = 120
MOST: Final = 1001  # of each way: one above what is counted
FIRST_YEAR: Final = 26  # of case numbers
NUMBER_FROM, WAYBILL_FROM, PHONE_FROM, TAIL = 3, 5, 7, 4  # signs
CASE_DIGITS: Final = 6


@dataclass(frozen=True)
class Hit:
    """The one thing that a number names: a `case` or an `order`."""

    kind: str
    number: str


def among_cases(seen: QuerySet[Case], text: str) -> Q:
    """Those of the cases that a text finds."""
    word = normalised(text)
    ways: list[Way] = [*_case_ways(word), *_order_ways(word, "order__")]
    if len(word) >= WAYBILL_FROM:
        ways.append({"return_parcels__parcel__waybill__startswith": word})
    return Q(pk__in=_found(seen, ways))


def among_orders(seen: QuerySet[Order], text: str) -> Q:
    """Those of the orders that a text finds."""
    word = normalised(text)
    return Q(pk__in=_found(seen, [*_order_ways(word), *_case_ways(word, "cases__")]))


def only_hit(user: User, text: str, *, wanted: str) -> Hit | None:
    """What a whole number, waybill included, names if it names one thing; `wanted`: a "case" or an "order" first."""
    word = normalised(text)
    if len(word) < NUMBER_FROM:
        return None
    cases, orders = visibility.cases_for(user).order_by(), visibility.orders_for(user).order_by()
    ways = [{"number": word}, {"external_number": word}, {"parcels__waybill": word}]
    parts = [
        *(_named("order", orders, way) for way in ways),
        _named("case", cases, {"number": word.upper()}),
        _named("case", cases, {"return_parcels__parcel__waybill": word}),
        *(_named("case", cases, {f"order__{lookup}": value}) for way in ways for lookup, value in way.items()),
    ]
    return _only({Hit(*row) for row in parts[0].union(*parts[1:])}, word, wanted)


def normalised(text: str) -> str:
    """The text as it is searched: full-width signs made plain, blanks joined, at most 120 signs."""
    return " ".join(unicodedata.normalize("NFKC", text).split())[:LONGEST]


def _only(hits: set[Hit], word: str, wanted: str) -> Hit | None:
    itself = Hit("case", word.upper())
    if wanted == "case" and itself in hits:
        return itself
    fitting = [hit for hit in hits if hit.kind == wanted] or list(hits)
    return fitting[0] if len(fitting) == 1 else None


def _case_ways(word: str, path: str = "") -> Iterator[Way]:
    if word.isdigit() and len(word) <= CASE_DIGITS:
        years = range(FIRST_YEAR, shop_day.of(timezone.now()).year % 100 + 1)
        yield {f"{path}number__in": [f"AS-{year}-{int(word):0{CASE_DIGITS}d}" for year in years]}
    elif len(word) >= NUMBER_FROM:
        yield {f"{path}number__startswith": word.upper()}


def _order_ways(word: str, path: str = "") -> Iterator[Way]:
    if len(word) >= NUMBER_FROM:
        for spelt in {word, word.upper()}:
            yield {f"{path}number__startswith": spelt}
            yield {f"{path}external_number__startswith": spelt}
    if len(word) >= WAYBILL_FROM:
        yield {f"{path}parcels__waybill__startswith": word}
    yield from _people_ways(word, path)


def _people_ways(word: str, path: str) -> Iterator[Way]:
    if word.isdigit() and len(word) == TAIL:
        yield {f"{path}phone_tail": word}
        yield {f"{path}buyer__phone_tail": word}
    elif word.isdigit() and len(word) >= PHONE_FROM:
        yield {f"{path}phone_tail": word[-TAIL:], f"{path}receiver_phone__endswith": word}
    elif word and not word.isdigit():
        for spelt in {word, word.title()}:
            yield {f"{path}receiver_name__startswith": spelt}
            yield {f"{path}buyer__name__startswith": spelt}


def _found(seen: QuerySet[Any], ways: Iterable[Way]) -> QuerySet[Any] | list[int]:
    parts = [seen.filter(**way).order_by().values("pk")[:MOST] for way in ways]
    if len(parts) < 2:
        return parts[0] if parts else []
    return parts[0].union(*parts[1:])


def _named(kind: str, things: QuerySet[Any], way: Way) -> QuerySet[Any]:
    return things.filter(**way).values_list(Value(kind), "number")[:2]
