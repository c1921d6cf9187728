"""Second persons: what is above somebody's limit is asked for, then allowed or declined by another."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import cases, consequences, gate
from aftersales.models import ApprovalRequest, Case
from aftersales.rules.actor import Actor
from orders.refusals import Refused


@gate.transactional
def ask(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> ApprovalRequest:
    """Send an agreement above one's limit to a second person; the case stays where it is."""
    if by.user_id is None:
        raise gate.Forbidden(_("Only a person can ask for an approval."))
    with gate.move(case_id, "request_approval", by=by, at=at, version=version, why=why) as case:
        return ApprovalRequest.objects.create(
            case=case,
            action="approve",
            amount=case.requested_amount + case.freight_held,
            asked_by_id=by.user_id,
            asked_at=at,
            why=why,
        )


@gate.transactional
def allow(case_id: int, *, by: Actor, at: datetime, answer: str = "", version: int | None = None) -> Case:
    """The second person agrees: the case goes on as if agreed to."""
    with gate.move(case_id, "allow", by=by, at=at, version=version, why=answer) as case:
        _decide(case, ApprovalRequest.Status.APPROVED, by, at, answer)
        cases.prepare_agreement(case, by=by, at=at)
        cases.rounds_agreed([case_id], at=at)
    return consequences.follow(case, by=by, at=at)


@gate.transactional
def decline(case_id: int, *, by: Actor, at: datetime, answer: str, version: int | None = None) -> Case:
    """The second person does not agree, and says why; the agent decides again."""
    if not answer.strip():
        raise Refused(_("Say why you decline."))
    with gate.move(case_id, "decline_request", by=by, at=at, version=version, why=answer) as case:
        _decide(case, ApprovalRequest.Status.DECLINED, by, at, answer)
    return case


def _decide(case: Case, status: ApprovalRequest.Status, by: Actor, at: datetime, answer: str) -> None:
    pending = case.approval_requests.filter(status=ApprovalRequest.Status.PENDING).first()
    if pending is None:
        raise Refused(_("Nobody has asked for an approval."))
    pending.status, pending.decided_by_id, pending.decided_at, pending.answer = status, by.user_id, at, answer
    pending.save()
