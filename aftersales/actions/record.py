"""Writes what moves have decided: cases, events, deadlines, notices, in one statement for one case or a thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.db import models
from psycopg import sql

from aftersales.actions.deadlines import Plan, Started
from aftersales.models import Case
from aftersales.rules import event_data
from aftersales.rules.vocabulary import Role
from orders import receipt, statements


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
    before: Mapping[str, Any] = field(default_factory=dict)  # the case as it was locked, where that is known


CASE = {
    "status": "text",
    "type": "text",
    "version": "int",
    "round_number": "int",
    "subject": "text",
    "description": "text",
    "reason_id": "bigint",
    "fault": "text",
    "freight_payer": "text",
    "outbound_payer": "text",
    "freight_rule": "text",
    "goods_state": "text",
    "given_as": "text",
    "change": "text",
    "dispatches_first": "boolean",
    "replacement_failed_at": "timestamptz",
    "choice_offered_at": "timestamptz",
    "instant_at": "timestamptz",
    "advanced_at": "timestamptz",
    "requested_amount": "numeric",
    "freight_held": "numeric",
    "freight_settled": "numeric",
    "agreed_amount": "numeric",
    "return_freight_amount": "numeric",
    "return_address_id": "bigint",
    "reject_reason_id": "bigint",
    "reject_note": "text",
    "close_reason": "text",
    "ruling": "text",
    "liable_party": "text",
    "moved_at": "timestamptz",
    "first_reply_at": "timestamptz",
    "approved_at": "timestamptz",
    "clock_approved_at": "timestamptz",
    "breached_at": "timestamptz",
    "closed_at": "timestamptz",
    "reopened_count": "int",
    "due_at": "timestamptz",
    "due_kind": "text",
}
EVENT = {
    "case_id": "bigint",
    "happened_at": "timestamptz",
    "action": "text",
    "role": "text",
    "user_id": "bigint",
    "from_status": "text",
    "to_status": "text",
    "version": "int",
    "why": "text",
    "data": "jsonb",
}
CHANGED = {
    "status": "text",
    "due_at": "timestamptz",
    "left": "interval",
    "pause_count": "int",
    "ended_at": "timestamptz",
}
STARTED = {
    "case_id": "bigint",
    "kind": "text",
    "started_at": "timestamptz",
    "due_at": "timestamptz",
    "policy_id": "bigint",
    "calendar_version": "text",
}
NOTICE = {"case_id": "bigint", "recipient": "text", "action": "text", "version": "int", "due_at": "timestamptz"}


def _source(columns: dict[str, str]) -> sql.Composed:
    """Rows of one JSON array: read faster, and written far faster, than an array for each column."""
    typed = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()]
    return sql.SQL("json_to_recordset(%s::json) AS n ({})").format(sql.SQL(", ").join(typed))


def _names(columns: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def _set(columns: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(sql.Identifier(name)) for name in columns)


ALL_COLUMNS = tuple(CASE)
BATCH_FROM = 20  # moves
CHANGED_AND_ID = {"id": "bigint", **CHANGED}


@lru_cache(maxsize=64)
def _statement(columns: tuple[str, ...]) -> str:
    """The writing statement, for so many columns of the case."""
    written = {name: CASE[name] for name in columns}
    return (
        sql.SQL(WRITE)
        .format(
            case_set=_set(written),
            case_rows=_source({"id": "bigint", **written}),
            event=_names(EVENT),
            event_rows=_source(EVENT),
            changed_set=_set(CHANGED),
            changed_rows=_source(CHANGED_AND_ID),
            started=_names(STARTED),
            started_rows=_source(STARTED),
            notice=_names(NOTICE),
            notice_rows=_source(NOTICE),
        )
        .as_string()
    )


WRITE = """
        WITH moved AS (
            UPDATE aftersales_case c SET {case_set} FROM {case_rows} WHERE c.id = n.id RETURNING c.id
        ), logged AS (
            INSERT INTO aftersales_event ({event}) SELECT {event} FROM {event_rows}
        ), changed AS (
            UPDATE aftersales_deadline d SET {changed_set} FROM {changed_rows} WHERE d.id = n.id
        ), started AS (
            INSERT INTO aftersales_deadline ({started}, status, pause_count, extension_count, tries, last_error)
            SELECT {started}, 'pending', 0, 0, 0, '' FROM {started_rows}
        ), told AS (
            INSERT INTO aftersales_notice ({notice}, status, tries, last_error)
            SELECT {notice}, 'pending', 0, '' FROM {notice_rows}
        )
        SELECT count(*) FROM moved
"""


def write(steps: Sequence[Step], *, at: datetime) -> None:
    """Store the moves; orders whose last case ended go on counting towards their receipt."""
    if not steps:
        return
    columns = _written_columns(steps)
    statements.rows(_statement(columns), [_json(rows) for rows in _rows(steps, columns, at)])
    ended = [step.case.order_id for step in steps if step.from_status and not step.case.is_open]
    if ended:
        held = set(Case.objects.filter(order_id__in=ended, closed_at__isnull=True).values_list("order_id", flat=True))
        receipt.resume([order_id for order_id in ended if order_id not in held], at=at)


def _written_columns(steps: Sequence[Step]) -> tuple[str, ...]:
    """What a batch has changed; a single move writes all, by a statement that the server knows already."""
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
        [_notice(step, role, at) for step in steps for role in step.tells],
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
        "data": event_data.checked(step.action, step.data),
    }


def _notice(step: Step, role: Role, at: datetime) -> dict[str, Any]:
    case = step.case
    return {"case_id": case.pk, "recipient": role, "action": step.action, "version": case.version, "due_at": at}


def _plain(value: object) -> str:
    """Spans as PostgreSQL reads them; amounts as texts, which lose nothing."""
    return f"{value.total_seconds()} seconds" if isinstance(value, timedelta) else str(value)
