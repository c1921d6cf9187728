"""Writes what moves have decided: cases, events, deadlines, notices, in one statement for one case or a thousand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
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


def _source(columns: dict[str, str]) -> str:
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in columns.values())}) AS n ({_names(columns)})"


def _names(columns: dict[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _set(columns: dict[str, str]) -> str:
    return ", ".join(f'"{name}" = n."{name}"' for name in columns)


WRITE = f"""
WITH moved AS (
    UPDATE aftersales_case c SET {_set(CASE)} FROM {_source({"id": "bigint", **CASE})} WHERE c.id = n.id RETURNING c.id
), logged AS (
    INSERT INTO aftersales_event ({_names(EVENT)}) SELECT {_names(EVENT)} FROM {_source(EVENT)}
), changed AS (
    UPDATE aftersales_deadline d SET {_set(CHANGED)} FROM {_source({"id": "bigint", **CHANGED})} WHERE d.id = n.id
), started AS (
    INSERT INTO aftersales_deadline ({_names(STARTED)}, status, pause_count, extension_count, tries, last_error)
    SELECT {_names(STARTED)}, 'pending', 0, 0, 0, '' FROM {_source(STARTED)}
), told AS (
    INSERT INTO aftersales_notice ({_names(NOTICE)}, status, tries, last_error)
    SELECT {_names(NOTICE)}, 'pending', 0, '' FROM {_source(NOTICE)}
)
SELECT count(*) FROM moved
"""


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
