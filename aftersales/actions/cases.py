"""Applying, deciding, applying again, withdrawing: the verbs of buyer and merchant."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftersales.actions import advances, asking, automatic, consequences, evidence, gate, opening, repairs, stockroom
from aftersales.actions.asking import Application
from aftersales.actions.holdings import let_go
from aftersales.models import Case, CaseLine, RejectReason, Round
from aftersales.models.reason import FreightPayer
from aftersales.queries import return_addresses
from aftersales.rules import actor, burden, case_types, chains, window
from aftersales.rules.actor import Actor
from aftersales.rules.photo import Photo
from aftersales.rules.vocabulary import Role, Status
from logistics import pickups
from logistics.models import ReturnAddress
from orders import entitlement, receipt, statements
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import Refused

ZERO = Decimal(0)
AGREE = """
WITH voided AS (UPDATE aftersales_approvalrequest SET status = 'void' WHERE case_id = ANY(%s) AND status = 'pending')
UPDATE aftersales_round r SET outcome = 'agreed', decided_at = %s FROM aftersales_case c
WHERE c.id = ANY(%s) AND r.case_id = c.id AND r.number = c.round_number
"""


@gate.transactional
def apply(application: Application, *, by: Actor, at: datetime) -> Case:
    """Open a case: window, entitlement, evidence and count are checked, units and money are held.

    Refused says what stands against it. A policy may agree at once.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("buyer", "merchant").get(pk=application.order_id)
    )
    role = asking.applicant(order, by)
    lines = entitlement.locked_lines(order.pk)
    policy = asking.policy_for(order, lines, application, at)
    claims = asking.claims_of(order, lines, application, policy, at)
    asking.refuse_unfit(order, lines, application, policy, at)
    freight = asking.freight_held(order, lines, claims, application)
    asking.refuse_too_many(lines, application, policy)
    entitlement.reserve(order.pk, claims, freight)
    case = opening.store(order, lines, application, policy, claims, freight, role=role, by=by, at=at)
    receipt.hold(order.pk, at=at)
    decision = automatic.decide(case, order, lines, at=at)
    gate.opened(case, role=role, by=by, at=at, data={"round": 1} | ({} if decision.rule else decision.data))
    if application.photos:
        evidence.store(case, application.photos, role=role, user_id=by.user_id, at=at)
    if not decision.rule:
        return case
    automatic.apply(case, decision, at=at)
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
    data: dict[str, Any] | None = None,
) -> Case:
    """Agree to the request; goods that must come back are awaited, else the refund is made."""
    details = {} if data is None else data
    with gate.move(case_id, "approve", by=by, at=at, version=version, why=why, data=details) as case:
        prepare_agreement(case, by=by, at=at, address=address, return_freight=return_freight)
        if case.goods_must_return and case.policy.has_prepaid_label:
            details["label"] = "prepaid"
        rounds_agreed([case_id], at=at)
    return consequences.follow(case, by=by, at=at)


def prepare_agreement(
    case: Case, *, by: Actor, at: datetime, address: ReturnAddress | None = None, return_freight: Decimal = ZERO
) -> None:
    """What agreeing sets on the case: where goods go, who agreed when."""
    case.approved_at = at
    if Role.CLOCK in by.roles:
        case.clock_approved_at = at
        case.breached_at = case.breached_at or at
    if case.goods_must_return:
        case.return_address = address or usable_address(case)
        case.return_freight_amount = return_freight
        if case.policy.has_prepaid_label:
            case.freight_payer, case.freight_rule = FreightPayer.MERCHANT, "prepaid_label"


def rounds_agreed(case_ids: Sequence[int], *, at: datetime) -> None:
    """The current applications of these cases were agreed to; nobody need be asked about them any more."""
    statements.rows(AGREE, [list(case_ids), at, list(case_ids)])


