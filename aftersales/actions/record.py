"""Writes what moves have decided: cases, events, deadlines, notices, in one statement for one case or a thousand."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models
from psycopg import sql

from aftersales import moves
from aftersales.actions import standing_requests
from aftersales.actions.deadlines import Plan, Started
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, Deadline, Event, Notice
from aftersales.moves import goods
from aftersales.rules.vocabulary import ENDED, Role
from orders import receipt
from orders.db import statements


@dataclass
class Step:
    """One move of one case, ready to be written."""

    case: Case
    action: str
    role: Role
    user_id: int | None
    from_status: str
    why: str
    data: dict[str, Any]
    plan: Plan = field(default_factory=Plan)
    tells: Sequence[Role] = ()
    people: Sequence[int] = ()  # ids of our own people who are told
    before: Mapping[str, Any] = field(default_factory=dict)  # the case as it was locked, where that is known


def _columns(model: type[models.Model], without: Container[str] = ()) -> dict[str, str]:
    """The columns of a model with their types, but for its id: a new field is written without being listed here."""
    return {
        field.attname: field.db_type(connection) or ""
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in without
    }


def _insertable(model: type[models.Model], given: Iterable[str]) -> tuple[dict[str, str], sql.Composed, sql.Composed]:
    """For an INSERT: the columns whose values are given, all columns that get one, and what each of them gets."""
    types = _columns(model)
    source = {name: types[name] for name in given}
    defaults = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.attname in types and field.attname not in source and field.get_default() is not None
    }
    values = [*map(sql.Identifier, source), *(sql.Literal(_constant(value)) for value in defaults.values())]
    return source, _names([*source, *defaults]), sql.SQL(", ").join(values)


def _constant(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _source(columns: dict[str, str]) -> sql.Composed:
    """Rows of one JSON array: read faster, and written far faster, than an array for each column."""
    typed = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()]
    return sql.SQL("json_to_recordset(%s::json) AS n ({})").format(sql.SQL(", ").join(typed))


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _set(columns: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(sql.Identifier(name)) for name in columns)


# What was settled when the case was applied for, and who works on it: no move changes these.
SETTLED = (
    "number",
    "order",
    "merchant",
    "buyer",
    "currency",
    "policy",
    "applied_by",
    "applied_role",
    "opened_at",
    "opened_on",
)
STAFFING = ("assignee", "assigned_at", "priority", "team")
# What was promised when, and what the sweep notes on the row when it stumbles.
PROMISED = ("case", "kind", "started_at", "policy", "tries", "hold_until", "last_error")

# Everything else is written: a field that is added to the model can not be forgotten here.
CASE = _columns(Case, without=(*SETTLED, *STAFFING))
CHANGED = _columns(Deadline, without=PROMISED)
ALL_COLUMNS = tuple(CASE)
CHANGED_AND_ID = {"id": "bigint", **CHANGED}
BATCH_FROM = 20  # moves
EVENT, EVENT_COLUMNS, EVENT_VALUES = _insertable(Event, _columns(Event))
STARTED, STARTED_COLUMNS, STARTED_VALUES = _insertable(Deadline, [each.name for each in fields(Started)])
# Columns with a default are filled in by the statement, so that rows carry only what differs.
NOTICED = ("case_id", "recipient", "user_id", "action", "version", "due_at")
NOTICE, NOTICE_COLUMNS, NOTICE_VALUES = _insertable(Notice, NOTICED)


@lru_cache(maxsize=64)
def _statement(columns: tuple[str, ...]) -> str:
    """The writing statement, for so many columns of the case."""
    written = {name: CASE[name] for name in columns}
    return (
        sql.SQL(WRITE)
        .format(
            case_set=_set(written),
            case_rows=_source({"id": "bigint", **written}),
            event_columns=EVENT_COLUMNS,
            event_values=EVENT_VALUES,
            event_rows=_source(EVENT),
            changed_set=_set(CHANGED),
            changed_rows=_source(CHANGED_AND_ID),
            started_columns=STARTED_COLUMNS,
            started_values=STARTED_VALUES,
            started_rows=_source(STARTED),
            notice_columns=NOTICE_COLUMNS,
            notice_values=NOTICE_VALUES,
            notice_rows=_source(NOTICE),
        )
        .as_string()
    )


WRITE = """
        WITH moved AS (
            UPDATE aftersales_case c SET {case_set} FROM {case_rows} WHERE c.id = n.id RETURNING c.order_id
        ), logged AS (
            INSERT INTO aftersales_event ({event_columns}) SELECT {event_values} FROM {event_rows}
        ), changed AS (
            UPDATE aftersales_deadline d SET {changed_set} FROM {changed_rows} WHERE d.id = n.id
        ), started AS (
            INSERT INTO aftersales_deadline ({started_columns}) SELECT {started_values} FROM {started_rows}
        ), told AS (
            INSERT INTO aftersales_notice ({notice_columns}) SELECT {notice_values} FROM {notice_rows}
        )
        SELECT a.id FROM aftersales_approvalrequest a JOIN aftersales_case c ON c.id = a.case_id
        WHERE a.status = 'pending' AND c.order_id IN (SELECT order_id FROM moved)
