"""Who works on a case: claimed, skipped, assigned, given back; and its priority."""

import json
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from aftersales.actions import admitted, case_log, gate
from aftersales.models import Case, Skip, Team, User
from aftersales.moves import rights
from aftersales.queries import locking
from aftersales.queries.console import next_case
from aftersales.rules.actor import Actor
from aftersales.rules.console.skip_reasons import SkipReason
from aftersales.rules.vocabulary import WAITING_ON_US, Priority, Role
from orders.db import statements
from orders.refusals import Refused

ATTEMPTS: Final = 3  # other agents may claim everything that was found before we lock it
STATUSES: Final = [str(status) for status in WAITING_ON_US]
CARRIED: Final = """
SELECT count(*) FROM (
    SELECT 1 FROM aftersales_case WHERE assignee_id = %s AND closed_at IS NULL AND status = ANY (%s) LIMIT %s
) AS held
"""
# The assignment and its event in one round trip.
ASSIGN: Final = """
WITH given AS (UPDATE aftersales_case SET assignee_id = %s, assigned_at = %s WHERE id = %s)
INSERT INTO aftersales_event (case_id, happened_at, action, role, user_id, from_status, to_status, version, why, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


@gate.transactional
def claim_next(agent: User, *, by: Actor, at: datetime) -> Case | None:
    """Claim the most pressing of the cases that wait for us and that nobody has; None when there is none.

    1. Lock the agent, and refuse who has as many cases as they can carry.
    2. Find the next cases without locks.
    3. Lock the first of them that nobody else has locked or claimed meanwhile.
    4. Assign it.
    """
    _refuse_full(agent)
    for _attempt in range(ATTEMPTS):
        found = next_case.candidates(agent)
        if not found:
            return None
        case = locking.first_free(found, STATUSES)
        if case is not None:
            give(case, agent, "claim", by=by, at=at)
            return case
    return None


def _refuse_full(agent: User) -> None:
    # The lock lets one claim of an agent run at a time: a double click must not count the same cases twice.
    capacity = locking.capacity(agent.pk)
    ((carried,),) = statements.rows(CARRIED, [agent.pk, STATUSES, capacity])
    if carried >= capacity:
        sentence = _("You have %(carried)d of %(capacity)d cases: finish one first.")
        raise Refused(sentence % {"carried": carried, "capacity": capacity})


@gate.transactional
def skip(
    case_id: int, *, reason: SkipReason, note: str = "", by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Leave a case to others, with a reason; it is not offered to this person again until it has moved on."""
    case, role = admitted.to("skip", case_id, by=by, at=at, version=version)
    if reason == SkipReason.OTHER and not note.strip():
        raise Refused(_("Say in a few words why you leave it."))
    said = {"reason": reason, "note": note.strip()}
    Skip.objects.create(case=case, user_id=by.user_id or 0, version=case.version, skipped_at=at, **said)
    why = " · ".join(filter(None, [str(SkipReason(reason).label), note.strip()]))
    _give(case, None, "skip", role=role, by=by, at=at, why=why)
    return case


@gate.transactional
def assign(
    case_id: int, agent: User | None, *, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> Case:
    """Assign a case to a person or to nobody: agents take it and give it back, only supervisors give it to others.

    Refused without `why` when it goes from one person to another: the next one has to know what was promised.
    """
    case, role = admitted.to("assign", case_id, by=by, at=at, version=version)
    if agent is not None:
        _refuse_agent(case, agent, by, why)
    _give(case, agent, "assign", role=role, by=by, at=at, why=why)
    return case


def _refuse_agent(case: Case, agent: User, by: Actor, why: str) -> None:
    if by.role_for(rights.REASSIGN) is None and agent.pk != by.user_id:
        raise Refused(_("Only a supervisor gives a case to somebody else. Leave it to others, and say why."))
    if case.assignee_id and agent.pk != case.assignee_id and not why.strip():
        raise Refused(_("Say what the next one has to know: what was promised, and what is open."))


@gate.transactional
def prioritise(case_id: int, priority: Priority, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Set the priority: high cases are claimed and distributed first, low ones last; deadlines stay."""
    case, role = admitted.to("prioritise", case_id, by=by, at=at, version=version)
    if case.priority == priority:
        raise Refused(_("That is its priority already."))
    Case.objects.filter(pk=case.pk).update(priority=priority)
    case.priority = priority
    case_log.put(case, "prioritise", role=role, by=by, at=at, data={"priority": Priority(priority).name.lower()})
    return case


@gate.transactional
def take(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Assign a case to who asks; nothing changes where they have it already. Refused while somebody else has it."""
    case, _role = admitted.to("assign", case_id, by=by, at=at)
    if case.assignee_id not in (None, by.user_id):
        raise Refused(_("%(person)s works on this case.") % {"person": case.assignee})
    if case.assignee_id is None:
        me = User.objects.get(pk=by.user_id or 0)
        _give(case, me, "claim", role=gate.role_to("claim", by, case), by=by, at=at)
    return case


@gate.transactional
def give_back(case_id: int, *, by: Actor, at: datetime, team: Team | None = None) -> Case:
    """Return a case to the queue, of its team or of another: one's own or an unassigned one, for supervisors any."""
    case, role = admitted.to("assign", case_id, by=by, at=at)
    if team is not None:
        Case.objects.filter(pk=case.pk).update(team=team)
        case.team = team
    _give(case, None, "assign", role=role, by=by, at=at, team=team)
    return case


def give(case: Case, agent: User | None, action: str, *, by: Actor, at: datetime, why: str = "") -> None:
    """Assign a case that is locked already, to a person or to nobody, as the act `action`."""
    _give(case, agent, action, role=gate.role_to(action, by, case), by=by, at=at, why=why)


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
    statements.rows(ASSIGN, [*given, case.pk, at, *said])
