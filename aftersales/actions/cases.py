"""Applying, deciding, applying again, withdrawing: the verbs of buyer and merchant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.actions import evidence, gate, refunds
from aftersales.actions.holdings import let_go, taken_by_another
from aftersales.models import Case, CaseLine, Policy, Reason, RejectReason, Round, Team
from aftersales.queries import policies
from aftersales.rules import actor, window
from aftersales.rules.actor import Actor
from aftersales.rules.photo import Photo
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, GoodsState, Role
from logistics.models import ReturnAddress
from orders import entitlement, money, receipt, statements
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)
AGREE = """
WITH voided AS (UPDATE aftersales_approvalrequest SET status = 'void' WHERE case_id = ANY(%s) AND status = 'pending')
UPDATE aftersales_round r SET outcome = 'agreed', decided_at = %s FROM aftersales_case c
WHERE c.id = ANY(%s) AND r.case_id = c.id AND r.number = c.round_number
"""


@dataclass(frozen=True)
class Wanted:
    """Units of one order line, and the money asked for them; no amount asks for all of their share."""

    units: int
    amount: Decimal | None = None


@dataclass(frozen=True)
class Application:
    """What a buyer asks."""

    order_id: int
    type: CaseType
    reason: Reason
    lines: Mapping[int, Wanted]
    description: str = ""
    wants_freight: bool = False
    photos: Sequence[Photo] = field(default_factory=tuple)


@gate.transactional
def apply(application: Application, *, by: Actor, at: datetime) -> Case:
    """Open a case: window, entitlement, evidence and count are checked, units and money are held.

    Refused says what stands against it. A policy may agree at once.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("buyer", "merchant").get(pk=application.order_id)
    )
    role = _applicant(order, by)
    lines = entitlement.locked_lines(order.pk)
    policy = _policy_for(order, lines, application, at)
    claims = _claims(order, lines, application)
    _refuse_unfit(order, lines, application, policy, at)
    freight = _freight(order, lines, claims, wanted=application.wants_freight)
    _refuse_too_many(lines, application, policy)
    entitlement.reserve(order.pk, claims, freight)
    case = _store(order, lines, application, policy, claims, freight, role=role, by=by, at=at)
    receipt.hold(order.pk, at=at)
    gate.opened(case, role=role, by=by, at=at, data={"round": 1})
    if application.photos:
        evidence.store(case, application.photos, role=role, user_id=by.user_id, at=at)
    return _agreed_by_policy(case, at)


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
) -> Case:
    """Agree to the request; goods that must come back are awaited, else the refund is made."""
    with gate.move(case_id, "approve", by=by, at=at, version=version, why=why) as case:
        prepare_agreement(case, by=by, at=at, address=address, return_freight=return_freight)
        rounds_agreed([case_id], at=at)
    return refunds.begin_if_due(case, at=at)


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


def rounds_agreed(case_ids: Sequence[int], *, at: datetime) -> None:
    """The current applications of these cases were agreed to; nobody need be asked about them any more."""
    statements.rows(AGREE, [list(case_ids), at, list(case_ids)])


def usable_address(case: Case) -> ReturnAddress | None:
    """The address the case has, or the merchant's default one."""
    if case.return_address is not None and case.return_address.is_active:
        return case.return_address
    return case.merchant.return_addresses.filter(is_default=True, is_active=True).first()


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
        close_round(case, reason, note, len(photos), at=at)
        case.approval_requests.filter(status="pending").update(status="void")
    return case


def close_round(case: Case, reason: RejectReason, note: str, proofs: int, *, at: datetime) -> None:
    """Keep the rejected round on record."""
    if reason.needs_text and not note.strip():
        raise Refused(_("“%(reason)s” needs an explanation.") % {"reason": reason.name})
    shown = case.evidence.filter(round_number=case.round_number).exclude(role=Role.BUYER).count()
    if reason.needs_proof and not (proofs or shown):
        raise Refused(_("“%(reason)s” needs proof: attach a photo first.") % {"reason": reason.name})
    case.reject_reason, case.reject_note = reason, note
    Round.objects.filter(case=case, number=case.round_number).update(
        outcome=Round.Outcome.REJECTED, reject_reason=reason, reject_note=note, decided_at=at
    )


