"""Approvals: what is above somebody's limit is asked for, then allowed or declined by a second person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import consents, foreseen, gate, standing_requests
from aftersales.actions.cases import agreement, negotiation, on_enter
from aftersales.actions.disputes import arbitration
from aftersales.actions.effects import Effect, MoveContext, Outcome
from aftersales.actions.people import second_person
from aftersales.actions.refusals import Attempt
from aftersales.actions.replacements import dispatches, repairs
from aftersales.models import ApprovalRequest, Case, Offer
from aftersales.models.refunds.approval import EndedWhy
from aftersales.moves import approving
from aftersales.moves.record import Move
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import asked_terms
from aftersales.rules.refunds.asked_terms import Ruled, Terms
from orders.refusals import Refused

# What each act sets in motion, whoever does it.
EFFECTS: Final[dict[str, Effect]] = {
    "approve": agreement.begin,
    "accept_offer": negotiation.take,
    "give_money_instead": dispatches.leave_unsent,
    "choose_refund": repairs.leave_for_money,
    "choose_exchange": repairs.leave_for_exchange,
}


def _propose(request: ApprovalRequest, case: Case, context: MoveContext) -> Outcome:
    """The offer of who asked: it stays theirs, so that they do not accept it for the buyer above their limit."""
    negotiation.propose(_offer(request), case, context)
    return Outcome(data={"amount": request.terms["amount"]})


def _offer(request: ApprovalRequest) -> Offer:
    terms = asked_terms.read(request.action, request.terms)
    return Offer(case_id=request.case_id, made_by_id=request.asked_by_id, **vars(terms))


def _rule(request: ApprovalRequest, case: Case, context: MoveContext) -> Outcome:
    return arbitration.award(case, context, **vars(asked_terms.read(request.action, request.terms)))


def _refuse_ruling(request: ApprovalRequest, case: Case, context: MoveContext) -> None:
    terms = asked_terms.read(request.action, request.terms)
    if isinstance(terms, Ruled):
        arbitration.refuse_unless_possible(case, terms.ruling, terms.amount)


# Of those with terms of their own: what they set in motion, and what stands against the terms when they are asked for.
WITH_TERMS: Final[dict[str, tuple[Callable[..., Outcome], Callable[..., None]]]] = {
    "offer": (_propose, lambda request, *said: negotiation.refuse_unless_possible(_offer(request), *said)),
    "rule_for_buyer": (_rule, _refuse_ruling),
}


@dataclass(frozen=True)
class Ending(Attempt):
    """A request that was looked at too late: what it asks for is no longer what would happen."""

    request_id: int
    ended_why: EndedWhy

    def note(self) -> None:
        """End it, in a transaction of its own; whoever has ended or answered it meanwhile was first."""
        with transaction.atomic():
            case = gate.locked(self.case.pk)
            request = case.approval_requests.filter(pk=self.request_id, status=ApprovalRequest.Status.PENDING).first()
            if request is not None:
                standing_requests.end(request, case, self.ended_why, by=self.action, at=self.at)


@gate.transactional
def ask(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    version: int | None = None,
    action: str = "",
    terms: Terms | None = None,
) -> ApprovalRequest:
    """Ask a second person for what is above one's limit: an act by its name, or what is decided in this state.

    `terms` are those of an offer or a ruling.
    """
    if by.user_id is None:
        raise gate.Forbidden(_("Only a person can ask for an approval."))
    request = ApprovalRequest(case_id=case_id, action=action, asked_by_id=by.user_id, asked_at=at, why=why)
    request.terms = asked_terms.written(terms)
    gate.move(case_id, "request_approval", effect=partial(_store, request), by=by, at=at, version=version, why=why)
    return request


def _store(request: ApprovalRequest, case: Case, context: MoveContext) -> Outcome:
    """Taken under the lock: the second person is asked for what would happen now."""
    act = _act_asked(request, case)
    if request.terms:
        WITH_TERMS[act.name][1](request, case, context)
    would = foreseen.of(case, act.name, context.at, terms=asked_terms.read(act.name, request.terms))
    if would is None:
        raise Refused(_("What you ask for is not possible now."))
    facts = CaseFacts(case, context.by, context.role, context.at)
    refusal = approving.against(act, case, context.by, context.role, context.at, facts)
    if refusal:
        raise Refused(refusal)
    request.payload = consents.record(case, request.action, context)
    request.case, request.asked_in = case, case.status
    for name, value in would.written().items():
        setattr(request, name, value)
    request.save(force_insert=True)
    liable = {"liable": request.terms["liable"]} if "liable" in request.terms else {}
    return Outcome(data={"amount": str(request.amount), "asked": request.action, **liable, **request.payload})


def _act_asked(request: ApprovalRequest, case: Case) -> Move:
    """The act that is asked for: one as it stands, or one with its terms."""
    as_it_stands = approving.asked_while(case.status)
    request.action = request.action or (as_it_stands[0].name if as_it_stands else "")
    act = moves.CHART.get(request.action)
    if act is None or act not in (approving.WITH_TERMS if request.terms else approving.ASKABLE):
        raise Refused(_("What you ask for is not possible now."))
    return act


@gate.transactional
def allow(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    answer: str = "",
    version: int | None = None,
    request_id: int | None = None,
) -> Case:
    """Agree as the second person: the case goes on as if who asked had done it.

    `request_id` is the request that the person has read; what it says is what happens, or nothing does.
    """
    allowed = partial(_allow, answer, request_id)
    case = gate.move(case_id, "allow", effect=allowed, by=by, at=at, version=version, why=answer)
    return on_enter.run(case, by=by, at=at)


def _allow(answer: str, request_id: int | None, case: Case, context: MoveContext) -> Outcome:
    pending = _pending(case, request_id)
    second_person.insist(pending.asked_by_id, context.by.user_id, at=context.at)
    ended_why = foreseen.against(pending, case, context.at, context.before)
    if ended_why is not None:
        sentence = _("What was asked for is no longer what would happen, so the request has ended. %(why)s")
        ending = Ending(case, "allow", context.by, context.at, pending.pk, ended_why)
        raise gate.Overtaken(case, sentence % {"why": ended_why.label}, ending)
    _answer(pending, ApprovalRequest.Status.APPROVED, answer, context)
    case.allowing = pending.action
    if pending.terms:
        done = WITH_TERMS[pending.action][0](pending, case, context)
    else:
        done = EFFECTS[pending.action](case, context) or Outcome()
    return replace(done, data={**done.data, **pending.payload, "asked": pending.action})


@gate.transactional
def decline(case_id: int, *, by: Actor, at: datetime, answer: str, version: int | None = None) -> Case:
    """Decline as the second person, with a reason: the agent decides again."""
    if not answer.strip():
        raise Refused(_("Say why you decline."))
    declined = partial(_decline, answer)
    return gate.move(case_id, "decline_request", effect=declined, by=by, at=at, version=version, why=answer)


def _decline(answer: str, case: Case, context: MoveContext) -> None:
    _answer(_pending(case), ApprovalRequest.Status.DECLINED, answer, context)


def _pending(case: Case, request_id: int | None = None) -> ApprovalRequest:
    pending = case.approval_requests.filter(status=ApprovalRequest.Status.PENDING).first()
    if pending is None:
        raise Refused(_("Nobody has asked for an approval."))
    if request_id is not None and request_id != pending.pk:
        raise Refused(_("Something else is asked for by now: read it again."))
    return pending


def _answer(pending: ApprovalRequest, status: ApprovalRequest.Status, answer: str, context: MoveContext) -> None:
    pending.status, pending.answer = status, answer
    pending.decided_by_id, pending.decided_at = context.by.user_id, context.at
    pending.save()
