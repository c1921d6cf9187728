"""The sandbox bank itself: refunds once per number, within what was captured, and sends notices of it."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from orders import money
from orders.gateways.base import RefundRequest
from orders.gateways.sandbox import books

Answer = dict[str, str]

_STATUS_CODES: Final = {
    "succeeded": "SUCCESS",
    "accepted": "PROCESSING",
    "failed": "ABNORMAL",
    "reversed": "REVERSED",
    "declined": "NOT_FOUND",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a refund will go; by default it succeeds at once, with `queries` only after that many questions."""

    declines: bool = False
    queries: int = 0
    ends: str = "succeeded"
    reverse_after: float | None = None
    notices: int = 1


def refund(file: sqlite3.Connection, request: RefundRequest, planned: Callable[[], Plan]) -> Answer:
    """Give back once per number; a repeat gets the first answer, another sum under the same number is refused."""
    known = _count_attempt(file, request.number)
    # Declined is not final: after a top-up the same number may be sent again.
    if known is not None and known["status"] != "declined":
        return _repeat(known, request)
    plan = planned()
    refusal = ("NOT_ENOUGH", "The balance is too low.") if plan.declines else _refusal(file, request)
    if refusal:
        _record(file, request, plan, "declined")
        return {"number": request.number, "status": "DECLINED", "code": refusal[0], "message": refusal[1]}
    row = _record(file, request, plan, "accepted")
    _move_balance(file, row, -row["amount"])
    if not plan.queries:
        row = _finish(file, row, plan.notices)
    return _answer(row)


def ask(file: sqlite3.Connection, number: str, notices: Callable[[], int]) -> Answer:
    """Answer what became of a number; a declined one is not found, as with real gateways."""
    row = find(file, number)
    if row is None or row["status"] == "declined":
        return {"number": number, "status": "NOT_FOUND", "code": "NOT_FOUND"}
    if row["status"] == "accepted":
        file.execute("UPDATE refund SET queries_left = queries_left - 1 WHERE number = ?", [number])
        if row["queries_left"] <= 1:
            row = _finish(file, row, notices())
    return _answer(row)


def reverse(number: str) -> None:
    """Take a paid refund back, as an issuing bank may days later; LookupError if it is not paid."""
    with books.transaction() as file:
        row = find(file, number)
        if row is None or row["status"] != "succeeded":
            raise LookupError(number)
        _reverse(file, row)


