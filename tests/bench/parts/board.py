"""The numbers of *Now*: cheaper than counting, equal to counting while cases move, and what keeping them costs."""

import threading
from collections.abc import Callable, Iterator
from statistics import median

import psycopg
from django.db import connection, connections
from django.utils import timezone

from aftersales import sweeps
from aftersales.models import User
from aftersales.queries.oversight import dashboard, tiles
from tests.bench import places, timing
from tests.bench.data import seed
from tests.bench.parts import moves
from tests.bench.report import Figure, at_least, at_most
from tests.bench.yardsticks import recorded

CHECKS = 40
LIVE = tuple(
    f"SELECT '{kind}', status, {subject}, count(*) FROM aftersales_case WHERE status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3"
    for kind, subject in (
        ("day", "(opened_on - date '1970-01-01')::bigint"), ("assignee", "coalesce(assignee_id, 0)"), ("merchant", "merchant_id"),
    )
)  # fmt: skip


def measure(rounds: int, count: int) -> Iterator[Figure]:
    """SQL of the page beside live counts; equality; cost on moves."""
    yield from _beside_live(rounds)
    yield at_most("Now: numbers that differ from live counts under moves", _differing(), "checks", 0)
    yield _keeping(rounds, count)


def _beside_live(rounds: int) -> Iterator[Figure]:
    now, boss = timezone.now(), User.objects.get(username="bench-supervisor")
    boss.roles  # noqa: B018 -- read once with the session, not by the page
    with recorded() as steps:
        counts = dashboard.board()
        tiles.numbers(boss, counts, now)
        dashboard.agents(counts, timezone.localdate(now)), dashboard.merchants(counts)
        dashboard.refunds_waiting(boss, now)
    with psycopg.connect(places.url(connection.settings_dict["NAME"])) as bare:
        # As the sessions of the product: a statement that comes again is planned once.
        bare.prepare_threshold = connection.settings_dict["OPTIONS"]["prepare_threshold"]
        sides: dict[str, Callable[[], float]] = {
            "page": lambda: (
                1000 * timing.seconds(lambda: [bare.execute(step.sql, step.params).fetchall() for step in steps])
            ),
            "board": lambda: 1000 * timing.seconds(lambda: bare.execute(dashboard.BOARD).fetchall()),
            "live": lambda: 1000 * timing.seconds(lambda: [bare.execute(sql).fetchall() for sql in LIVE]),
        }
        for act in [*sides.values()] * 8:
            act()
        found = timing.alternate(rounds, sides)
    live = median(found["live"])
    yield at_most(
        "Now: all SQL of the page ÷ live GROUP BYs",
        median(found["page"]),
        "ms",
        1 / 30,
        live,
        timing.ratio(found["page"], found["live"]),
    )
    yield Figure(
        "Now: roll-up ÷ live GROUP BYs", median(found["board"]), "ms", live, timing.ratio(found["board"], found["live"])
    )


def _differing() -> int:
    """Compare in one snapshot, again and again, while another thread moves cases and folds counts."""
    staged, stop = seed.stage(CHECKS * 20), threading.Event()

    def move() -> None:
        for number in range(staged.first, staged.last):
            if stop.is_set():
                break
            moves.approve(number)
            if number % 7 == 0:
                sweeps.fold_board()
        connections.close_all()

    mover = threading.Thread(target=move)
    mover.start()
    try:
        with psycopg.connect(places.url(connection.settings_dict["NAME"])) as bare:
            bare.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            return sum(_differs(bare) for _check in range(CHECKS))
    finally:
        stop.set()
        mover.join()


def _differs(bare: psycopg.Connection) -> bool:
    with bare.transaction():
        rolled = set(bare.execute(dashboard.BOARD).fetchall())
        live = {row for sql in LIVE for row in bare.execute(sql).fetchall()}
    return rolled != live


def _keeping(rounds: int, count: int) -> Figure:
    """Moves with and without the trigger that keeps the counts; the counts are made anew afterwards."""

    def rate(state: str) -> float:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE aftersales_case {state} TRIGGER case_board_update")
        return moves.through_gate(count)

    try:
        found = timing.alternate(rounds, {"kept": lambda: rate("ENABLE"), "not": lambda: rate("DISABLE")})
    finally:
        seed.recount()
    return at_least(
        "Now: moves while counts are kept ÷ not kept", median(found["kept"]), "moves/s", 0.85, median(found["not"]),
        timing.ratio(found["kept"], found["not"]),
    )  # fmt: skip
