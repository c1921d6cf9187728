"""From an agreement to intents to pay, their release, and the end of a case. Nobody calls a gateway here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate, wake
from aftersales.actions.cases import holdings
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import calculation, instant_recovery, invoice_tasks
from aftersales.models import Case, Charge, Refund
from aftersales.models.refunds.refund import HOLDING
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import RefundStatus, Role, Status
from orders import books, entitlement
from orders.models import Entry, Order
from orders.models.posting import Account
from orders.refusals import Refused

ZERO = Decimal(0)
DONE = (RefundStatus.SUCCEEDED, RefundStatus.CANCELLED)
BY_HAND = (RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.REVERSED)


def begin_if_due(case: Case, *, at: datetime) -> Case:
    """Once a case refunds and nothing is intended yet, make the intents; a sum of zero completes at once.

    What was paid before the goods came counts; while its outcome is unknown, nothing is worked out.
    """
    if case.status != Status.REFUNDING or instant_recovery.waits(case):
        return case
    drafts = calculation.trial(case)
    amount = settlement.total(drafts)
    paid = instant_recovery.reckon(case, amount, at=at)
    calculation.narrow(case, drafts, amount, surplus=max(paid - amount, ZERO))
    Charge.objects.filter(case=case).delete()
    Charge.objects.bulk_create(
        Charge(
            case=case,
            kind=draft.kind,
            order_line_id=draft.line_id,
            units=draft.units,
            amount=draft.amount,
            rule=draft.rule,
        )
        for draft in drafts
    )
    Case.objects.filter(pk=case.pk).update(agreed_amount=amount, freight_held=case.freight_held)
    case.agreed_amount = amount
    if amount > paid:
        intend(case, amount - paid, at=at)
    elif not case.refunds.filter(status__in=HOLDING).exists():
        return settle(case.pk, by=actor.GATEWAY, at=at)
    return case


def intend(case: Case, amount: Decimal, *, at: datetime) -> list[Refund]:
    """Store one intent per payment, hold the money, post the promise. NotEntitled when the payments hold less."""
    needs_release = amount > case.policy.release_above
    refunds = []
    for share in entitlement.share(case.order_id, amount):
        refund = Refund(
            gateway=share.payment.gateway,
            case=case,
            order_id=case.order_id,
            merchant_id=case.merchant_id,
            payment=share.payment,
            currency=case.currency,
            amount=share.amount,
            points=share.points,
            created_at=at,
        )
        if needs_release:
            refund.ask_release()
        else:
            refund.queue()
        refund.save()
        post(refund, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at)
        refunds.append(refund)
    wake.after_commit("send_refunds")
    return refunds


def post(refund: Refund, kind: Entry.Kind, debit: Account, credit: Account, *, at: datetime, suffix: str = "") -> None:
    """Enter one movement of a refund in the books."""
    books.post(
        kind,
        f"{refund.number}{suffix}",
        at=at,
        merchant_id=refund.merchant_id,
        currency=refund.currency,
        sides=books.moved(debit, credit, refund.amount),
    )


@gate.transactional
def settle(case_id: int, *, by: Actor, at: datetime) -> Case:
    """All money went back: what was held is given back, the case is completed."""
    return gate.move(case_id, "settle", effect=_give_back, by=by, at=at)


def _give_back(case: Case, context: MoveContext) -> None:
    holdings.use_up(case)
    invoice_tasks.money_went_back(case, at=context.at)


@gate.transactional
def release(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """Finance lets a refund go out."""
    refund, role = refund_for("release_refund", refund_id, by)
    if refund.status != RefundStatus.AWAITING_RELEASE:
        raise Refused(
            _("This refund does not wait for release: it is “%(state)s”.") % {"state": refund.get_status_display()}
        )
    refund.queue()
    refund.released_at, refund.released_by_id = at, by.user_id
    refund.save()
    log(refund, "release_refund", role, by, at=at)
    wake.after_commit("send_refunds")
    return refund


@gate.transactional
def release_many(refund_ids: Sequence[int], *, by: Actor, at: datetime) -> list[tuple[Refund, str]]:
    """Release what finance has selected; each with the sentence why it was not released, or nothing."""
    chosen = Refund.objects.filter(pk__in=refund_ids).order_by("case_id", "pk")
    # All cases before all orders: two people who release overlapping selections then wait, and never for each other.
    list(Case.objects.select_for_update(of=("self",)).filter(refunds__in=refund_ids).order_by("pk"))
    list(Order.objects.select_for_update(of=("self",)).filter(refunds__in=refund_ids).order_by("pk"))
    done = []
    for refund in chosen:
        try:
            done.append((release(refund.pk, by=by, at=at), ""))
        except gate.Forbidden:
            raise
        except Refused as refusal:
            done.append((refund, str(refusal)))
    return done


def paid(refund: Refund, *, at: datetime) -> None:
    """The buyer has the money: payment and books follow."""
    refund.succeed()
    refund.ended_at, refund.lease_until, refund.unknown_since, refund.needs_person = at, None, None, False
    refund.save()
    entitlement.shift_payment(refund.payment_id, reserved=-refund.amount, settled=refund.amount)
    post(refund, Entry.Kind.PAID, Account.REFUNDS_DUE, Account.GATEWAY, at=at)


def complete_if_paid(case_id: int, *, at: datetime) -> None:
    """Complete a case whose last refund has been paid; when only failed ones are left, finance has to context."""
    case = Case.objects.get(pk=case_id)
    if case.status not in (Status.REFUNDING, Status.REFUND_FAILED):
        return
    if instant_recovery.is_open(case):
        begin_if_due(case, at=at)
        return
    left = set(case.refunds.exclude(status__in=DONE).values_list("status", flat=True))
    if not left:
        settle(case_id, by=actor.GATEWAY, at=at)
    elif case.status == Status.REFUNDING and not left & set(HOLDING):
        gate.move(case_id, "fail_refund", by=actor.GATEWAY, at=at)


def drop_proposal(refund: Refund) -> None:
    refund.hand_reference, refund.hand_proposed_by_id, refund.hand_proposed_at = "", None, None


def log(
    refund: Refund, action: str, role: Role, by: Actor, *, at: datetime, data: dict[str, str] | None = None
) -> None:
    """Put an act on a refund into the log of its case."""
    case = refund.case
    case_log.put(
        case,
        action,
        role=role,
        by=by,
        at=at,
        data={"refund": refund.number, "amount": str(refund.amount), **(data or {})},
    )


def locked_refund(refund_id: int) -> Refund:
    """Lock a refund in the lock order: its case, its order, then itself."""
    case_id, order_id = Refund.objects.values_list("case_id", "order_id").get(pk=refund_id)
    case = gate.locked(case_id)
    entitlement.locked_order(order_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    refund.case = case
    return refund


def refund_for(action: str, refund_id: int, by: Actor) -> tuple[Refund, Role]:
    refund = locked_refund(refund_id)
    role = by.role_for(moves.EVERY[action])
    if role is None:
        raise gate.Forbidden(_("Only finance may do this."))
    return refund, role
