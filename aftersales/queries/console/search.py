"""Finding cases and orders: by numbers, waybills, phones, names, SKUs; cases also by what is said in them.

A whole number finds what it names and nothing else. Names with a typo are looked for where no name fits as it stands.
Everything is asked among what the person may see, so nothing tells of what others have.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.queries.console import search_documents, search_names, search_ways
from aftersales.queries.console.search_documents import Said
from aftersales.queries.console.search_ways import MOST, NUMBER_FROM, Search, Way, Why
from aftersales.rules.console import search_words
from aftersales.rules.console.search_words import normalised
from orders.db.compiled_query import Written
from orders.models import Order

MOST_TEXTS: Final = 300  # cases found by what is said in them: more are not read through, but narrowed by another word
AS_IT_STANDS: Final = frozenset({Why.WHOLE, Why.NAME, Why.PHONE, Why.WAYBILL, Why.ORDER, Why.NUMBER})


@dataclass(frozen=True)
class Hit:
    """The one thing that a number names: a `case` or an `order`."""

    kind: str
    number: str


@dataclass(frozen=True)
class Found:
    """Cases that a text finds: why each, and the document where it is what was said; `is_whole`: none left out."""

    why: dict[int, Why] = field(default_factory=dict)
    said: dict[int, Said] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def fits(self) -> Q:
        """The condition that picks them."""
        return picked(self.why)


def picked(ids: Iterable[int]) -> Q:
    """The condition that picks rows by their ids, whose statement is the same however many they are."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def cases(user: User, text: str, most: int = MOST) -> Found:
    """Cases that a text finds among those the person may see; `most` of each way."""
    word = normalised(text)
    return _with_texts(user, word, _by_ways(word, [_to_cases(user)], most)[0], most) if word else Found()


def orders(user: User, text: str, most: int = MOST) -> dict[int, Why]:
    """Ids of the orders that a text finds among those the person may see, and why each."""
    word = normalised(text)
    return _by_ways(word, [_to_orders(user)], most)[0] if word else {}


def both(user: User, text: str, most: int) -> tuple[Found, dict[int, Why]]:
    """Cases and orders that a text finds, asked for together."""
    word = normalised(text)
    if not word:
        return Found(), {}
    of_cases, of_orders = _by_ways(word, [_to_cases(user), _to_orders(user)], most)
    return _with_texts(user, word, of_cases, most), of_orders


class _Target(NamedTuple):
    """Things of one kind that a person may see, the ways to them, and how they lead to their order."""

    model: type[Case | Order]
    seen: Written
    ways: Callable[[str], list[Way]]
    to_order: str


def _to_cases(user: User) -> _Target:
    return _Target(Case, visibility.SEEN_IDS.condition(user), search_ways.of_cases, "order__")


def _to_orders(user: User) -> _Target:
    return _Target(Order, visibility.seen_orders(user), search_ways.of_orders, "")


def _by_ways(word: str, targets: Sequence[_Target], most: int) -> list[dict[int, Why]]:
    """What the ways find; a whole number nothing but what it names, names with a typo where none fits as it stands."""
    found = search_ways.run(*(Search(each.model, each.seen, each.ways(word)) for each in targets), most=most)
    without = [number for number, why in enumerate(found) if not AS_IT_STANDS & set(why.values())]
    if without and (names := search_names.like(word)):
        alike = [
            Search(each.model, each.seen, search_ways.named(names, each.to_order))
            for each in (targets[number] for number in without)
        ]
        for number, why in zip(without, search_ways.run(*alike, most=most), strict=True):
            found[number] = why | found[number]
    return [{pk: reason for pk, reason in why.items() if reason == Why.WHOLE} or why for why in found]


def _with_texts(user: User, word: str, why: dict[int, Why], most: int) -> Found:
    if Why.WHOLE in why.values():
        return Found(why)
    texts = search_documents.find(user, search_words.words_of(word), min(most, MOST_TEXTS))
    said = {each.case_id: each for each in texts.found}
    return Found({**dict.fromkeys(said, Why.TEXT), **why}, said, texts.is_whole)


def only_hit(user: User, text: str, *, wanted: str) -> Hit | None:
    """What a whole number, waybill included, names if it names one thing; `wanted`: a "case" or an "order" first."""
    word = normalised(text)
    if len(word) < NUMBER_FROM:
        return None
    seen_cases, seen_orders = visibility.cases_for(user).order_by(), visibility.orders_for(user).order_by()
    ways = [{"number": word}, {"external_number": word}, {"parcels__waybill": word}]
    parts = [
        *(_named("order", seen_orders, way) for way in ways),
        _named("case", seen_cases, {"number": word.upper()}),
        _named("case", seen_cases, {"return_parcels__parcel__waybill": word}),
        *(_named("case", seen_cases, {f"order__{lookup}": value}) for way in ways for lookup, value in way.items()),
    ]
    return _only({Hit(*row) for row in parts[0].union(*parts[1:])}, word, wanted)


def _only(hits: set[Hit], word: str, wanted: str) -> Hit | None:
    itself = Hit("case", word.upper())
    if wanted == "case" and itself in hits:
        return itself
    fitting = [hit for hit in hits if hit.kind == wanted] or list(hits)
    return fitting[0] if len(fitting) == 1 else None


def _named(kind: str, things: QuerySet[Any], way: dict[str, Any]) -> QuerySet[Any]:
    return things.filter(**way).values_list(Value(kind), "number")[:2]
