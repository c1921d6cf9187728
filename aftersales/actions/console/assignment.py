"""Who works on a case: claimed by an agent, left to others, given to somebody, and what comes first."""

import json
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate
from aftersales.models import Case, Skip, Team, User
from aftersales.moves import admission, rights
from aftersales.queries import locking
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.console import assignment
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import WAITING_ON_US, Priority, Role, SkipReason
from orders.db import statements
from orders.refusals import Refused

TURNS: Final = 3  # rivals may take everything that was found
STATUSES: Final = [str(status) for status in WAITING_ON_US]
CARRIED: Final = """
SELECT count(*) FROM (
    SELECT 1 FROM aftersales_case WHERE assignee_id = %s AND closed_at IS NULL AND status = ANY (%s) LIMIT %s
) AS held
"""
GIVE: Final = """
WITH given AS (UPDATE aftersales_case SET assignee_id = %s, assigned_at = %s WHERE id = %s)
INSERT INTO aftersales_event (case_id, happened_at, action, role, user_id, from_status, to_status, version, why, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


@gate.transactional
def claim_next(agent: User, *, by: Actor, at: datetime) -> Case | None:
    """Take the most pressing case among those that wait for us and that nobody has; none when all are taken.

    Refused when the agent already has as many open cases as they can carry.
    """
    # One claim of an agent at a time: a double click must not count the same cases twice and take one too many.
    capacity = locking.capacity(agent.pk)
    ((carried,),) = statements.rows(CARRIED, [agent.pk, STATUSES, capacity])
    if carried >= capacity:
        raise Refused(
            _("You have %(carried)d of %(capacity)d cases: finish one first.")
            % {"carried": carried, "capacity": capacity}
        )
    for _turn in range(TURNS):
        found = assignment.candidates(agent)
        case = locking.first_free(found, STATUSES) if found else None
        if case is not None:
            _give(case, agent, "claim", role=gate.role_to("claim", by, case), by=by, at=at)
        if case is not None or not found:
            return case
    return None


@gate.transactional
def skip(
    case_id: int, *, reason: SkipReason, note: str = "", by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Leave a case to others, with the reason; it is not handed to this person again until it has moved on."""
    case, role = _admitted(case_id, "skip", by, at, version)
    if reason == SkipReason.OTHER and not note.strip():
        raise Refused(_("Say in a few words why you leave it."))
    Skip.objects.create(
        case=case, user_id=by.user_id or 0, version=case.version, reason=reason, note=note.strip(), skipped_at=at
    )
    why = " · ".join(filter(None, [str(SkipReason(reason).label), note.strip()]))
    _give(case, None, "skip", role=role, by=by, at=at, why=why)
    return case


@gate.transactional
def assign(
    case_id: int, agent: User | None, *, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> Case:
    """Give a case to somebody, or to nobody; agents take and give back, supervisors reassign.

    From one hand to another it goes with what the next one has to know.
    """
    case, role = _admitted(case_id, "assign", by, at, version)
    if by.role_for(rights.REASSIGN) is None and agent is not None and agent.pk != by.user_id:
        raise Refused(_("Only a supervisor gives a case to somebody else. Leave it to others, and say why."))
    if case.assignee_id and agent is not None and agent.pk != case.assignee_id and not why.strip():
        raise Refused(_("Say what the next one has to know: what was promised, and what is open."))
    _give(case, agent, "assign", role=role, by=by, at=at, why=why)
    return case


@gate.transactional
def prioritise(case_id: int, priority: Priority, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Say how pressing a case is: high ones are handed out first, low ones last."""
    case, role = _admitted(case_id, "prioritise", by, at, version)
    if case.priority == priority:
        raise Refused(_("That is its priority already."))
    Case.objects.filter(pk=case.pk).update(priority=priority)
    case.priority = priority
    case_log.put(case, "prioritise", role=role, by=by, at=at, data={"priority": Priority(priority).name.lower()})
    return case


@gate.transactional
def take(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Take a case that nobody has; who has it already keeps it. Refused while somebody else has it."""
    case, _role = _admitted(case_id, "assign", by, at, None)
    if case.assignee_id not in (None, by.user_id):
        raise Refused(_("%(person)s works on this case.") % {"person": case.assignee})
    if case.assignee_id is None:
        me = User.objects.get(pk=by.user_id or 0)
        _give(case, me, "claim", role=gate.role_to("claim", by, case), by=by, at=at)
    return case


@gate.transactional
def lay_down(case_id: int, *, by: Actor, at: datetime, team: Team | None = None) -> Case:
    """Give a case back, to nobody or to a team: one's own, or one that nobody has; supervisors give back any."""
    case, role = _admitted(case_id, "assign", by, at, None)
    if team is not None:
        Case.objects.filter(pk=case.pk).update(team=team)
        case.team = team
    _give(case, None, "assign", role=role, by=by, at=at, team=team)
    return case


def give(case: Case, agent: User | None, action: str, *, by: Actor, at: datetime, why: str = "") -> None:
    """Put a locked case into somebody's hands, or back to its team."""
    _give(case, agent, action, role=gate.role_to(action, by, case), by=by, at=at, why=why)


def _admitted(case_id: int, action: str, by: Actor, at: datetime, version: int | None) -> tuple[Case, Role]:
    case = gate.locked(case_id)
    if version is not None and version != case.version:
        raise gate.Stale(case)
    role = gate.role_to(action, by, case)
    against = admission.first_refusal(case, moves.EVERY[action], by, role, at, CaseFacts(case, by, role, at))
    if against:
        raise Refused(against)
    return case, role


def _give(
    case: Case,
    agent: User | None,
    action: str,
    *,
    role: Role,
    by: Actor,
    at: datetime,
    why: str = "",
    team: Team | None = None,
) -> None:
    case.assignee, case.assigned_at = agent, at if agent else None
    data = {"assignee": str(agent) if agent else ""} | ({"team": str(team)} if team else {})
    given = [agent.pk if agent else None, case.assigned_at, case.pk]
    said = [action, str(role), by.user_id, case.status, case.status, case.version, why, json.dumps(data)]
    statements.rows(GIVE, [*given, case.pk, at, *said])
