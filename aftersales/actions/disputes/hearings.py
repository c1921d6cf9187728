"""A dispute that takes its time: a further round of evidence, and whose decision it is."""

from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.models import Case
from aftersales.queries.people import supervisors
from aftersales.rules.actor import Actor
from orders.refusals import Refused


@gate.transactional
def ask_evidence(case_id: int, *, by: Actor, at: datetime, why: str, version: int | None = None) -> Case:
    """Ask both sides for more, once; the decision waits for it. What is missing is mandatory."""
    if not why.strip():
        raise Refused(_("Say what is missing."))
    return gate.move(case_id, "ask_evidence", by=by, at=at, version=version, why=why)


@gate.transactional
def pass_on(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Nobody decided in time: the next supervisor has the case, and is told."""
    return gate.move(case_id, "pass_on_decision", effect=give_to_next, by=by, at=at)


@gate.transactional
def miss(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The next one did not decide either: it is overdue for ever, and goes on to another; all are told."""
    return gate.move(case_id, "miss_decision", effect=partial(give_to_next, tells_all=True), by=by, at=at)


def give_to_next(case: Case, context: MoveContext, *, tells_all: bool = False) -> Outcome:
    """Let the supervisor decide whose turn it is; where there is none, nobody is assigned and the record says so."""
    person = supervisors.after(case.assignee_id)
    if person is None:
        return Outcome(data={"assignee": ""})
    case.assignee, case.assigned_at = person, context.at
    # Who works on a case is written beside the move: no other move changes it.
    Case.objects.filter(pk=case.pk).update(assignee=person, assigned_at=context.at)
    told = supervisors.all_of_them() if tells_all else [person]
    return Outcome(data={"assignee": str(person)}, people=tuple(each.pk for each in told))