def usable_address(case: Case) -> ReturnAddress | None:
    """The address the case has, or the merchant's best one for what the case is about."""
    return return_addresses.address_for(case)


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
    with gate.move(case_id, "reject", by=by, at=at, version=version, why=note, data={"reason": reason.code}) as case:
        if photos:
            evidence.store(case, photos, role=gate.role_to("reject", by, case), user_id=by.user_id, at=at)
        unproved = burden.against_rejecting(case, len(photos) + _shown(case))
        if unproved:
            raise Refused(unproved)
        close_round(case, reason, note, len(photos), at=at)
        case.approval_requests.filter(status="pending").update(status="void")
    return case


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
    with gate.move(case_id, "reapply", by=by, at=at, version=version, why=application.description) as case:
        let_go(case)
        order = entitlement.locked_order(case.order_id)
        lines = entitlement.locked_lines(order.pk)
        claims = asking.claims_of(order, lines, application, case.policy, at)
        asking.refuse_unfit(order, lines, application, case.policy, at, case)
        asking.refuse_too_many(lines, application, case.policy)
        advances.refuse_less(case, claims, holds_units=case_types.of(application.type).holds_units)
        freight = asking.freight_held(order, lines, claims, application)
        entitlement.reserve(order.pk, claims, freight)
        case.goods_state = window.goods_state(order, at)
        opening.ask_again(case, application, claims, freight)
        opening.new_round(case, number=case.round_number + 1, role=gate.role_to("reapply", by, case), at=at)
        if application.photos:
            evidence.store(case, application.photos, role=Role.BUYER, user_id=by.user_id, at=at)
    return case


@gate.transactional
def withdraw(case_id: int, *, by: Actor, at: datetime, version: int | None = None, why: str = "") -> Case:
    """The buyer no longer asks; a return parcel under way stays tracked."""
    with gate.move(case_id, "withdraw", by=by, at=at, version=version, why=why) as case:
        if case.status == Status.RETURN_IN_TRANSIT:
            pickups.call_off(case.number, at=at)
        end(case, at=at)
    return case


@gate.transactional
def expire(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer let the time pass; what was held is free again."""
    with gate.move(case_id, "expire", by=by, at=at, version=version) as case:
        end(case, at=at)
    return case


def end(case: Case, *, at: datetime) -> None:
    """Free what a closing case holds, and void what was still asked."""
    stockroom.leave(case, at=at)
    advances.leave(case, at=at)
    repairs.leave_unrepaired(case, at=at)
    let_go(case)
    case.offers.filter(status="open").update(status="void", answered_at=at)
    case.approval_requests.filter(status="pending").update(status="void")
    Round.objects.filter(case=case, number=case.round_number, outcome=Round.Outcome.OPEN).update(
        outcome=Round.Outcome.CLOSED, decided_at=at
    )


@gate.transactional
def reopen(case_id: int, *, by: Actor, at: datetime, why: str, version: int | None = None) -> Case:
    """Take an ended case up again; a reason is mandatory, and something must be left to give back."""
    if not why.strip():
        raise Refused(_("Say why this case is opened again."))
    with gate.move(case_id, "reopen", by=by, at=at, version=version, why=why) as case:
        order = entitlement.locked_order(case.order_id)
        lines = entitlement.locked_lines(order.pk)
        claims = [_left_of(case, line, lines[line.order_line_id]) for line in case.lines.all()]
        if not any(claim.units or claim.amount for claim in claims):
            raise Refused(_("Nothing of these items is left to give back."))
        asking.refuse_busy(lines, [claim.line_id for claim in claims], case.type, case)
        case.freight_held = asking.freight_of(order, lines, claims, wanted=False, type=case.type)
        case.goods_state = window.goods_state(order, at)
        entitlement.reserve(order.pk, claims, case.freight_held)
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
        opening.new_round(case, number=case.round_number + 1, role=Role.SUPERVISOR, at=at)
        receipt.hold(order.pk, at=at)
    return case


def _left_of(case: Case, line: CaseLine, sold: OrderLine) -> Claim:
    units = min(line.units - line.units_settled, sold.units_left) if chains.of(case).holds_units else 0
    return Claim(line.order_line_id, max(units, 0), max(min(line.amount - line.amount_settled, sold.amount_left), ZERO))
