"""Who works on a case: claimed by an agent, assigned by a supervisor."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import Case, Event, User
from aftersales.models.open_cases import OUR_TURN
from aftersales.rules.actor import Actor
from orders.refusals import Refused


@gate.transactional
def claim_next(agent: User, eligible: QuerySet[Case], *, by: Actor, at: datetime) -> Case | None:
    """Take the case that is due first among those that wait for us and that nobody has; none when all are taken.

    Refused when the agent already has as many open cases as they can carry.
    """
    # One claim of an agent at a time: a double click must not count the same cases twice and take one too many.
    User.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    carried = Case.objects.filter(OUR_TURN, assignee=agent).count()
    if carried >= agent.capacity:
        raise Refused(
            _("You have %(carried)d of %(capacity)d cases: finish one first.")
            % {"carried": carried, "capacity": agent.capacity}
        )
    case = (
        eligible.filter(OUR_TURN, assignee__isnull=True)
        .order_by("due_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if case is not None:
        _give(case, agent, "claim", by=by, at=at)
    return case


@gate.transactional
def assign(case_id: int, agent: User | None, *, by: Actor, at: datetime, why: str = "") -> Case:
    """Give a case to somebody, or to nobody."""
    case = gate.locked(case_id)
    gate.role_to("assign", by, case)
    if not case.is_open:
        raise Refused(_("This case has ended."))
    _give(case, agent, "assign", by=by, at=at, why=why)
    return case


def _give(case: Case, agent: User | None, action: str, *, by: Actor, at: datetime, why: str = "") -> None:
    Case.objects.filter(pk=case.pk).update(assignee=agent)
    case.assignee = agent
    role = gate.role_to(action, by, case)
    Event.objects.create(
        case=case,
        happened_at=at,
        action=action,
        role=role,
        user_id=by.user_id,
        from_status=case.status,
        to_status=case.status,
        version=case.version,
        why=why,
        data={"assignee": str(agent) if agent else ""},
    )
