"""What the code asks of the database, recorded once and then repeated in bare psycopg with other ids."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection

from tests.bench.data.columns import BUYER, CASE, LINE, ORDER, PAYMENT

COMMIT = "COMMIT"
SMALLEST_ID = BUYER
ID = re.compile(r"(?<![\d.])\d{9,12}(?!\d)")
HEX = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass
class Step:
    """One statement as it was sent, and the rows that came back; or a commit."""

    sql: str
    params: Sequence[Any] = ()
    rows: list[tuple[Any, ...]] = field(default_factory=list)


@contextmanager
def recorded(*, savepoints: bool = False) -> Iterator[list[Step]]:
    """Statements and commits of a block; savepoints are Django's own and left out."""
    steps: list[Step] = []
    commit = connection._commit

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if savepoints or "SAVEPOINT" not in sql:
            steps.append(Step(sql, params or (), _fetched(context["cursor"])))
        return result

    def note_commit() -> None:
        commit()
        steps.append(Step(COMMIT))

    connection._commit = note_commit
    try:
        with connection.execute_wrapper(note):
            yield steps
    finally:
        connection._commit = commit


def _fetched(cursor: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement, without taking them from whoever asked."""
    if cursor.description is None:
        return []
    rows = cursor.fetchall()
    if rows:
        cursor.scroll(0, mode="absolute")
    return rows


def ids_of(n: int, other: int) -> dict[Any, Any]:
    """Ids of one seeded case and its order, to those of another."""
    same = {base + n: base + other for base in (ORDER, PAYMENT, CASE)}
    return same | {LINE + 2 * n: LINE + 2 * other, BUYER + n // 2: BUYER + other // 2}


def repeat(bare: psycopg.Connection, steps: Sequence[Step], known: dict[Any, Any]) -> None:
    """Send the statements again with the ids of `known`; ids that the database gave then are those it gives now."""
    for step in steps:
        if step.sql == COMMIT:
            bare.commit()
            continue
        cursor = bare.execute(step.sql, [_mapped(value, known) for value in step.params])
        if step.rows:
            _learn(step.rows, cursor.fetchall(), known)
    bare.commit()


def _mapped(value: Any, known: dict[Any, Any]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)([_mapped(each, known) for each in value])
    if isinstance(value, str) and value not in known:
        # Ids stand in JSON and in numbers of cases; numbers of refunds are made by Python, so each turn has its own.
        text = ID.sub(lambda found: str(known.get(int(found[0]), found[0])), value)
        return HEX.sub(lambda found: known.setdefault(found[0], uuid4().hex), text)
    return known.get(value, value) if isinstance(value, int | str | UUID) else value


def _learn(then: Sequence[tuple[Any, ...]], now: Sequence[tuple[Any, ...]], known: dict[Any, Any]) -> None:
    if len(then) != len(now):
        raise AssertionError(f"{len(then)} rows were found when this was recorded, now {len(now)}")
    for old_row, new_row in zip(then, now, strict=True):
        for old, new in zip(old_row, new_row, strict=True):
            if old != new and (isinstance(old, str) or (isinstance(old, int) and old >= SMALLEST_ID)):
                known[old] = new
