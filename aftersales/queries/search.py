"""Finding cases and orders: by numbers, waybills, phones, names, SKUs; cases also by what is said in them.

A whole number finds what it names and nothing else. Names with a typo are looked for where no name fits as it stands.
Everything is asked among what the person may see, so nothing tells of what others have.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from aftersales.models import Case, User
from aftersales.queries import search_names, search_text, search_ways, visibility
from aftersales.queries.search_text import Said
from aftersales.queries.search_ways import MOST, NUMBER_FROM, Why
from aftersales.rules import search_words
from aftersales.rules.search_words import normalised
from orders.models import Order

MOST_TEXTS: Final = 300  # cases found by what is said in them: more are not read through, but narrowed by another word
AS_IT_STANDS: Final = frozenset({Why.NAME, Why.PHONE, Why.WAYBILL, Why.ORDER, Why.NUMBER})


@dataclass(frozen=True)
class Hit:
    """The one thing that a number names: a `case` or an `order`."""

    kind: str
    number: str


@dataclass(frozen=True)
class Found:
    """Cases that a text finds: why each, and the passage where it is what was said; `is_whole`: none left out."""

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
    if not word:
        return Found()
    seen = visibility.SEEN_IDS(user)
    why = search_ways.run(Case, seen, search_ways.of_cases(word), most)
    if whole := _whole(why):
        return Found(whole)
    if not AS_IT_STANDS & set(why.values()):
        why |= search_ways.run(Case, seen, search_ways.named(search_names.like(word), "order__"), most)
    texts = search_text.find(user, search_words.words_of(word), min(most, MOST_TEXTS))
    said = {each.case_id: each for each in texts.found}
    return Found({**dict.fromkeys(said, Why.TEXT), **why}, said, texts.is_whole)


def orders(user: User, text: str, most: int = MOST) -> dict[int, Why]:
    """Ids of the orders that a text finds among those the person may see, and why each."""
    word = normalised(text)
    seen = visibility.seen_orders(user)
    why = search_ways.run(Order, seen, search_ways.of_orders(word), most) if word else {}
    if whole := _whole(why):
        return whole
    if word and not AS_IT_STANDS & set(why.values()):
        why |= search_ways.run(Order, seen, search_ways.named(search_names.like(word)), most)
    return why


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


def _whole(why: dict[int, Why]) -> dict[int, Why]:
    return {pk: reason for pk, reason in why.items() if reason == Why.WHOLE}


def _only(hits: set[Hit], word: str, wanted: str) -> Hit | None:
    itself = Hit("case", word.upper())
    if wanted == "case" and itself in hits:
        return itself
    fitting = [hit for hit in hits if hit.kind == wanted] or list(hits)
    return fitting[0] if len(fitting) == 1 else None


def _named(kind: str, things: QuerySet[Any], way: dict[str, Any]) -> QuerySet[Any]:
    return things.filter(**way).values_list(Value(kind), "number")[:2]
