"""What is put on the record of a case without moving it: its opening, what another case did to it, other acts."""

from datetime import datetime
from typing import Any

from aftersales import moves
from aftersales.actions import deadlines, record
from aftersales.actions.effects import Linked
from aftersales.actions.plain_event import put as put
from aftersales.models import Case
from aftersales.moves import acts
from aftersales.rules.actor import Actor
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import DeadlineKind, Role


def opened(
    case: Case, *, role: Role, by: Actor, at: datetime, calendar: Calendar, data: dict[str, Any] | None = None
) -> None:
    """The first event and the first deadlines of a case that has just been stored, by the calendar of its shop."""
    plan = deadlines.plan(case, [], at=at, calendar=calendar)
    plan.started.append(deadlines.start(case, DeadlineKind.FIRST_REPLY, at=at, calendar=calendar))
    deadlines.refresh_due(case, plan, at=at)
    tells = acts.APPLY.tells
    step = record.Step(case, "apply", role, by.user_id, "", case.description, data or {}, plan, tells=tells)
    record.write([step], at=at)


def linked(case: Case, link: Linked, *, by: Actor, at: datetime, why: str = "", is_new: bool = False) -> None:
    """What the move of another case did to this one, which stays in its state: it continues it, or takes it over."""
    before = "" if is_new else case.status
    if not is_new:
        case.version += 1
        case.moved_at = at
    deadlines.refresh_due(case, link.plan, at=at)
    data, tells = dict(link.data), moves.EVERY[link.action].tells
    step = record.Step(case, link.action, link.role, by.user_id, before, why, data, link.plan, tells=tells)
    record.write([step], at=at)
