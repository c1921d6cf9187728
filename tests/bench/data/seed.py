"""The rows of the bench: filled by COPY, staged for a measurement, checked against invariants."""

import multiprocessing
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.db import connection
from django.utils import timezone

from aftersales import sweeps
from aftersales.models import ClockBeat
from aftersales.queries.oversight import invariants
from tests.bench import places
from tests.bench.data import people, statements
from tests.bench.data.columns import COLUMNS
from tests.bench.data.rows import Rows, World
from tests.bench.data.stories import GOODS, PENDING, STORIES

CHUNK = 5_000  # cases a COPY
# Due cases of a measurement live in a time of their own, where nothing of the seed is due.
THEN = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
SAMPLE = (
    "a case shows the earliest deadline that runs",
    "an open case runs under one deadline of each line that its state starts",
    "no open case waits without a clock",
    "a line's units and money in open cases are what its open cases hold",
    "the last event of a case tells its state and version",
    "the board and its pending changes are the live counts",
)

Write = Callable[[Rows, int, random.Random], None]


@dataclass(frozen=True)
class Staged:
    """Fresh cases for a measurement: numbers from `first` to before `last`."""

    first: int
    last: int


def fill(cases: int) -> None:
    """Make people, load cases."""
    with connection.cursor() as cursor:
        cursor.execute(statements.APART)
        cursor.execute(statements.PLAIN)
    people.staff()
    world = people.world_at(timezone.localtime().replace(second=0, microsecond=0))
    indexes = _without_indexes()
    _load(world, cases)
    name_everybody()
    for index in indexes:
        _execute(index)
    _execute(statements.BOARD)
    _execute(statements.BOOKS)
    ClockBeat.objects.update_or_create(pk=1, defaults={"beat_at": timezone.now()})
    _execute("VACUUM (ANALYZE)")


def calm() -> None:
    """Move what measurements of before left due into the future: a desk whose clock runs has nothing overdue."""
    while sweeps.fold_board():
        pass
    _execute(statements.CALM)
    _execute("VACUUM (ANALYZE) aftersales_case, aftersales_deadline, aftersales_boardcount, aftersales_boarddelta")


def name_everybody() -> None:
    """Names of orders and buyers as their triggers keep them, which are off while rows are copied."""
    _execute(statements.NAMES)


def recount() -> None:
    """Count the board anew, the trigger that keeps it switched on."""
    _execute("ALTER TABLE aftersales_case ENABLE TRIGGER case_board_update")
    _execute("TRUNCATE aftersales_boardcount, aftersales_boarddelta")
    _execute(statements.BOARD)


def stage(count: int) -> Staged:
    """Returns that wait for the merchant's answer, due an hour before THEN, each below an agent's limit."""

    def write(rows: Rows, n: int, dice: random.Random) -> None:
        shop = dice.choice(rows.world.shops)
        rows.case(n, PENDING, shop, opened=-50 * 60, moved=-49 * 60, due=-60, agent=shop.agents[0], cheap=True)

    return _add(count, write)


def stage_orders(count: int) -> Staged:
    """Orders signed two days ago that nobody has asked about."""

    def write(rows: Rows, n: int, dice: random.Random) -> None:
        title, variant, price = GOODS[0]
        rows.order(n, dice.choice(rows.world.shops), price=price, goods=(title, variant))

    return _add(count, write, at=timezone.localtime())


def _add(count: int, write: Write, at: datetime = THEN) -> Staged:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('bench_number')")
        first = int(cursor.fetchone()[0]) // 2 * 2 + 2
        cursor.execute("SELECT setval('bench_number', %s)", [first + count])
    _copy(places.url(connection.settings_dict["NAME"]), people.world_at(at), range(first, first + count), write)
    staged = Staged(first, first + count)
    _execute(statements.STAGED_BOARD % (staged.first, staged.last))
    return staged


def _load(world: World, cases: int) -> None:
    """Two processes, so that rows are written while others are stored."""
    connection.close()
    half = cases // 4 * 2 + 2
    parts = [range(2, half), range(half, cases + 2)]
    workers = [multiprocessing.get_context("fork").Process(target=_random, args=(world, part)) for part in parts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError("loading failed")
    _execute(f"SELECT setval('bench_number', {cases + 4})")


def _random(world: World, numbers: range) -> None:
    weights = [story.weight for story in STORIES]

    def write(rows: Rows, n: int, dice: random.Random) -> None:
        rows.random_case(n, dice.choices(STORIES, weights)[0], dice)

    _copy(places.url(connection.settings_dict["NAME"]), world, numbers, write)


def _copy(url: str, world: World, numbers: range, write: Write) -> None:
    """Write rows and COPY them, triggers and foreign keys switched off."""
    dice, rows = random.Random(numbers.start), Rows(world)
    with psycopg.connect(url, autocommit=True) as loader:
        loader.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for start in range(numbers.start, numbers.stop, CHUNK):
            for n in range(start, min(start + CHUNK, numbers.stop)):
                write(rows, n, dice)
            _flush(loader, rows)


def _flush(loader: psycopg.Connection, rows: Rows) -> None:
    for table, columns in COLUMNS.items():
        if texts := rows.tables.pop(table, None):
            with loader.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("\n".join(texts) + "\n")


def _without_indexes() -> list[str]:
    """Drop what no constraint needs; answers how to make it again."""
    with connection.cursor() as cursor:
        cursor.execute(statements.INDEXES, [[*COLUMNS, "orders_personname"]])
        found = cursor.fetchall()
    for name, _definition in found:
        _execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def broken(names: Sequence[str] = SAMPLE) -> Iterable[str]:
    """Invariants that do not hold, in words."""
    for invariant in invariants.INVARIANTS:
        if invariant.name in names or not names:
            verdict = invariants.check(invariant)
            if verdict.count:
                yield f"{verdict.name}: {verdict.count}, such as {verdict.examples[0]}"


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
