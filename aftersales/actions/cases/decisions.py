"""Applying, deciding, applying again, withdrawing: the verbs of buyer and merchant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import agreement, application_records, applications, automatic_decisions, on_enter
from aftersales.actions.cases.applications import Application
from aftersales.actions.cases.holdings import let_go
from aftersales.actions.disputes import evidence
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_recovery
from aftersales.actions.replacements import repairs, reservations
from aftersales.models import ApprovalRequest, Case, CaseLine, Offer, RejectReason, Round
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types, chains, return_window
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Role, Status
from logistics.models import ReturnAddress
from logistics.pickups import pickup_requests
from orders import entitlement, receipt
from orders.entitlement import Claim
from orders.models import Order, OrderLine
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
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("buyer", "merchant").get(pk=application.order_id)
    )
    role = applications.applicant(order, by)
    lines = entitlement.locked_lines(order.pk)
    policy = applications.policy_for(order, lines, application, at)
    claims = applications.claims_of(order, lines, application, policy, at)
    applications.refuse_unfit(order, lines, application, policy, at)
    freight = applications.freight_held(order, lines, claims, application)
    applications.refuse_too_many(lines, application, policy)
    entitlement.reserve(order.pk, claims, freight)
    case = application_records.store(order, lines, application, policy, claims, freight, role=role, by=by, at=at)
    receipt.hold(order.pk, at=at)
    decision = automatic_decisions.decide(case, order, lines, at=at)
    gate.opened(case, role=role, by=by, at=at, data={"round": 1} | ({} if decision.rule else decision.data))
    if application.photos:
        evidence.store(case, application.photos, role=role, user_id=by.user_id, at=at)
    if not decision.rule:
        return case
    automatic_decisions.apply(case, decision, at=at)
    return approve(case.pk, by=actor.POLICY, at=at, why=str(case.policy), data=decision.data)


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
    refusal, told = partial(_refuse, reason=reason, note=note, photos=photos), {"reason": reason.code}
    return gate.move(case_id, "reject", effect=refusal, by=by, at=at, version=version, why=note, data=told)


def _refuse(case: Case, context: MoveContext, *, reason: RejectReason, note: str, photos: Sequence[Photo]) -> None:
    if photos:
        evidence.store(case, photos, role=context.role, user_id=context.by.user_id, at=context.at)
    unproved = burden_of_proof.against_rejecting(case, len(photos) + _shown(case))
    if unproved:
        raise Refused(unproved)
    close_round(case, reason, note, len(photos), at=context.at)
    void_approvals(case)


def close_round(case: Case, reason: RejectReason, note: str, proofs: int, *, at: datetime) -> None:
    """Keep the rejected round on record."""
    if reason.needs_text and not note.strip():
        raise Refused(_("“%(reason)s” needs an explanation.") % {"reason": reason.name})
    if reason.needs_proof and not (proofs or _shown(case)):
        raise Refused(_("“%(reason)s” needs proof: attach a photo first.") % {"reason": reason.name})
    case.reject_reason, case.reject_note = reason, note
    Round.objects.filter(case=case, number=case.round_number).update(
        outcome=Round.Outcome.REJECTED, reject_reason=reason, reject_note=note, decided_at=at
    )


def _shown(case: Case) -> int:
    """Photos that others than the buyer have added in this round."""
    return case.evidence.filter(round_number=case.round_number).exclude(role=Role.BUYER).count()


@gate.transactional
def reapply(case_id: int, application: Application, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Modify and apply again after a rejection: the old round stays, what was held is exchanged."""
    asked = partial(_ask_again, application)
    return gate.move(case_id, "reapply", effect=asked, by=by, at=at, version=version, why=application.description)


def _ask_again(application: Application, case: Case, context: MoveContext) -> None:
    at = context.at
    let_go(case)
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    claims = applications.claims_of(order, lines, application, case.policy, at)
    applications.refuse_unfit(order, lines, application, case.policy, at, case)
    applications.refuse_too_many(lines, application, case.policy)
    instant_recovery.refuse_below_paid(case, claims, holds_units=case_types.of(application.type).holds_units)
    freight = applications.freight_held(order, lines, claims, application)
    entitlement.reserve(order.pk, claims, freight)
    case.goods_state = return_window.goods_state(order, at)
    application_records.ask_again(case, application, claims, freight)
    application_records.new_round(case, number=case.round_number + 1, role=context.role, at=at)
    if application.photos:
        evidence.store(case, application.photos, role=Role.BUYER, user_id=context.by.user_id, at=at)


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
    return gate.move(
        case_id, "expire", effect=lambda case, context: end(case, at=context.at), by=by, at=at, version=version
    )


def end(case: Case, *, at: datetime) -> None:
    """Free what a closing case holds, and void what was still asked."""
    reservations.leave(case, at=at)
    instant_recovery.recover_all(case, at=at)
    repairs.leave_unrepaired(case, at=at)
    let_go(case)
    case.offers.filter(status=Offer.Status.OPEN).update(status=Offer.Status.VOID, answered_at=at)
    void_approvals(case)
    Round.objects.filter(case=case, number=case.round_number, outcome=Round.Outcome.OPEN).update(
        outcome=Round.Outcome.CLOSED, decided_at=at
    )


def void_approvals(case: Case) -> None:
    """Nobody need decide any more about what was asked of a second person."""
    Ask = ApprovalRequest.Status
    case.approval_requests.filter(status=Ask.PENDING).update(status=Ask.VOID)


@gate.transactional
def reopen(case_id: int, *, by: Actor, at: datetime, why: str, version: int | None = None) -> Case:
    """Take an ended case up again; a reason is mandatory, and something must be left to give back."""
    if not why.strip():
        raise Refused(_("Say why this case is opened again."))
    return gate.move(case_id, "reopen", effect=_take_up_again, by=by, at=at, version=version, why=why)


def _take_up_again(case: Case, context: MoveContext) -> None:
    at = context.at
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    claims = [_left_of(case, line, lines[line.order_line_id]) for line in case.lines.all()]
    if not any(claim.units or claim.amount for claim in claims):
        raise Refused(_("Nothing of these items is left to give back."))
    applications.refuse_busy(lines, [claim.line_id for claim in claims], case.type, case)
    case.freight_held = applications.freight_of(order, lines, claims, wanted=False, type=case.type)
    case.goods_state = return_window.goods_state(order, at)
    entitlement.reserve(order.pk, claims, case.freight_held)
    _hold_anew(case, claims)
    application_records.new_round(case, number=case.round_number + 1, role=Role.SUPERVISOR, at=at)
    receipt.hold(order.pk, at=at)


def _hold_anew(case: Case, claims: Sequence[Claim]) -> None:
    """The lines ask for what is left, as if nothing had come back or been sent yet."""
    for claim in claims:
        CaseLine.objects.filter(case=case, order_line=claim.line_id).update(
            units_held=claim.units,
            amount_held=claim.amount,
            amount=claim.amount,
            units_received=0,
            units_accepted=0,
            units_sent=0,
        )
    case.replacement_failed_at = case.choice_offered_at = case.instant_at = case.advanced_at = None
    case.requested_amount, case.agreed_amount = sum((claim.amount for claim in claims), ZERO), None


def _left_of(case: Case, line: CaseLine, sold: OrderLine) -> Claim:
    units = min(line.units - line.units_settled, sold.units_left) if chains.of(case).holds_units else 0
    return Claim(line.order_line_id, max(units, 0), max(min(line.amount - line.amount_settled, sold.amount_left), ZERO))
