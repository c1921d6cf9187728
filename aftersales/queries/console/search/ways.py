"""Ways to find a case or an order: by numbers, waybills, phones, names, SKUs; each reads an index of its own."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db.models import Model
from django.utils import timezone

import orders.db.lookups  # noqa: F401 -- teaches texts what "begins" is
from aftersales.models import Case
from aftersales.rules.policies import shop_day
from orders.db import statements
from orders.db.compiled_query import Written
from orders.models import Order, OrderLine

MOST: Final = 1001  # rows of each way: one above what is counted
MOST_LINES: Final = 2000  # newest order lines of a SKU that are looked at
FIRST_YEAR: Final = 26  # of case numbers
# Shorter ones would find nearly everything.
NUMBER_FROM, WAYBILL_FROM, PHONE_FROM, TAIL = 3, 5, 7, 4  # characters
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
    """Lookups with their texts, joined by "and", and what it says of a row that fits them."""

    why: Why
    lookups: tuple[tuple[str, str], ...]


def of_cases(word: str) -> list[Way]:
    """The ways in which a word can lead to cases."""
    ways = [*_by_case(word), *_by_order(word, "order__"), *_by_sku(word)]
    if len(word) >= WAYBILL_FROM:
        ways.append(_way(Why.WAYBILL, "return_parcels__parcel__waybill__begins", word))
        ways.append(_way(Why.WHOLE, "return_parcels__parcel__waybill", word))
    return ways


def of_orders(word: str) -> list[Way]:
    """The ways in which a word can lead to orders."""
    return [*_by_order(word), *_by_case(word, "cases__"), *_by_sku(word)]


def named(names: Sequence[str], path: str = "") -> list[Way]:
    """The ways to people with one of these names; `path` is the lookup that leads to the order."""
    return [
        _way(Why.ALIKE, f"{path}{field}__one_of", "\n".join(names))
        for field in (("receiver_name", "buyer__name") if names else ())
    ]


class Search(NamedTuple):
    """Ways to rows of one model; `seen` is the SQL condition on `id` for what the person may see."""

    model: type[Case | Order]
    seen: Written
    ways: Sequence[Way]


def run(*searches: Search, most: int = MOST) -> list[dict[int, Why]]:
    """Ids of what each search finds, with the strongest reason; one query for all, at most `most` rows by each way."""
    parts, values = list[str](), list[Any]()
    # One union instead of one "or": with it the planner would leave the indexes of the ways.
    for number, search in enumerate(searches):
        for way in search.ways:
            sql, given = _part(number, search, way, most)
            parts.append(sql)
            values += given
    found: list[dict[int, Why]] = [{} for _search in searches]
    for number, why, pk in statements.planned_once(" UNION ALL ".join(parts), values) if parts else ():
        reasons = [Why(why), found[number].get(pk, Why(why))]
        found[number][pk] = min(reasons, key=STRENGTH.__getitem__)
    return found


def _part(number: int, search: Search, way: Way, most: int) -> Written:
    """One way as a part of the query; its rows are marked with the number of the search."""
    sql, slots = _compiled(search.model, tuple(name for name, _text in way.lookups))
    seen, seen_values = search.seen
    part = f"(SELECT {number}, '{way.why.value}', id FROM ({sql}) AS way WHERE {seen} LIMIT %s)"  # noqa: S608 -- our own
    texts = [way.lookups[slot][1] if isinstance(slot, int) else slot for slot in slots]
    return part, [*texts, *seen_values, most]


def _way(why: Why, lookup: str, text: str) -> Way:
    return Way(why, ((lookup, text),))


def _by_case(word: str, path: str = "") -> Iterator[Way]:
    # People say the digits alone: those of any year are meant.
    if word.isdecimal() and len(word) <= CASE_DIGITS:
        for year in range(FIRST_YEAR, shop_day.of(timezone.now()).year % 100 + 1):
            yield _way(Why.NUMBER, f"{path}number", f"AS-{year}-{int(word):0{CASE_DIGITS}d}")
    elif len(word) >= NUMBER_FROM:
        yield _way(Why.WHOLE, f"{path}number", word.upper())
        yield _way(Why.NUMBER, f"{path}number__begins", word.upper())


def _by_order(word: str, path: str = "") -> Iterator[Way]:
    if len(word) >= NUMBER_FROM:
        for spelt in sorted({word, word.upper()}):
            for column in ("number", "external_number"):
                yield _way(Why.WHOLE, f"{path}{column}", spelt)
                yield _way(Why.ORDER, f"{path}{column}__begins", spelt)
    if len(word) >= WAYBILL_FROM:
        yield _way(Why.WHOLE, f"{path}parcels__waybill", word)
        yield _way(Why.WAYBILL, f"{path}parcels__waybill__begins", word)
    yield from _by_people(word, path)


def _by_people(word: str, path: str) -> Iterator[Way]:
    # No index finds the end of a number: its last four digits stand in a column of their own.
    if word.isdecimal() and len(word) == TAIL:
        yield _way(Why.PHONE, f"{path}phone_tail", word)
        yield _way(Why.PHONE, f"{path}buyer__phone_tail", word)
    elif word.isdecimal() and len(word) >= PHONE_FROM:
        yield Way(Why.PHONE, ((f"{path}phone_tail", word[-TAIL:]), (f"{path}receiver_phone__ends", word)))
    elif word and not word.isdecimal():
        for spelt in sorted({word, word.title()}):
            yield _way(Why.NAME, f"{path}receiver_name__begins", spelt)
            yield _way(Why.NAME, f"{path}buyer__name__begins", spelt)


def _by_sku(word: str) -> Iterator[Way]:
    """Newest first where the SKU is whole: a best-seller stands on a hundred thousand lines."""
    if len(word) >= NUMBER_FROM and word.isascii():
        for spelt in sorted({word, word.upper()}):
            yield _way(Why.SKU, "sku", spelt)
            yield _way(Why.SKU, "sku__begins", spelt)


@lru_cache(maxsize=256)
def _compiled(model: type[Case | Order], lookups: tuple[str, ...]) -> tuple[str, tuple[int | str, ...]]:
    """The SQL of a way, written once by Django; among its values a number stands for the text of that lookup."""
    # A text with NUL can not come from a person, so a stand-in is never mistaken for a value.
    stand_ins = {f"\N{NULL}{number}": number for number in range(len(lookups))}
    rows: Any = model._default_manager.order_by()
    for name, value in zip(lookups, stand_ins, strict=True):
        if name.startswith("sku"):
            lines = OrderLine.objects.filter(**{name: value}).order_by(*([] if "begins" in name else ["-id"]))
            rows = rows.filter(**{_to_order(model): lines.values("order")[:MOST_LINES]})
        else:
            rows = rows.filter(**{name: value})
    sql, params = rows.values("id").query.sql_with_params()
    return sql, tuple(stand_ins.get(param, param) for param in params)


def _to_order(model: type[Model]) -> str:
    return "order__in" if model is Case else "pk__in"
