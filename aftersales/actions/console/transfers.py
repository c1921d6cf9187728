"""A certain case claimed, or moved to another team; the next case is claimed in `assignment`."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.models import Case, Team, User
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.rules.actor import Actor
from orders.refusals import Needless, Refused


@gate.transactional
def take(case_id: int, agent: User, *, by: Actor, at: datetime) -> Case:
    """Claim a certain case. Needless when the agent has it; Refused when somebody else has, or the agent is full."""
    # The person before the case, as everywhere; and one claim of an agent at a time, as in `assignment.claim_next`.
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=agent.pk)
    case = gate.locked(case_id)
    gate.role_to("claim", by, case)
    _refuse_ended(case)
    _refuse_taken(case, agent)
    _refuse_full(agent)
    Case.objects.filter(pk=case.pk).update(assignee=agent)
    case.assignee = agent
    _note(case, "claim", by=by, at=at, data={"assignee": str(agent)})
    return case


@gate.transactional
def to_team(case_id: int, team: Team, *, by: Actor, at: datetime) -> Case:
    """Move a case to the queue of another team; whoever works on it keeps it. Needless when it is there already."""
    case = gate.locked(case_id)
    gate.role_to("reassign", by, case)
    _refuse_ended(case)
    if case.team_id == team.pk:
        raise Needless(_("It is in this team already."))
    Case.objects.filter(pk=case.pk).update(team=team)
    case.team = team
    _note(case, "team", by=by, at=at, data={"team": team.name})
    return case


def _refuse_taken(case: Case, agent: User) -> None:
    if case.assignee_id == agent.pk:
        raise Needless(_("It is yours already."))
    if case.assignee_id is not None:
        raise Refused(_("%(person)s works on it.") % {"person": User.objects.get(pk=case.assignee_id)})


def _refuse_full(agent: User) -> None:
    carried = Case.objects.filter(OUR_TURN, assignee=agent).count()
    if carried >= agent.capacity:
        sentence = _("You have %(carried)d of %(capacity)d cases: finish one first.")
        raise Refused(sentence % {"carried": carried, "capacity": agent.capacity})


def _refuse_ended(case: Case) -> None:
    if not case.is_open:
        raise Refused(_("This case has ended."))


def _note(case: Case, action: str, *, by: Actor, at: datetime, data: dict[str, str]) -> None:
    case_log.put(
        case, action, role=gate.role_to("claim" if action == "claim" else "assign", by, case), by=by, at=at, data=data
    )
