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
from aftersales.queries.console.search import documents, similar_names, ways
from aftersales.queries.console.search.documents import Said
from aftersales.queries.console.search.ways import MOST, NUMBER_FROM, Search, Way, Why
from aftersales.rules.console import search_words
from aftersales.rules.console.search_words import normalised
from orders.db.compiled_query import Written
from orders.models import Order

MOST_TEXTS: Final = 300  # cases found by what is said in them: more are not read through, but narrowed by another word
AS_IT_STANDS: Final = frozenset({Why.WHOLE, Why.NAME, Why.PHONE, Why.WAYBILL, Why.ORDER, Why.NUMBER})


@dataclass(frozen=True)
class Hit:
    """The only thing that a number stands for; `kind` is `case` or `order`."""

    kind: str
    number: str


@dataclass(frozen=True)
class Found:
    """Cases that a text finds: why each was found, and in which document if by full text.

    `is_whole` is false where older documents were left out.
    """

    why: dict[int, Why] = field(default_factory=dict)
    said: dict[int, Said] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def fits(self) -> Q:
        """The condition that selects these cases."""
        return picked(self.why)


def picked(ids: Iterable[int]) -> Q:
    """The condition that selects rows by id; one array, so that the statement is the same for any number of them."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def cases(user: User, text: str, most: int = MOST) -> Found:
    """Cases that a text finds among those the person may see; at most `most` by each way."""
    word = normalised(text)
    return _with_texts(user, word, _by_ways(word, [_to_cases(user)], most)[0], most) if word else Found()


def orders(user: User, text: str, most: int = MOST) -> dict[int, Why]:
    """Ids of the orders that a text finds among those the person may see, and why each."""
    word = normalised(text)
    return _by_ways(word, [_to_orders(user)], most)[0] if word else {}


def both(user: User, text: str, most: int) -> tuple[Found, dict[int, Why]]:
    """Cases and orders that a text finds, in one query."""
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
    return _Target(Case, visibility.SEEN_IDS.condition(user), ways.of_cases, "order__")


def _to_orders(user: User) -> _Target:
    return _Target(Order, visibility.seen_orders(user), ways.of_orders, "")


def _by_ways(word: str, targets: Sequence[_Target], most: int) -> list[dict[int, Why]]:
    """What the ways find, for each target.

    1. All ways of all targets in one query.
    2. Where nothing fits as it was typed, names with a typo.
    3. Where a number was typed whole, only what has that number.
    """
    found = ways.run(*(Search(each.model, each.seen, each.ways(word)) for each in targets), most=most)
    _add_similar_names(word, targets, found, most)
    return [{pk: reason for pk, reason in why.items() if reason == Why.WHOLE} or why for why in found]


def _add_similar_names(word: str, targets: Sequence[_Target], found: list[dict[int, Why]], most: int) -> None:
    # Asked only where nothing fits that the person may see: asked among everybody's, its absence would tell of others.
    without = [number for number, why in enumerate(found) if not AS_IT_STANDS & set(why.values())]
    if without and (names := similar_names.find(word)):
        chosen = [targets[number] for number in without]
        alike = [Search(each.model, each.seen, ways.named(names, each.to_order)) for each in chosen]
        for number, why in zip(without, ways.run(*alike, most=most), strict=True):
            found[number] = why | found[number]


def _with_texts(user: User, word: str, why: dict[int, Why], most: int) -> Found:
    # Who types a whole number means what has it, not the messages that mention it.
    if Why.WHOLE in why.values():
        return Found(why)
    texts = documents.find(user, search_words.words_of(word), min(most, MOST_TEXTS))
    said = {each.case_id: each for each in texts.found}
    return Found({**dict.fromkeys(said, Why.TEXT), **why}, said, texts.is_whole)


def only_hit(user: User, text: str, *, wanted: str) -> Hit | None:
    """What alone has this whole number or waybill; of several the only one of the `wanted` kind: "case" or "order"."""
    word = normalised(text)
    if len(word) < NUMBER_FROM:
        return None
    cases, orders = visibility.cases_for(user).order_by(), visibility.orders_for(user).order_by()
    numbers = [{"number": word}, {"external_number": word}, {"parcels__waybill": word}]
    parts = [
        *(_numbered("order", orders, lookup) for lookup in numbers),
        *(_numbered("case", cases, {f"order__{name}": text}) for lookup in numbers for name, text in lookup.items()),
        _numbered("case", cases, {"number": word.upper()}),
        _numbered("case", cases, {"return_parcels__parcel__waybill": word}),
    ]
    return _only({Hit(*row) for row in parts[0].union(*parts[1:])}, word, wanted)


def _only(hits: set[Hit], word: str, wanted: str) -> Hit | None:
    itself = Hit("case", word.upper())
    if wanted == "case" and itself in hits:
        return itself
    fitting = [hit for hit in hits if hit.kind == wanted] or list(hits)
    return fitting[0] if len(fitting) == 1 else None


def _numbered(kind: str, things: QuerySet[Any], lookup: dict[str, Any]) -> QuerySet[Any]:
    # Two are enough to know that it is not the only one.
    return things.filter(**lookup).values_list(Value(kind), "number")[:2]
