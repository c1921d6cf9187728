"""Deadlines extended by people, with a reason."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.models import Case
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
    # Only a supervisor names the days; what others send beside their reason is ignored, not refused.
    step = case.policy.extension_days if days is None or context.role != Role.SUPERVISOR else days
    if not 0 < step <= 30:
        raise Refused(_("An extension is between 1 and 30 days."))
    running = next(
        each for each in context.live if each.kind == case.due_kind and each.status == DeadlineStatus.PENDING
    )
    data = {"kind": running.kind, "from": running.due_at.isoformat(), "days": step}
    running.due_at += timedelta(days=step)
    running.extension_count += 1
    running.save(update_fields=["due_at", "extension_count"])
    return Outcome(data=data)
