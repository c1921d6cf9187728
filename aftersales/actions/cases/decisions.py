"""Applying, deciding, applying again, withdrawing: the verbs of buyer and merchant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.cases import (
    agreement,
    applications,
    assessments,
    automatic_decisions,
    holdings,
    on_enter,
    reapplications,
    rounds,
    stored_cases,
)
from aftersales.actions.cases.applications import Application, Assessment, Rules
from aftersales.actions.cases.holdings import Holding
from aftersales.actions.disputes import evidence
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_recovery
from aftersales.actions.replacements import repairs, reservations
from aftersales.models import Case, Offer, RejectReason
from aftersales.queries.disputes import reject_reasons
from aftersales.queries.policies import calendars
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.cases.automatic_decisions import Decision
from aftersales.rules.disputes import burden_of_proof, rejections
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Role, Status
from logistics.models import ReturnAddress
from logistics.pickups import pickup_requests
from orders import entitlement, locking, receipt
from orders.models import Order
from orders.refusals import Refused

ZERO = Decimal(0)


@gate.transactional
def apply(application: Application, *, by: Actor, at: datetime) -> Case:
    """Open a case; Refused says what stands against it.

    1. Lock the order, then its lines: nobody else can ask for the same units meanwhile.
    2. Check the right, window, entitlement, evidence and count.
    3. Hold units, money and freight; store the case, its round and its lines.
    4. Let the policy decide, put the application and what stood against a decision on record.
    5. Agree at once where the policy does.
    """
    order = locking.order(application.order_id)
    role = assessments.applicant(order, by)
    assessment = _assessment(order, application, at)
    holding = _reserved(assessment)
    case = stored_cases.create(assessment, holding, role=role, by=by)
    receipt.hold(order.pk, at=at)
    decision = automatic_decisions.decide(case, assessment.rules, at=at)
    told = {"round": 1} | ({} if decision.rule else decision.data)
    case_log.opened(case, role=role, by=by, at=at, calendar=assessment.calendar, data=told)
    if application.photos:
        evidence.store(case, application.photos, role=role, user_id=by.user_id, at=at)
    return _agreed_at_once(case, decision, assessment.rules, at=at) if decision.rule else case


def _assessment(order: Order, application: Application, at: datetime) -> Assessment:
    lines = entitlement.locked_lines(order.pk)
    rules = applications.rules_for(order, lines, application, at)
    return Assessment(order, lines, application, rules, calendars.of(order.merchant_id), at)


def _reserved(assessment: Assessment) -> Holding:
    claims = assessments.claims_of(assessment)
    assessments.refuse_unfit(assessment)
    freight = assessments.freight_held(assessment, claims)
    assessments.refuse_too_many(assessment)
    entitlement.reserve(assessment.order.pk, assessments.held_of(assessment.application, claims), freight)
    return Holding(claims, freight)


def _agreed_at_once(case: Case, decision: Decision, rules: Rules, *, at: datetime) -> Case:
    automatic_decisions.apply(case, decision, at=at)
    why = ", ".join(sorted({str(policy) for policy in rules.of_items.values()}))
    return approve(case.pk, by=actor.POLICY, at=at, why=why, data=decision.data)


@gate.transactional
def approve(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    address: ReturnAddress | None = None,
    return_freight: Decimal = ZERO,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> Case:
    """Agree to the request; goods that must come back are awaited, else the refund is made."""
    terms = partial(agreement.begin, address=address, return_freight=return_freight)
    case = gate.move(case_id, "approve", effect=terms, by=by, at=at, version=version, why=why, data=data)
    return on_enter.run(case, by=by, at=at)


@gate.transactional
def approve_many(cases: Sequence[Case], live: gate.Live, *, by: Actor, at: datetime) -> None:
    """Agree to many locked cases, each as `approve` would; the first refusal stands for all."""
    gate.move_many(cases, live, "approve", effect=agreement.begin, by=by, at=at)
    for case in cases:
        on_enter.run(case, by=by, at=at)


@gate.transactional
def reject(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    reason: RejectReason,
    note: str = "",
    photos: Sequence[Photo] = (),
    version: int | None = None,
) -> Case:
    """Refuse the request; a code from the list is mandatory, text and proof where it asks for them."""
    effect, data = partial(_refuse, reason=reason, note=note, photos=photos), {"reason": reason.code}
    return gate.move(case_id, "reject", effect=effect, by=by, at=at, version=version, why=note, data=data)


def _refuse(case: Case, context: MoveContext, *, reason: RejectReason, note: str, photos: Sequence[Photo]) -> None:
    _refuse_untrue(case, context, reason)
    if photos:
        evidence.store(case, photos, role=context.role, user_id=context.by.user_id, at=context.at)
    unproved = burden_of_proof.against_rejecting(case, len(photos) + _shown(case))
    if unproved:
        raise Refused(unproved)
    close_round(case, reason, note, len(photos), at=context.at)


def _refuse_untrue(case: Case, context: MoveContext, reason: RejectReason) -> None:
    """What the system can verify is verified, by the facts of this moment."""
    if reason.code not in rejections.VERIFIED:
        return
    order = entitlement.locked_order(case.order_id)
    untrue = reject_reasons.untrue(case, reason, by=context.by, role=context.role, at=context.at, order=order)
    if untrue:
        raise Refused(untrue)


def close_round(case: Case, reason: RejectReason, note: str, proofs: int, *, at: datetime) -> None:
    """Reject the current round; Refused when the reason asks for a text or a proof that is missing."""
    if reason.needs_text and not note.strip():
        raise Refused(_("“%(reason)s” needs an explanation.") % {"reason": reason.name})
    if reason.needs_proof and not (proofs or _shown(case)):
        raise Refused(_("“%(reason)s” needs proof: attach a photo first.") % {"reason": reason.name})
    case.reject_reason, case.reject_note = reason, note
    rounds.reject(case, reason, note, at=at)


def _shown(case: Case) -> int:
    """Photos that others than the buyer have added in this round."""
    return case.evidence.filter(round_number=case.round_number).exclude(role=Role.BUYER).count()


@gate.transactional
def reapply(case_id: int, application: Application, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Modify and apply again after a rejection: the old round stays, what was held is exchanged."""
    again = partial(reapplications.ask_again, application)
    return gate.move(case_id, "reapply", effect=again, by=by, at=at, version=version, why=application.description)