def find(file: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    """The refund with this number, as the bank has it."""
    row: sqlite3.Row | None = file.execute("SELECT * FROM refund WHERE number = ?", [number]).fetchone()
    return row


def _count_attempt(file: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    file.execute("UPDATE refund SET attempts = attempts + 1 WHERE number = ?", [number])
    return find(file, number)


def _refusal(file: sqlite3.Connection, request: RefundRequest) -> tuple[str, str] | None:
    if not request.payment_reference:
        return "PAYMENT_UNKNOWN", "A payment reference is needed."
    used, currency = _used(file, request)
    if currency not in (None, request.currency):
        return "CURRENCY_MISMATCH", f"The payment is in {currency}."
    wanted = money.to_minor(request.amount, request.currency)
    if used + wanted > money.to_minor(request.captured, request.currency):
        return "EXCEEDS_CAPTURED", "More than was captured."
    return ("NOT_ENOUGH", "The balance is too low.") if _exceeds_balance(file, request, wanted) else None


def _exceeds_balance(file: sqlite3.Connection, request: RefundRequest, wanted: int) -> bool:
    balance = file.execute(
        "SELECT amount FROM balance WHERE (merchant, currency) = (?, ?)", [request.merchant, request.currency]
    ).fetchone()
    # A merchant without a row has no limit.
    return balance is not None and balance["amount"] < wanted


def _used(file: sqlite3.Connection, request: RefundRequest) -> tuple[int, str | None]:
    """Minor units that go back along the payment already, and in which currency."""
    row: sqlite3.Row = file.execute(
        "SELECT COALESCE(SUM(amount), 0), MIN(currency) FROM refund"
        " WHERE payment_reference = ? AND status IN ('accepted', 'succeeded')",
        [request.payment_reference],
    ).fetchone()
    return row[0], row[1]


def _record(file: sqlite3.Connection, request: RefundRequest, plan: Plan, status: str) -> sqlite3.Row:
    reverse_at = None if plan.reverse_after is None else time.time() + plan.reverse_after
    row: sqlite3.Row = file.execute(
        "INSERT INTO refund (number, payment_reference, merchant, currency, amount, status, reference, attempts,"
        " created, queries_left, ends, reverse_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)"
        " ON CONFLICT (number) DO UPDATE SET payment_reference = excluded.payment_reference,"
        " merchant = excluded.merchant, currency = excluded.currency, amount = excluded.amount,"
        " status = excluded.status, queries_left = excluded.queries_left, ends = excluded.ends,"
        " reverse_at = excluded.reverse_at RETURNING *",
        [
            request.number,
            request.payment_reference,
            request.merchant,
            request.currency,
            money.to_minor(request.amount, request.currency),
            status,
            f"sandbox-{request.number}",
            books.now(),
            plan.queries,
            plan.ends,
            reverse_at,
        ],
    ).fetchone()
    return row


def _finish(file: sqlite3.Connection, row: sqlite3.Row, notices: int) -> sqlite3.Row:
    """End an accepted refund as planned: paid, or failed with the money back in the balance."""
    if row["ends"] == "succeeded":
        _post(file, "refund", row, row["amount"])
    else:
        _move_balance(file, row, row["amount"])
    return _end(file, row, row["ends"], notices)


def reverse_late(file: sqlite3.Connection) -> None:
    """Take back the paid refunds whose planned reversal is due."""
    # Not before the notice of the payment was fetched, so that a client hears of both in their order.
    rows = file.execute(
        "SELECT * FROM refund WHERE status = 'succeeded' AND reverse_at <= ?"
        " AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.number = refund.number AND NOT delivered)",
        [time.time()],
    ).fetchall()
    for row in rows:
        _reverse(file, row)


def _reverse(file: sqlite3.Connection, row: sqlite3.Row) -> None:
    _post(file, "reversal", row, -row["amount"])
    _move_balance(file, row, row["amount"])
    _end(file, row, "reversed", notices=1)


def _end(file: sqlite3.Connection, row: sqlite3.Row, status: str, notices: int) -> sqlite3.Row:
    file.executemany(
        "INSERT INTO notice (event_id, number, kind, at) VALUES (?, ?, ?, ?)",
        [[f"{row['number']}:{status}", row["number"], status, books.now()]] * notices,
    )
    ended: sqlite3.Row = file.execute(
        "UPDATE refund SET status = ? WHERE number = ? RETURNING *", [status, row["number"]]
    ).fetchone()
    return ended


def _post(file: sqlite3.Connection, kind: str, row: sqlite3.Row, minor: int) -> None:
    file.execute(
        "INSERT INTO ledger (at, kind, number, merchant, currency, amount) VALUES (?, ?, ?, ?, ?, ?)",
        [books.now(), kind, row["number"], row["merchant"], row["currency"], minor],
    )


def _move_balance(file: sqlite3.Connection, row: sqlite3.Row, minor: int) -> None:
    file.execute(
        "UPDATE balance SET amount = amount + ? WHERE (merchant, currency) = (?, ?)",
        [minor, row["merchant"], row["currency"]],
    )


def _repeat(row: sqlite3.Row, request: RefundRequest) -> Answer:
    asked = (request.payment_reference, request.currency, money.to_minor(request.amount, request.currency))
    if asked != (row["payment_reference"], row["currency"], row["amount"]):
        message = "The number belongs to another refund."
        return {"number": request.number, "status": "NUMBER_REUSED", "code": "NUMBER_REUSED", "message": message}
    answer = _answer(row)
    return {**answer, "code": "REPEAT"} if row["status"] in ("succeeded", "accepted") else answer


def _answer(row: sqlite3.Row) -> Answer:
    code = _STATUS_CODES[row["status"]]
    return {
        "number": row["number"],
        "status": code,
        "code": code,
        "amount": str(money.from_minor(row["amount"], row["currency"])),
        "currency": row["currency"],
        "reference": row["reference"],
    }
