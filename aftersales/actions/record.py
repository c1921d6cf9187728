"""Writes what moves have decided: cases, events, deadlines, notices, in one statement for one case or a thousand."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from psycopg import sql

from aftersales.actions.deadlines import Plan
from aftersales.models import Case
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
    "goods_state": "text",
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


CASE_AND_ID = {"id": "bigint", **CASE}
CHANGED_AND_ID = {"id": "bigint", **CHANGED}
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=lambda value: _plain(value))
WRITE = (
    sql.SQL(
        """
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
    )
    .format(
        case_set=_set(CASE),
        case_rows=_source(CASE_AND_ID),
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


def write(steps: Sequence[Step], *, at: datetime) -> None:
    """Store the moves; orders whose last case ended go on counting towards their receipt."""
    if not steps:
        return
    statements.rows(WRITE, [ENCODER.encode(rows) for rows in _rows(steps, at)])
    ended = [step.case.order_id for step in steps if step.from_status and not step.case.is_open]
    if ended:
        held = set(Case.objects.filter(order_id__in=ended, closed_at__isnull=True).values_list("order_id", flat=True))
        receipt.resume([order_id for order_id in ended if order_id not in held], at=at)


def _rows(steps: Sequence[Step], at: datetime) -> list[list[dict[str, Any]]]:
    """Cases, events, changed deadlines, started ones, notices: each as rows of columns by name."""
    return [
        [_picked(step.case, CASE_AND_ID) for step in steps],
        [_event(step, at) for step in steps],
        [_picked(deadline, CHANGED_AND_ID) for step in steps for deadline in step.plan.changed],
        [_picked(deadline, STARTED) for step in steps for deadline in step.plan.started],
        [_notice(step, role, at) for step in steps for role in step.tells],
    ]


def _picked(row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
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
        "data": step.data,
    }


def _notice(step: Step, role: Role, at: datetime) -> dict[str, Any]:
    case = step.case
    return {"case_id": case.pk, "recipient": role, "action": step.action, "version": case.version, "due_at": at}


def _plain(value: object) -> str:
    """Moments and spans as PostgreSQL reads them; amounts as texts, which lose nothing."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value.total_seconds()} seconds" if isinstance(value, timedelta) else str(value)