@gate.transactional
def reapply(case_id: int, application: Application, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Modify and apply again after a rejection: the old round stays, what was held is exchanged."""
    with gate.move(case_id, "reapply", by=by, at=at, version=version, why=application.description) as case:
        let_go(case)
        order = entitlement.locked_order(case.order_id)
        lines = entitlement.locked_lines(order.pk)
        claims = _claims(order, lines, application)
        _refuse_unfit(order, lines, application, case.policy, at, case)
        _refuse_too_many(lines, application, case.policy)
        freight = _freight(order, lines, claims, wanted=application.wants_freight)
        entitlement.reserve(order.pk, claims, freight)
        case.goods_state = window.goods_state(order, at)
        _ask_again(case, application, claims, freight)
        new_round(case, number=case.round_number + 1, role=gate.role_to("reapply", by, case), at=at)
        if application.photos:
            evidence.store(case, application.photos, role=Role.BUYER, user_id=by.user_id, at=at)
    return case


@gate.transactional
def withdraw(case_id: int, *, by: Actor, at: datetime, version: int | None = None, why: str = "") -> Case:
    """The buyer no longer asks; a return parcel under way stays tracked."""
    with gate.move(case_id, "withdraw", by=by, at=at, version=version, why=why) as case:
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
        claims = [_left_of(line, lines[line.order_line_id]) for line in case.lines.all()]
        if not any(claim.units or claim.amount for claim in claims):
            raise Refused(_("Nothing of these items is left to give back."))
        _refuse_busy(lines, [claim.line_id for claim in claims], case.type, case)
        case.freight_held = _freight(order, lines, claims, wanted=False)
        case.goods_state = window.goods_state(order, at)
        entitlement.reserve(order.pk, claims, case.freight_held)
        for claim in claims:
            CaseLine.objects.filter(case=case, order_line=claim.line_id).update(
                units_held=claim.units,
                amount_held=claim.amount,
                amount=claim.amount,
                units_received=0,
                units_accepted=0,
            )
        case.requested_amount, case.agreed_amount = sum((claim.amount for claim in claims), ZERO), None
        new_round(case, number=case.round_number + 1, role=Role.SUPERVISOR, at=at)
        receipt.hold(order.pk, at=at)
    return case


def new_round(case: Case, *, number: int, role: Role, at: datetime) -> Round:
    """Record an application as it was made."""
    lines = [
        {"line": line.order_line_id, "title": line.order_line.title, "units": line.units, "amount": str(line.amount)}
        for line in case.lines.select_related("order_line")
    ]
    return Round.objects.create(
        case=case,
        number=number,
        type=case.type,
        reason=case.reason,
        amount=case.requested_amount + case.freight_held,
        lines=lines,
        description=case.description,
        applied_role=role,
        applied_at=at,
    )


def _applicant(order: Order, by: Actor) -> Role:
    role = by.role_for("apply")
    foreign = by.merchant_id not in (None, order.merchant_id) or by.buyer_id not in (None, order.buyer_id)
    if role is None or foreign:
        raise gate.Forbidden(_("You may not apply for this order."))
    return role


def _policy_for(order: Order, lines: Mapping[int, OrderLine], application: Application, at: datetime) -> Policy:
    first = next((lines[pk] for pk in application.lines if pk in lines), None)
    category = first.category if first else ""
    return policies.resolve(order, case_type=application.type, reason=application.reason, category=category, at=at)


def _refuse_unfit(
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    at: datetime,
    case: Case | None = None,
) -> None:
    asked_at = case.opened_at if case else at
    unfit = window.refusal(order, application.reason, policy, application.type, at, asked_at=asked_at)
    if unfit:
        raise Refused(unfit)
    shown = bool(application.photos) or (case is not None and case.evidence.exists())
    if application.reason.needs_photo and not shown:
        raise Refused(_("“%(reason)s” needs a photo.") % {"reason": application.reason.name})
    _refuse_busy(lines, list(application.lines), application.type, case)


def _refuse_busy(lines: Mapping[int, OrderLine], wanted: Sequence[int], type: str, case: Case | None) -> None:
    busy = CaseLine.objects.filter(order_line__in=wanted, case_type=type, is_open=True)
    other = busy.exclude(case=case).select_related("case").first()
    if other is not None:
        title = lines[other.order_line_id].title
        raise Refused(_("%(title)s is already in case %(number)s.") % {"title": title, "number": other.case.number})


def _claims(order: Order, lines: Mapping[int, OrderLine], application: Application) -> list[Claim]:
    claims = []
    for pk, wanted in application.lines.items():
        line = lines.get(pk)
        if line is None:
            raise NotEntitled(_("This item is not part of the order."))
        if wanted.units == 0:
            continue
        if not 0 < wanted.units <= line.units_left:
            claims.append(Claim(pk, wanted.units, ZERO))
            continue
        most = money.share_of_units(
            line.paid_amount, line.quantity, wanted.units, line.units_left, line.amount_left, order.currency
        )
        amount = most if wanted.amount is None else wanted.amount
        if not (money.is_whole(amount, order.currency) and ZERO <= amount <= most):
            raise NotEntitled(
                _("%(title)s: at most %(most)s for %(units)d of it.")
                % {"title": line.title, "most": money_text(most, order.currency), "units": wanted.units}
            )
        claims.append(Claim(pk, wanted.units, amount))
    if not claims:
        raise Refused(_("Choose at least one item."))
    return claims


def _freight(order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], *, wanted: bool) -> Decimal:
    """Freight goes back once, and only if nothing was shipped, with the last units."""
    last = sum(line.units_left for line in lines.values()) == sum(claim.units for claim in claims)
    if order.shipped_at is None and last:
        return order.freight_left
    if wanted:
        raise Refused(_("Freight is given back only when nothing was shipped, with the last item."))
    return ZERO


def _refuse_too_many(lines: Mapping[int, OrderLine], application: Application, policy: Policy) -> None:
    for pk in application.lines:
        used = Round.objects.filter(case__lines__order_line=pk).count()
        if used >= policy.application_count:
            raise Refused(
                _("%(title)s was applied for %(used)d times; %(limit)d is the limit.")
                % {"title": lines[pk].title, "used": used, "limit": policy.application_count}
            )


def _store(
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    claims: Sequence[Claim],
    freight: Decimal,
    *,
    role: Role,
    by: Actor,
    at: datetime,
) -> Case:
    reason = application.reason
    case = Case.objects.create(
        number=next_number(at),
        order=order,
        merchant=order.merchant,
        buyer=order.buyer,
        currency=order.currency,
        type=application.type,
        subject=subject_of([lines[claim.line_id] for claim in claims]),
        description=application.description,
        reason=reason,
        fault=reason.fault,
        freight_payer=reason.freight_payer,
        goods_state=window.goods_state(order, at),
        policy=policy,
        requested_amount=sum((claim.amount for claim in claims), ZERO),
        freight_held=freight,
        return_address=order.merchant.return_addresses.filter(is_default=True, is_active=True).first(),
        applied_by_id=by.user_id,
        applied_role=role,
        team=team_for(order.merchant_id),
        opened_at=at,
        opened_on=timezone.localdate(at),
        moved_at=at,
    )
    _store_lines(case, claims)
    new_round(case, number=1, role=role, at=at)
    return case


def _store_lines(case: Case, claims: Sequence[Claim]) -> None:
    CaseLine.objects.bulk_create(
        CaseLine(
            case=case,
            order_id=case.order_id,
            order_line_id=claim.line_id,
            case_type=case.type,
            units=claim.units,
            amount=claim.amount,
            units_held=claim.units,
            amount_held=claim.amount,
        )
        for claim in claims
    )


def _ask_again(case: Case, application: Application, claims: Sequence[Claim], freight: Decimal) -> None:
    case.reason = application.reason
    case.fault, case.freight_payer = application.reason.fault, application.reason.freight_payer
    case.type = application.type
    case.description = application.description
    case.requested_amount, case.freight_held = sum((claim.amount for claim in claims), ZERO), freight
    case.agreed_amount = None
    for claim in claims:
        CaseLine.objects.update_or_create(
            case=case,
            order_line_id=claim.line_id,
            defaults={
                "order_id": case.order_id,
                "case_type": case.type,
                "units": claim.units,
                "amount": claim.amount,
                "units_held": claim.units,
                "amount_held": claim.amount,
                "units_received": 0,
                "units_accepted": 0,
            },
        )
    # A line that was inspected stays as a record; one that is merely no longer asked for goes.
    others = case.lines.exclude(order_line__in=[claim.line_id for claim in claims])
    others.filter(units_settled=0, inspected__isnull=True).delete()
    others.update(units_received=0, units_accepted=0)


def _left_of(line: CaseLine, sold: OrderLine) -> Claim:
    units = min(line.units - line.units_settled, sold.units_left)
    return Claim(line.order_line_id, max(units, 0), max(min(line.amount - line.amount_settled, sold.amount_left), ZERO))


def _agreed_by_policy(case: Case, at: datetime) -> Case:
    asked = case.requested_amount + case.freight_held
    small = policies.sum_below(asked, case.policy.auto_approve_below)
    returnless = case.goods_must_return and policies.sum_below(asked, case.policy.returnless_below)
    if returnless and taken_by_another(case, CaseType.REFUND_ONLY):
        returnless = False
    if returnless:
        case.type = CaseType.REFUND_ONLY
        Case.objects.filter(pk=case.pk).update(type=CaseType.REFUND_ONLY, goods_state=GoodsState.SIGNED)
    if small or returnless:
        return approve(case.pk, by=actor.POLICY, at=at, why=str(case.policy))
    return case


def next_number(at: datetime) -> str:
    """A case number, never used twice: AS-26-004821."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('aftersales_case_number')")
        return f"AS-{timezone.localtime(at):%y}-{cursor.fetchone()[0]:06d}"


def subject_of(lines: Sequence[OrderLine]) -> str:
    """The first item, and how many more there are."""
    first = " ".join(part for part in (lines[0].title, lines[0].variant) if part)
    return f"{first[:280]} +{len(lines) - 1}" if len(lines) > 1 else first[:300]


def team_for(merchant_id: int) -> Team | None:
    """The team that serves a merchant: the one that names it, else one that serves all."""
    return (
        Team.objects.filter(merchants=merchant_id).order_by("pk").first()
        or Team.objects.filter(merchants__isnull=True).order_by("pk").first()
    )