@gate.transactional
def withdraw(case_id: int, *, by: Actor, at: datetime, version: int | None = None, why: str = "") -> Case:
    """The buyer no longer asks; a return parcel under way stays tracked."""
    return gate.move(case_id, "withdraw", effect=_withdraw, by=by, at=at, version=version, why=why)


def _withdraw(case: Case, context: MoveContext) -> None:
    if case.status == Status.RETURN_IN_TRANSIT:
        pickup_requests.call_off(case.number, at=context.at)
    end(case, at=context.at)


@gate.transactional
def expire(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer let the time pass; what was held is free again."""
    return gate.move(case_id, "expire", effect=_expire, by=by, at=at, version=version)


def _expire(case: Case, context: MoveContext) -> None:
    end(case, at=context.at)


def end(case: Case, *, at: datetime) -> None:
    """Free what a closing case holds, and void what was still offered."""
    reservations.leave(case, at=at)
    instant_recovery.recover_all(case, at=at)
    repairs.leave_unrepaired(case, at=at)
    holdings.let_go(case)
    case.offers.filter(status=Offer.Status.OPEN).update(status=Offer.Status.VOID, answered_at=at)
    rounds.close(case, at=at)


@gate.transactional
def reopen(case_id: int, *, by: Actor, at: datetime, why: str, version: int | None = None) -> Case:
    """Take an ended case up again; a reason is mandatory, and something must be left to give back."""
    if not why.strip():
        raise Refused(_("Say why this case is opened again."))
    return gate.move(case_id, "reopen", effect=reapplications.take_up_again, by=by, at=at, version=version, why=why)
