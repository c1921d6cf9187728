"""Deadlines moved by people: extended with a reason, or by an outage."""

from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.models import Case, Outage
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import DeadlineStatus, Role
from orders.refusals import Refused


@gate.transactional
def extend(
    case_id: int, *, by: Actor, at: datetime, why: str, days: int | None = None, version: int | None = None
) -> Case:
    """Move the running deadline by the policy's step; a supervisor may name other days (at most 30)."""
    if not why.strip():
        raise Refused(_("Say why more time is needed."))
    return gate.move(case_id, "extend", effect=partial(_extend, days), by=by, at=at, version=version, why=why)


def _extend(days: int | None, case: Case, context: MoveContext) -> Outcome:
    step = case.policy.extension_days if days is None or context.role != Role.SUPERVISOR else days
    if not 0 < step <= 30:
        raise Refused(_("An extension is between 1 and 30 days."))
    running = next(
        each for each in context.live if each.kind == case.due_kind and each.status == DeadlineStatus.PENDING
    )
    told = {"kind": running.kind, "from": running.due_at.isoformat(), "days": step}
    running.due_at += timedelta(days=step)
    running.extension_count += 1
    running.save(update_fields=["due_at", "extension_count"])
    return Outcome(data=told)


@gate.transactional
def declare_outage(
    *, started_at: datetime, ended_at: datetime, reason: str, user_id: int | None, at: datetime
) -> Outage:
    """People could not reach us between two moments: deadlines that ran then move by that time.

    Applied by `apply_outage` before the clock acts again.
    """
    if not started_at < ended_at <= at:
        raise Refused(_("An outage starts before it ends, and has ended."))
    return Outage.objects.create(started_at=started_at, ended_at=ended_at, reason=reason, declared_by_id=user_id)


@gate.transactional
def apply_outage(outage: Outage, *, at: datetime) -> int:
    """Move every running deadline by the time it lost; answers how many. Done once per outage."""
    fresh = Outage.objects.select_for_update().get(pk=outage.pk)
    if fresh.applied_at is not None or fresh.ended_at is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CASES, [fresh.started_at])
        moved = sum(_move(cursor, started_at, ended_at) for started_at, ended_at in _not_counted_yet(fresh))
        cursor.execute(SHOW_ON_CASES)
    Outage.objects.filter(pk=fresh.pk).update(applied_at=at, moved_count=F("moved_count") + moved)
    return moved


def _move(cursor: CursorWrapper, started_at: datetime, ended_at: datetime) -> int:
    cursor.execute(MOVE_DEADLINES, [ended_at, started_at, started_at, ended_at])
    return cursor.rowcount


def _not_counted_yet(outage: Outage) -> list[tuple[datetime, datetime]]:
    """Stretches of an outage that no other one has moved deadlines for, in order: each may move into the next."""
    others = Outage.objects.filter(applied_at__isnull=False, ended_at__gt=outage.started_at)
    left, begins = [], outage.started_at
    ended_at = outage.ended_at or outage.started_at
    for other in others.filter(started_at__lt=ended_at).order_by("started_at"):
        if begins < other.started_at:
            left.append((begins, other.started_at))
        begins = max(begins, other.ended_at or begins)
    if begins < ended_at:
        left.append((begins, ended_at))
    return left


# What the platform owes is not put off by its own outage: refunds and first replies stay due.
LOCK_CASES = """
SELECT c.id FROM aftersales_case c JOIN aftersales_deadline d ON d.case_id = c.id AND d.status = 'pending'
WHERE d.due_at > %s ORDER BY c.id FOR UPDATE OF c
"""
MOVE_DEADLINES = """
UPDATE aftersales_deadline SET due_at = due_at + (%s - greatest(started_at, %s))
WHERE status = 'pending' AND kind NOT IN ('refund', 'first_reply') AND due_at > %s AND started_at < %s
"""
SHOW_ON_CASES = """
UPDATE aftersales_case c SET due_at = d.due_at FROM aftersales_deadline d
WHERE d.case_id = c.id AND d.status = 'pending' AND d.kind = c.due_kind AND c.due_at <> d.due_at
"""
