"""Requests for approval end with what they ask for: looked at after every move of their case or of its order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aftersales.actions import foreseen, plain_event
from aftersales.models import ApprovalRequest, Case
from aftersales.models.refunds.approval import EndedWhy
from aftersales.rules.vocabulary import Role

LOOKED_AT: Final = ("case__policy", "case__reason", "case__merchant", "case__order")


def review(request_ids: Sequence[int], moved: Mapping[int, tuple[Case, str]], at: datetime) -> None:
    """End those that no longer stand; `moved` are the cases as they were just written, each with its move.

    Another case of the order that somebody holds at this moment is left to them: whatever they do asks again, and
    nobody waits for it here, which would be against the order of locks.
    """
    waiting = ApprovalRequest.objects.filter(pk__in=request_ids, status=ApprovalRequest.Status.PENDING)
    ours_first = waiting.select_related(*LOOKED_AT).select_for_update(of=("self", "case"), skip_locked=True)
    for request in ours_first.order_by("pk"):
        case, action = moved.get(request.case_id, (request.case, ""))
        why = foreseen.against(request, case, at)
        if why is not None:
            end(request, case, why, by=action or next(iter(moved.values()))[1], at=at)


def end(request: ApprovalRequest, case: Case, why: EndedWhy, *, by: str, at: datetime) -> None:
    """The request ends, with its reason, by the move named; who asked is told on the record and on the case's page."""
    request.status, request.ended_why = ApprovalRequest.Status.VOID, why
    request.ended_by, request.ended_at = by, at
    request.save(update_fields=["status", "ended_why", "ended_by", "ended_at"])
    told = {"ended": str(why), "asked": request.action, "amount": str(request.amount), "asker": str(request.asked_by)}
    plain_event.put(case, "end_request", role=Role.CLOCK, at=at, data=told)
