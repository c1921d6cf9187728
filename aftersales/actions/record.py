"""Writes what moves have decided: cases, events, deadlines, notices, in one statement for one case or a thousand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

from aftersales.actions.deadlines import Plan
from aftersales.models import Case
from aftersales.rules.vocabulary import Role
from orders import receipt


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
    arrays = sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for kind in columns.values())
    return sql.SQL("unnest({}) AS n ({})").format(arrays, _names(columns))


def _names(columns: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def _set(columns: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(sql.Identifier(name)) for name in columns)


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
        case_rows=_source({"id": "bigint", **CASE}),
        event=_names(EVENT),
        event_rows=_source(EVENT),
        changed_set=_set(CHANGED),
        changed_rows=_source({"id": "bigint", **CHANGED}),
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
    with connection.cursor() as cursor:
        cursor.execute(WRITE, _arrays(steps, at))
    ended = [step.case.order_id for step in steps if step.from_status and not step.case.is_open]
    if ended:
        held = set(Case.objects.filter(order_id__in=ended, closed_at__isnull=True).values_list("order_id", flat=True))
        receipt.resume([order_id for order_id in ended if order_id not in held], at=at)


def _arrays(steps: Sequence[Step], at: datetime) -> list[list[Any]]:
    cases = [step.case for step in steps]
    changed = [deadline for step in steps for deadline in step.plan.changed]
    started = [deadline for step in steps for deadline in step.plan.started]
    told = [(step, role) for step in steps for role in step.tells]
    return [
        [case.pk for case in cases],
        *([getattr(case, name) for case in cases] for name in CASE),
        [case.pk for case in cases],
        [at] * len(steps),
        [step.action for step in steps],
        [str(step.role) for step in steps],
        [step.user_id for step in steps],
        [step.from_status for step in steps],
        [case.status for case in cases],
        [case.version for case in cases],
        [step.why for step in steps],
        [Jsonb(step.data) for step in steps],
        [deadline.pk for deadline in changed],
        *([getattr(deadline, name) for deadline in changed] for name in CHANGED),
        *([getattr(deadline, name) for deadline in started] for name in STARTED),
        [step.case.pk for step, _role in told],
        [str(role) for _step, role in told],
        [step.action for step, _role in told],
        [step.case.version for step, _role in told],
        [at] * len(told),
    ]
