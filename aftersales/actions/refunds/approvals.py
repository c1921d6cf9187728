"""Approvals: what is above somebody's limit is asked for, then allowed or declined by a second person."""

from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import agreement, on_enter
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.people import second_person
from aftersales.models import ApprovalRequest, Case
from aftersales.rules.actor import Actor
from orders.refusals import Refused


@gate.transactional
def ask(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> ApprovalRequest:
    """Ask a second person to approve a case that is above one's limit; the case stays where it is."""
    if by.user_id is None:
        raise gate.Forbidden(_("Only a person can ask for an approval."))
    request = ApprovalRequest(case_id=case_id, action="approve", asked_by_id=by.user_id, asked_at=at, why=why)
    gate.move(case_id, "request_approval", effect=partial(_store, request), by=by, at=at, version=version, why=why)
    return request


def _store(request: ApprovalRequest, case: Case, _context: MoveContext) -> None:
    request.case = case
    # Taken under the lock: what the second person is asked for is what the case holds now.
    request.amount = case.requested_amount + case.freight_held
    request.save(force_insert=True)


@gate.transactional
def allow(case_id: int, *, by: Actor, at: datetime, answer: str = "", version: int | None = None) -> Case:
    """Agree as the second person: the case goes on as if its agent had approved it."""
    case = gate.move(case_id, "allow", effect=partial(_allow, answer), by=by, at=at, version=version, why=answer)
    return on_enter.run(case, by=by, at=at)


def _allow(answer: str, case: Case, context: MoveContext) -> Outcome:
    _decide(case, ApprovalRequest.Status.APPROVED, answer, context)
    return agreement.begin(case, context)


@gate.transactional
def decline(case_id: int, *, by: Actor, at: datetime, answer: str, version: int | None = None) -> Case:
    """Decline as the second person, with a reason: the agent decides again."""
    if not answer.strip():
        raise Refused(_("Say why you decline."))
    declined = partial(_decline, answer)
    return gate.move(case_id, "decline_request", effect=declined, by=by, at=at, version=version, why=answer)


def _decline(answer: str, case: Case, context: MoveContext) -> None:
    _decide(case, ApprovalRequest.Status.DECLINED, answer, context)


def _decide(case: Case, status: ApprovalRequest.Status, answer: str, context: MoveContext) -> None:
    pending = case.approval_requests.filter(status=ApprovalRequest.Status.PENDING).first()
    if pending is None:
        raise Refused(_("Nobody has asked for an approval."))
    if status == ApprovalRequest.Status.APPROVED:
        second_person.insist(pending.asked_by_id, context.by.user_id, at=context.at)
    pending.status, pending.answer = status, answer
    pending.decided_by_id, pending.decided_at = context.by.user_id, context.at
    pending.save()
