"""Notices that the sandbox bank keeps until they are acknowledged."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orders import money
from orders.gateways.sandbox import bank, books


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the bank; the same `event_id` may come twice, and again until it is acknowledged."""

    id: int
    event_id: str
    number: str
    kind: str
    amount: Decimal
    currency: str
    merchant: str
    at: datetime


def pull(limit: int = 100) -> list[Notice]:
    """Return what was not acknowledged yet, oldest first."""
    with books.transaction() as file:
        bank.reverse_late(file)
        rows = file.execute(
            "SELECT notice.*, refund.amount, refund.currency, refund.merchant FROM notice"
            " JOIN refund USING (number) WHERE NOT delivered ORDER BY notice.id LIMIT ?",
            [limit],
        ).fetchall()
    return [_notice(row) for row in rows]


def _notice(row: sqlite3.Row) -> Notice:
    return Notice(
        row["id"],
        row["event_id"],
        row["number"],
        row["kind"],
        money.from_minor(row["amount"], row["currency"]),
        row["currency"],
        row["merchant"],
        datetime.fromisoformat(row["at"]),
    )


def acknowledge(ids: Iterable[int]) -> None:
    """Do not return these again."""
    with books.transaction() as file:
        file.executemany("UPDATE notice SET delivered = 1 WHERE id = ?", [[one] for one in ids])
