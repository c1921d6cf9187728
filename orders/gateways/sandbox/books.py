"""The sandbox bank's own books: a SQLite file that no transaction of ours can roll back.

Every call opens its own connection and takes the write lock at once, so threads, forks and kill -9 leave whole
transactions only. Sums are stored in minor units. Nothing here is read by the product except through the gateway.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.conf import settings

from orders import money

_VERSION: Final = 1
_LOCK_SECONDS: Final = 30.0

_SCHEMA: Final = (
    """CREATE TABLE refund (
        number TEXT PRIMARY KEY, payment_reference TEXT NOT NULL, merchant TEXT NOT NULL, currency TEXT NOT NULL,
        amount INTEGER NOT NULL CHECK (amount > 0),
        status TEXT NOT NULL CHECK (status IN ('declined', 'accepted', 'succeeded', 'failed', 'reversed')),
        reference TEXT NOT NULL, attempts INTEGER NOT NULL, created TEXT NOT NULL,
        queries_left INTEGER NOT NULL DEFAULT 0, ends TEXT NOT NULL DEFAULT 'succeeded', reverse_at REAL)""",
    "CREATE INDEX refund_of_payment ON refund (payment_reference)",
    """CREATE TABLE ledger (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL,
        merchant TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX ledger_once ON ledger (number, kind) WHERE kind <> 'top_up'",
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    """CREATE TABLE balance (
        merchant TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0),
        PRIMARY KEY (merchant, currency))""",
    """CREATE TABLE notice (
        id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL,
        at TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX notice_waiting ON notice (id) WHERE NOT delivered",
    "CREATE INDEX notice_of_refund ON notice (number)",
    """CREATE TABLE fault (
        name TEXT PRIMARY KEY, share REAL NOT NULL, times INTEGER, parameter REAL, origin TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund as the bank has it; `attempts` are the calls that reached its books."""

    number: str
    payment_reference: str
    merchant: str
    amount: Decimal
    currency: str
    status: str
    attempts: int
    created: datetime


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    """Open the books for writing; all of it is stored, or nothing if the block raises or the process dies."""
    books = _open()
    try:
        books.execute("BEGIN IMMEDIATE")
        yield books
        books.execute("COMMIT")
    finally:
        books.close()


def path() -> Path:
    """Where the file is: SANDBOX_STORE, or var/sandbox.sqlite3."""
    return Path(getattr(settings, "SANDBOX_STORE", None) or settings.BASE_DIR / "var" / "sandbox.sqlite3")


def now() -> str:
    """The bank's own time in UTC, as it is stored."""
    return datetime.now(UTC).isoformat()


def top_up(merchant: str, amount: Decimal, currency: str = "CNY") -> None:
    """Add to what a merchant can give back; one without limit stays so."""
    minor = money.to_minor(amount, currency)
    with transaction() as books:
        books.execute(
            "UPDATE balance SET amount = amount + ? WHERE (merchant, currency) = (?, ?)", [minor, merchant, currency]
        )
        books.execute(
            "INSERT INTO ledger (at, kind, number, merchant, currency, amount) VALUES (?, 'top_up', '', ?, ?, ?)",
            [now(), merchant, currency, minor],
        )


def set_balance(merchant: str, amount: Decimal | None, currency: str = "CNY") -> None:
    """Limit what a merchant can give back; None takes the limit away."""
    with transaction() as books:
        books.execute("DELETE FROM balance WHERE (merchant, currency) = (?, ?)", [merchant, currency])
        if amount is not None:
            books.execute(
                "INSERT INTO balance (merchant, currency, amount) VALUES (?, ?, ?)",
                [merchant, currency, money.to_minor(amount, currency)],
            )


def balances() -> dict[tuple[str, str], Decimal]:
    """What the limited merchants can still give back, by (merchant, currency)."""
    with transaction() as books:
        rows = books.execute("SELECT * FROM balance ORDER BY merchant, currency").fetchall()
    return {(row["merchant"], row["currency"]): money.from_minor(row["amount"], row["currency"]) for row in rows}


def ledger_totals() -> dict[str, Decimal]:
    """What went to buyers less what was taken back, by currency."""
    with transaction() as books:
        rows = books.execute(
            "SELECT currency, SUM(amount) AS total FROM ledger WHERE kind IN ('refund', 'reversal') GROUP BY currency"
        ).fetchall()
    return {row["currency"]: money.from_minor(row["total"], row["currency"]) for row in rows}


def ledger_total(currency: str | None = None) -> Decimal:
    """What went to buyers in one currency; without a name the only one there is, ValueError if there are more."""
    totals = ledger_totals()
    if currency is not None:
        return totals.get(currency, Decimal(0))
    if len(totals) > 1:
        raise ValueError(f"name one of the currencies {', '.join(sorted(totals))}: they cannot be added")
    return sum(totals.values(), Decimal(0))


def refund_rows(numbers: Iterable[str] | None = None) -> list[RefundRow]:
    """The refunds with these numbers, or all, in the order in which they were made."""
    wanted = "" if numbers is None else " WHERE number IN (SELECT value FROM json_each(?))"
    with transaction() as books:
        rows = books.execute(
            f"SELECT * FROM refund{wanted} ORDER BY created, number",  # noqa: S608 -- a constant, no input
            [] if numbers is None else [json.dumps(list(numbers))],
        ).fetchall()
    return [_refund_row(row) for row in rows]


def latest_rows(limit: int) -> list[RefundRow]:
    """The newest refunds, newest first."""
    with transaction() as books:
        rows = books.execute("SELECT * FROM refund ORDER BY rowid DESC LIMIT ?", [limit]).fetchall()
    return [_refund_row(row) for row in rows]


def _refund_row(row: sqlite3.Row) -> RefundRow:
    return RefundRow(
        row["number"],
        row["payment_reference"],
        row["merchant"],
        money.from_minor(row["amount"], row["currency"]),
        row["currency"],
        row["status"],
        row["attempts"],
        datetime.fromisoformat(row["created"]),
    )


def reset() -> None:
    """Begin anew, without refunds, ledger, balances, notices or faults."""
    with transaction() as books:
        _create(books)


def _open() -> sqlite3.Connection:
    path().parent.mkdir(parents=True, exist_ok=True)
    # Python begins no transactions of its own: each call takes the write lock first, and never upgrades a read lock.
    books = sqlite3.connect(path(), timeout=_LOCK_SECONDS, isolation_level=None)
    try:
        _configure(books)
    except BaseException:
        books.close()
        raise
    return books


def _configure(books: sqlite3.Connection) -> None:
    books.row_factory = sqlite3.Row
    # The death of a process loses nothing that was written; only of a machine, and no real money is here.
    books.execute("PRAGMA synchronous = OFF")
    if books.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        _prepare(books)


def _prepare(books: sqlite3.Connection) -> None:
    _write_ahead(books)
    books.execute("BEGIN IMMEDIATE")
    # Asked again under the lock: another process may have made the tables meanwhile.
    if books.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        _create(books)
    books.execute("COMMIT")


def _write_ahead(books: sqlite3.Connection) -> None:
    # SQLite does not wait for its lock on this change, unlike on any other.
    give_up = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            books.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _create(books: sqlite3.Connection) -> None:
    tables = books.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for table in tables:
        books.execute(f'DROP TABLE "{table["name"]}"')
    for statement in _SCHEMA:
        books.execute(statement)
    books.execute(f"PRAGMA user_version = {_VERSION}")
