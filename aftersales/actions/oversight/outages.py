"""Outages: when people could not reach us, deadlines move by the time that was lost."""

from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import Outage
from orders.refusals import Refused


@gate.transactional
def declare(*, started_at: datetime, ended_at: datetime, reason: str, user_id: int | None, at: datetime) -> Outage:
    """People could not reach us between two moments: deadlines that ran then move by that time.

    Applied by `apply` before the clock acts again.
    """
    if not started_at < ended_at <= at:
        raise Refused(_("An outage starts before it ends, and has ended."))
    return Outage.objects.create(started_at=started_at, ended_at=ended_at, reason=reason, declared_by_id=user_id)


@gate.transactional
def apply(outage: Outage, *, at: datetime) -> int:
    """Move every running deadline by the time it lost; answers how many. Done once per outage."""
    # Two sweeps may find the same outage; the second one waits here and then sees that it was applied.
    fresh = Outage.objects.select_for_update().get(pk=outage.pk)
    if fresh.applied_at is not None or fresh.ended_at is None:
        return 0
    with connection.cursor() as cursor:
        # Cases before deadlines, lowest id first, as everywhere: whoever moves one waits, and no lock is crossed.
        cursor.execute(LOCK_CASES, [fresh.started_at])
        moved = sum(_move(cursor, started_at, ended_at) for started_at, ended_at in _not_counted_yet(fresh))
        cursor.execute(SHOW_ON_CASES)
    Outage.objects.filter(pk=fresh.pk).update(applied_at=at, moved_count=F("moved_count") + moved)
    return moved


def _move(cursor: CursorWrapper, started_at: datetime, ended_at: datetime) -> int:
    cursor.execute(MOVE_DEADLINES, [ended_at, started_at, started_at, ended_at])
    moved = cursor.rowcount
    cursor.execute(MOVE_GOODS_OWED, [ended_at, started_at, started_at, ended_at])
    return moved + cursor.rowcount


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
MOVE_GOODS_OWED = """
UPDATE aftersales_goodsowed SET due_at = due_at + (%s - greatest(created_at, %s))
WHERE outcome = 'waiting' AND due_at > %s AND created_at < %s
"""
SHOW_ON_CASES = """
UPDATE aftersales_case c SET due_at = d.due_at FROM aftersales_deadline d
WHERE d.case_id = c.id AND d.status = 'pending' AND d.kind = c.due_kind AND c.due_at <> d.due_at
"""
