"""Ways to find by what people have at hand: each starts at an index of its own and gives a thousand and one at most."""

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
    """Conditions that hold together, each a lookup and a text, and what it is that fits."""

    why: Why
    lookups: tuple[tuple[str, str], ...]


def of_cases(word: str) -> list[Way]:
    """Ways from a word to cases."""
    ways = [*_by_case(word), *_by_order(word, "order__"), *_by_sku(word)]
    if len(word) >= WAYBILL_FROM:
        ways.append(_way(Why.WAYBILL, "return_parcels__parcel__waybill__begins", word))
        ways.append(_way(Why.WHOLE, "return_parcels__parcel__waybill", word))
    return ways


def of_orders(word: str) -> list[Way]:
    """Ways from a word to orders."""
    return [*_by_order(word), *_by_case(word, "cases__"), *_by_sku(word)]


def named(names: Sequence[str], path: str = "") -> list[Way]:
    """Ways from whole names; `path` leads to the order."""
    return [
        _way(Why.ALIKE, f"{path}{field}__one_of", "\n".join(names))
        for field in (("receiver_name", "buyer__name") if names else ())
    ]


class Search(NamedTuple):
    """Ways to things of one kind; `seen`: the condition on `id` that says which of them the person may see."""

    model: type[Case | Order]
    seen: Written
    ways: Sequence[Way]


def run(*searches: Search, most: int = MOST) -> list[dict[int, Why]]:
    """Ids of what each search finds, with their strongest reasons; one query for all."""
    parts, values = list[str](), list[Any]()
    for number, search in enumerate(searches):
        for way in search.ways:
            sql, slots = _written(search.model, tuple(name for name, _text in way.lookups))
            part = f"SELECT {number}, '{way.why.value}', id FROM ({sql}) AS way WHERE {search.seen[0]} LIMIT %s"  # noqa: S608 -- our own
            parts.append(f"({part})")
            values += [way.lookups[slot][1] if isinstance(slot, int) else slot for slot in slots]
            values += [*search.seen[1], most]
    found: list[dict[int, Why]] = [{} for _search in searches]
    for number, why, pk in statements.planned_once(" UNION ALL ".join(parts), values) if parts else ():
        known = found[number]
        if pk not in known or STRENGTH[Why(why)] < STRENGTH[known[pk]]:
            known[pk] = Why(why)
    return found


def _way(why: Why, lookup: str, text: str) -> Way:
    return Way(why, ((lookup, text),))


def _by_case(word: str, path: str = "") -> Iterator[Way]:
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
def _written(model: type[Case | Order], lookups: tuple[str, ...]) -> tuple[str, tuple[int | str, ...]]:
    """SQL of a way without who asks, written once; in its values a number stands for the text of that lookup."""
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
