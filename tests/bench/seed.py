"""The bench's database: made once for a size and a day, filled by COPY, checked against invariants."""

import hashlib
import multiprocessing
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from aftersales import sweeps
from aftersales.models import ClockBeat
from aftersales.queries.oversight import invariants
from orders.gateways import sandbox
from tests.bench import people, places
from tests.bench.stories import COLUMNS, GOODS, PENDING, STORIES, Rows, World

VERSION = 7
BLANK = "desk_bench_blank"
CHUNK = 5_000  # cases a COPY
# Due cases of a measurement live in a time of their own, where nothing of the seed is due.
THEN = datetime(2020, 6, 1, 4, 0, tzinfo=UTC)
SAMPLE = (
    "a case shows the earliest deadline that runs",
    "an open case runs under the deadlines that its state starts",
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


def use(name: str) -> None:
    """Work on another database of the same server."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def ready(name: str, cases: int) -> bool:
    """Have the database with so many cases, sown today; answers whether it was sown anew."""
    mark = f"{VERSION} {cases} {timezone.localdate()} {_schema()}"
    with psycopg.connect(os.environ["BENCH_SERVER"], autocommit=True) as server:
        if _marked(server, name) == mark:
            use(name)
            return False
        _blank(server)
        _create(server, name, BLANK)
        use(name)
        sow(cases)
        sandbox.reset()  # it knows the payments of the database that was here before
        server.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")
    return True


def _blank(server: psycopg.Connection) -> None:
    """Have the bare schema, from which databases are copied: migrating takes longer than a small seed."""
    if _marked(server, BLANK) != _schema():
        _create(server, BLANK, "template0")
        use(BLANK)
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        server.execute(f"COMMENT ON DATABASE {BLANK} IS '{_schema()}'")


def _create(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _marked(server: psycopg.Connection, name: str) -> str | None:
    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found = server.execute(asked, [name]).fetchone()
    return found[0] if found else None


def _schema() -> str:
    """What the migrations come to; other tables, another seed."""
    files = sorted(places.BASE.glob("*/migrations/0*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


# What a sown row leaves out is as in a row that nothing has happened to.
PLAIN = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name, column_name, CASE
            WHEN column_name = 'given_as' THEN quote_literal('money')
            WHEN data_type IN ('character varying', 'text') THEN quote_literal('')
            WHEN data_type = 'boolean' THEN 'false' ELSE '0' END AS value
        FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
          AND table_name IN ('orders_order', 'orders_orderline', 'orders_payment', 'aftersales_case',
              'aftersales_caseline', 'aftersales_round', 'aftersales_offer', 'aftersales_refund')
          AND data_type IN ('character varying', 'text', 'boolean', 'numeric', 'integer', 'smallint')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s', c.table_name, c.column_name, c.value);
    END LOOP;
END $$
"""


def sow(cases: int) -> None:
    """Make people, load cases."""
    with connection.cursor() as cursor:
        cursor.execute(APART)
        cursor.execute(PLAIN)
    people.staff()
    world = people.world_at(timezone.localtime().replace(second=0, microsecond=0))
    indexes = _without_indexes()
    _load(world, cases)
    name_everybody()
    for index in indexes:
        _execute(index)
    _execute(BOARD)
    _execute(BOOKS)
    ClockBeat.objects.update_or_create(pk=1, defaults={"beat_at": timezone.now()})
    _execute("VACUUM (ANALYZE)")


def calm() -> None:
    """Move what measurements of before left due into the future: a desk whose clock runs has nothing overdue."""
    while sweeps.fold_board():
        pass
    _execute(CALM)
    _execute("VACUUM (ANALYZE) aftersales_case, aftersales_deadline, aftersales_boardcount, aftersales_boarddelta")


def name_everybody() -> None:
    """Names of orders and buyers as their triggers keep them, which look away while rows are sown."""
    _execute(NAMES)


def recount() -> None:
    """Count the board anew, the trigger that keeps it switched on."""
    _execute("ALTER TABLE aftersales_case ENABLE TRIGGER case_board_update")
    _execute("TRUNCATE aftersales_boardcount, aftersales_boarddelta")
    _execute(BOARD)


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
    _execute(STAGED_BOARD % (staged.first, staged.last))
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
    """Write rows and COPY them, triggers and foreign keys looking away."""
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
        cursor.execute(INDEXES, [[*COLUMNS, "orders_personname"]])
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


# The ids of each table lie a hundred million apart.
APART = """
CREATE SEQUENCE bench_number;
SELECT setval('aftersales_case_number', 1900000000);
SELECT setval(pg_get_serial_sequence(c.table_name, 'id'), 2000000000 + 100000000 * row_number() OVER (ORDER BY c.table_name))
FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'id' AND c.is_identity = 'YES' AND c.data_type = 'bigint'
"""
INDEXES = """
SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relname = ANY(%s) AND NOT x.indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = x.indexrelid)
"""
BOARD = """
INSERT INTO aftersales_boardcount (kind, status, subject, count)
SELECT side.kind, c.status, side.subject, count(*) FROM aftersales_case c CROSS JOIN LATERAL (
    VALUES ('day', (opened_on - date '1970-01-01')::bigint), ('assignee', coalesce(assignee_id, 0)), ('merchant', merchant_id)
) AS side (kind, subject) WHERE c.status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3
"""
STAGED_BOARD = """
INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, count(*) FROM aftersales_case
WHERE id >= 600000000 + %s AND id < 600000000 + %s AND status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3, 4
"""
# What was promised and paid before, one entry a merchant.
BOOKS = """
WITH sums AS (
    SELECT r.merchant_id, side.kind, side.account, sum(r.amount) AS amount FROM aftersales_refund r
    JOIN (VALUES ('intended', 'refunds_due', 'awaiting_release'), ('paid', 'gateway', 'succeeded'))
        AS side (kind, account, status) ON side.status = r.status GROUP BY 1, 2, 3
), entries AS (
    INSERT INTO orders_entry (kind, reference, posted_at) SELECT kind, 'bench-' || merchant_id, now() FROM sums
    RETURNING id, kind, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT e.id, side.account, s.merchant_id, 'CNY', side.amount FROM entries e
JOIN sums s ON s.kind = e.kind AND e.reference = 'bench-' || s.merchant_id
CROSS JOIN LATERAL (VALUES ('merchant', s.amount), (s.account, -s.amount)) AS side (account, amount)
"""
NAMES = """
INSERT INTO orders_personname (text)
(SELECT receiver_name FROM orders_order UNION SELECT name FROM orders_buyer) EXCEPT SELECT text FROM orders_personname
"""
CALM = """
SET session_replication_role = replica;
UPDATE aftersales_deadline SET due_at = due_at + interval '8 years' WHERE status = 'pending' AND due_at < '2021-01-01';
UPDATE aftersales_case SET due_at = due_at + interval '8 years' WHERE closed_at IS NULL AND due_at < '2021-01-01';
SET session_replication_role = origin
"""
