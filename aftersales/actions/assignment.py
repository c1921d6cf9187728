"""Who works on a case: claimed by an agent, assigned by a supervisor."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import Case, Event, Team, User
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


@gate.transactional
def take(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Take a case that nobody has; who has it already keeps it. Refused while somebody else has it."""
    case = gate.locked(case_id)
    gate.role_to("claim", by, case)
    if case.assignee_id == by.user_id:
        return case
    _refuse_ended_or_others(case, by)
    _give(case, User.objects.get(pk=by.user_id or 0), "claim", by=by, at=at)
    return case


@gate.transactional
def lay_down(case_id: int, *, by: Actor, at: datetime, team: Team | None = None) -> Case:
    """Give a case back, to nobody or to a team: one's own, or one that nobody has; supervisors give back any."""
    case = gate.locked(case_id)
    gate.role_to("claim", by, case)
    _refuse_ended_or_others(case, by)
    if team is not None:
        Case.objects.filter(pk=case.pk).update(team=team)
        case.team = team
    _give(case, None, "assign", by=by, at=at, right="claim", data={"team": str(team)} if team else {})
    return case


def _refuse_ended_or_others(case: Case, by: Actor) -> None:
    if not case.is_open:
        raise Refused(_("This case has ended."))
    if case.assignee_id not in (None, by.user_id) and by.role_for("assign") is None:
        raise Refused(_("%(person)s works on this case: ask them, or a supervisor.") % {"person": case.assignee})


def _give(
    case: Case,
    agent: User | None,
    action: str,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    right: str = "",
    data: dict[str, str] | None = None,
) -> None:
    Case.objects.filter(pk=case.pk).update(assignee=agent)
    case.assignee = agent
    role = gate.role_to(right or action, by, case)
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
        data={"assignee": str(agent) if agent else "", **(data or {})},
    )
