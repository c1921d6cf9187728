"""Search beside ILIKE over the same rows, what both find compared; the palette beside a bare page."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from statistics import median
from typing import Any

from django.db import connection

from aftersales.models import Case, User
from aftersales.queries.console.search import documents, similar_names, ways
from aftersales.queries.console.search.ways import Search
from aftersales.queries.people.actors import DeskBackend
from aftersales.rules.console import search_words
from orders.models import Order
from tests.bench import timing
from tests.bench.data import seed
from tests.bench.parts import pages
from tests.bench.report import Figure, at_least, at_most

WANTED = 50  # cases: a page of a list, and what the palette chooses from
WARM = 6  # turns, after which the server has kept its plans
# Frequent and rare, Chinese and English, one word and several.
TEXTS = ("退款", "色差", "霉斑", "樟脑味", "鞋垫下面", "refund", "camphor", "zipper jammed", "flickers hums")
NEWEST = "SELECT case_id FROM aftersales_searchdocument WHERE {fits} ORDER BY id DESC LIMIT %s"
NEWEST_CASES = (
    "SELECT case_id FROM aftersales_searchdocument WHERE {fits} GROUP BY case_id ORDER BY max(id) DESC LIMIT %s"
)
NAMED = """
SELECT o.id FROM orders_order o JOIN orders_buyer b ON b.id = o.buyer_id
WHERE o.receiver_name ILIKE ANY (%s) OR b.name ILIKE ANY (%s) LIMIT %s
"""
PALETTE = {"HTTP_X_PALETTE": "options"}


def measure(rounds: int, times: int) -> Iterator[Figure]:
    """Texts and names beside ILIKE, then the palette."""
    boss = _person("bench-supervisor")
    seed.name_everybody()  # those that other parts have added since
    yield from _beside_ilike("texts", rounds, [(text, *_text(boss, text)) for text in TEXTS])
    yield from _beside_ilike("names", rounds, [(name, *_name(boss, name)) for name in _names()])
    yield from _palette(rounds, times)


Side = Callable[[], Sequence[int]]


def _beside_ilike(what: str, rounds: int, words: Sequence[tuple[str, Side, Side]]) -> Iterator[Figure]:
    """How many times quicker, for each word and in the median."""
    figures = []
    for word, mine, theirs in words:
        for _turn in range(WARM):
            mine()
        found = timing.alternate(
            rounds, {"mine": lambda act=mine: timing.seconds(act), "theirs": lambda act=theirs: timing.seconds(act)}
        )
        figures.append(
            Figure(
                f"search in {what}: “{word}”, ILIKE ÷ index", 1000 * median(found["mine"]), "ms",
                1000 * median(found["theirs"]), timing.ratio(found["theirs"], found["mine"]),
            )
        )  # fmt: skip
    yield from figures
    ratios = [figure.ratio or 0 for figure in figures]
    yield at_least(
        f"search in {what}: ILIKE ÷ index, median of {len(figures)} words", median(figure.value for figure in figures),
        "ms", 40, median(figure.yardstick or 0 for figure in figures), median(ratios),
    )  # fmt: skip


def _person(name: str) -> User:
    user = DeskBackend().get_user(User.objects.get(username=name).pk)
    assert user is not None
    return user


def _text(boss: User, text: str) -> tuple[Side, Side]:
    """The newest cases with the words by the index; and by reading, which may stop as soon as it has as many texts."""
    words = search_words.words_of(text)
    patterns = [f"%{word}%" for word in text.split()]
    fits = " AND ".join(["text ILIKE %s"] * len(patterns))

    def mine() -> list[int]:
        return [said.case_id for said in documents.find(boss, words, WANTED).found]

    if mine() != _read(NEWEST_CASES.format(fits=fits), [*patterns, WANTED]):
        raise RuntimeError(f"“{text}”: the index finds other cases than reading every text")
    return mine, lambda: _read(NEWEST.format(fits=fits), [*patterns, WANTED])


def _names() -> list[str]:
    """Names that some orders have, as they are and with one sign wrong."""
    known = Order.objects.order_by("id").values_list("receiver_name", flat=True)
    chinese = [name for name in known[:400] if len(name) == 3][:3]
    latin = [name for name in known[:400] if " " in name][:3]
    wrong = [f"{chinese[0][0]}某{chinese[0][2]}", f"{chinese[1][:2]}某", f"{latin[0][:-1]}x"]
    return [*chinese[1:], *latin[1:], *wrong]


def _name(boss: User, name: str) -> tuple[Side, Side]:
    """Orders of whoever is called so or almost so; ILIKE with a blank for each sign that may be wrong."""
    patterns = [f"{name[:at]}_{name[at + 1 :]}" for at in range(len(name))]

    def mine() -> list[int]:
        return list(ways.run(Search(Order, ("true", []), ways.named(similar_names.find(name))))[0])

    missing = set(_read(NAMED, [patterns, patterns, ways.MOST])) - set(mine())
    if missing:
        raise RuntimeError(f"“{name}”: the index misses {len(missing)} orders that ILIKE finds")
    return mine, lambda: _read(NAMED, [patterns, patterns, ways.MOST])


def _read(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _palette(rounds: int, times: int) -> Iterator[Figure]:
    """An agent's typing: frequent and rare words, numbers, names; and a page with nothing but who is logged in."""
    agent = pages.visitor("bench-agent-1")
    case = Case.objects.filter(team__members__username="bench-agent-1").select_related("order").latest("pk")
    typed = ["退款", "樟脑味", "refund", "camphor", case.number, case.order.number, case.order.receiver_name, "6620"]
    each = {text: _paced(agent, text) for text in typed}

    def run(turns: int) -> list[float]:
        return [act() for act, _turn in zip(cycle(each.values()), range(turns), strict=False)]

    run(WARM * len(typed))
    sides = {
        "palette": lambda: median(run(times * len(typed))),
        "bare": lambda: median(agent.milliseconds("/bare/", times * 4)),
    }
    found = timing.alternate(rounds, sides)
    for text, act in each.items():
        yield Figure(f"palette: “{text}”", median(act() for _turn in range(times)), "ms")
    yield at_most(
        "palette ÷ bare authenticated view", median(found["palette"]), "ms", 3, median(found["bare"]),
        timing.ratio(found["palette"], found["bare"]),
    )  # fmt: skip


def _paced(agent: pages.Visitor, text: str) -> Callable[[], float]:
    def ask() -> None:
        response = agent.client.get("/palette/", {"q": text}, **PALETTE)
        if response.status_code != 200:
            raise RuntimeError(f"the palette answers {response.status_code} to “{text}”")

    return lambda: 1000 * timing.seconds(ask)