"""


def write(steps: Sequence[Step], *, at: datetime) -> None:
    """Store the moves: nothing before this has been written, but for the rows that effects made.

    1. Cases, events, deadlines and notices, in one statement whatever their number.
    2. It answers which requests for approval wait on these orders: those that ask for what no longer would happen end.
    3. Then receipts, which look at what is open by now: orders whose last case ended go on counting towards theirs.
    4. Goods that an ended case still holds are owed back: whatever ends a case is written here.
    """
    if not steps:
        return
    columns = _written_columns(steps)
    waiting = statements.rows(_statement(columns), [_json(rows) for rows in _rows(steps, columns, at)])
    if waiting:
        moved = {step.case.pk: (step.case, step.action) for step in steps}
        standing_requests.review([row[0] for row in waiting], moved, at)
    # After the statement: whether another case still holds the order up is read from what is now true.
    ended = [step for step in steps if step.from_status and step.from_status not in ENDED and not step.case.is_open]
    if ended:
        _resume_receipts([step.case.order_id for step in ended], at)
        _owe_goods(ended, at)


def _resume_receipts(order_ids: Sequence[int], at: datetime) -> None:
    held = set(Case.objects.filter(order_id__in=order_ids, closed_at__isnull=True).values_list("order_id", flat=True))
    receipt.resume([order_id for order_id in order_ids if order_id not in held], at=at)


def _owe_goods(ended: Sequence[Step], at: datetime) -> None:
    owed, act = goods_owed.owe([step.case for step in ended], at=at), goods.OWE_GOODS
    of = [(step, owed[step.case.pk]) for step in ended if step.case.pk in owed]
    write(
        [Step(s.case, act.name, s.role, s.user_id, s.case.status, "", data, tells=act.tells) for s, data in of], at=at
    )


def _written_columns(steps: Sequence[Step]) -> tuple[str, ...]:
    """What a batch has changed; a single move writes all, by a statement that the server knows already."""
    # A statement for each set of columns would have to be parsed and planned anew for every move.
    if len(steps) < BATCH_FROM:
        return ALL_COLUMNS
    pairs = [(step.before, step.case.__dict__) for step in steps]
    return tuple(name for name in ALL_COLUMNS if any(name not in old or old[name] != new[name] for old, new in pairs))


def _rows(steps: Sequence[Step], columns: Sequence[str], at: datetime) -> list[list[dict[str, Any]]]:
    """Cases, events, changed deadlines, started ones, notices: each as rows of columns by name."""
    case_columns = ("id", *columns)
    return [
        [_picked(step.case, case_columns) for step in steps],
        [_event(step, at) for step in steps],
        [_picked(deadline, CHANGED_AND_ID) for step in steps for deadline in step.plan.changed],
        [_picked(deadline, STARTED) for step in steps for deadline in step.plan.started],
        [notice for step in steps for notice in _notices(step, at)],
    ]


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _picked(row: models.Model | Started, columns: Iterable[str]) -> dict[str, Any]:
    # The attributes themselves: a descriptor a column would take longer than all the rest.
    values = row.__dict__
    return {name: values[name] for name in columns}


def _event(step: Step, at: datetime) -> dict[str, Any]:
    return {
        "case_id": step.case.pk,
        "happened_at": at,
        "action": step.action,
        "role": step.role,
        "user_id": step.user_id,
        "from_status": step.from_status,
        "to_status": step.case.status,
        "version": step.case.version,
        "why": step.why,
        "data": moves.EVERY[step.action].checked(step.data),
    }


def _notices(step: Step, at: datetime) -> Iterator[dict[str, Any]]:
    """One for each party that the move tells, and for each of our people."""
    told = [(role, None) for role in step.tells] + [(Role.SUPERVISOR, person) for person in step.people]
    for recipient, person in told:
        values = (step.case.pk, recipient, person, step.action, step.case.version, at)
        yield dict(zip(NOTICED, values, strict=True))


def _plain(value: object) -> str:
    """Spans as PostgreSQL reads them; amounts as texts, which lose nothing."""
    return f"{value.total_seconds()} seconds" if isinstance(value, timedelta) else str(value)
