"""From an agreement to stored intents to pay, and the end of the case. No gateway is called here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate, wake
from aftersales.actions.cases import holdings
from aftersales.actions.effects import MoveContext
from aftersales.actions.people import acting_role
from aftersales.actions.refunds import calculation, instant_recovery, invoice_tasks
from aftersales.models import Case, Charge, Refund
from aftersales.models.refunds.refund import GIVEN, HOLDING, Payer
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority, settlement
from aftersales.rules.refunds.settlement import Draft
from aftersales.rules.vocabulary import GoodsState, RefundStatus, Role, Status
from orders import books, cancellation, entitlement
from orders.entitlement import Share
from orders.models import Entry
from orders.models.posting import Account

ZERO = Decimal(0)
ENDED = (RefundStatus.SUCCEEDED, RefundStatus.CANCELLED)
SETTLED_MANUALLY = (RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.REVERSED)


def begin_if_due(case: Case, *, at: datetime) -> Case:
    """Make the intents of a case that has come to refund; a sum of zero completes it at once.

    1. What was paid before the goods came counts; while its outcome is unknown, nothing is worked out.
    2. The order is read anew under its lock: two cases that are decided at once see each other.
    3. The holding shrinks to what goes back, the calculation is fixed line by line.
    4. What is not paid yet is intended; where nothing is left to pay, the case is completed.
    """
    if case.status != Status.REFUNDING or instant_recovery.is_in_doubt(case):
        return case
    case.order = entitlement.locked_order(case.order_id)
    drafts = calculation.trial(case)
    due = settlement.total(drafts)
    paid = instant_recovery.set_off(case, due, at=at)
    calculation.narrow(case, drafts, due, surplus=max(paid - due, ZERO))
    _fix(case, drafts, due)
    if due > paid:
        intend(case, due - paid, at=at)
    elif not case.refunds.filter(status__in=HOLDING).exists():
        return settle(case.pk, by=actor.GATEWAY, at=at)
    return case


def _fix(case: Case, drafts: Sequence[Draft], due: Decimal) -> None:
    """Store the calculation as it stands: from now on the page shows it, and no rule changes it."""
    Charge.objects.filter(case=case).delete()
    Charge.objects.bulk_create(_charge(case, draft) for draft in drafts)
    # Not a move, so it does not pass the gate: the case stays where it is, and its version with it.
    Case.objects.filter(pk=case.pk).update(agreed_amount=due, freight_held=case.freight_held)
    case.agreed_amount = due


def _charge(case: Case, draft: Draft) -> Charge:
    return Charge(
        case=case,
        kind=draft.kind,
        order_line_id=draft.line_id,
        units=draft.units,
        amount=draft.amount,
        rule=draft.rule,
    )


def intend(case: Case, amount: Decimal, *, at: datetime) -> list[Refund]:
    """Store one refund per payment, hold the money, post the promise. NotEntitled when the payments hold less."""
    # Of the whole order: parts of it are no way around the limit.
    needs_release = authority.needs_release(amount + _unreleased(case.order_id), case.policy)
    refunds = [_refund(case, share, at) for share in entitlement.share(case.order_id, amount)]
    for refund in refunds:
        begin = refund.ask_release if needs_release else refund.queue
        begin()
        refund.save()
        post(refund, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at)
    wake.after_commit("send_refunds")
    return refunds


def _unreleased(order_id: int) -> Decimal:
    """What goes back or went back of an order that finance has not looked at."""
    alone = Refund.objects.filter(order=order_id, released_at__isnull=True, status__in=GIVEN)
    return alone.aggregate(sum=Sum("amount"))["sum"] or ZERO


def _refund(case: Case, share: Share, at: datetime) -> Refund:
    return Refund(
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


def post(refund: Refund, kind: Entry.Kind, debit: Account, credit: Account, *, at: datetime, suffix: str = "") -> None:
    """Enter one movement of a refund in the books; a `suffix` tells movements of the same kind apart."""
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
    """Complete the case, all its money has gone back: what it held counts as given back."""
    return gate.move(case_id, "settle", effect=_give_back, by=by, at=at)


def _give_back(case: Case, context: MoveContext) -> None:
    holdings.use_up(case)
    if case.goods_state == GoodsState.UNSHIPPED:
        cancellation.cancel_if_all_is_back(case.order_id, at=context.at)
    invoice_tasks.money_went_back(case, at=context.at)


def paid(refund: Refund, *, at: datetime) -> None:
    """The buyer has the money: the refund has succeeded, payment and books follow."""
    refund.succeed()
    refund.ended_at, refund.lease_until, refund.unknown_since, refund.needs_person = at, None, None, False
    refund.save()
    entitlement.shift_payment(refund.payment_id, reserved=-refund.amount, settled=refund.amount)
    post(refund, Entry.Kind.PAID, Account.REFUNDS_DUE, paying_account(refund), at=at)
    # Only now that the buyer has it: until then the platform has lent the merchant nothing.
    if refund.payer == Payer.PLATFORM:
        post(refund, Entry.Kind.GUARANTEE_CHARGED, Account.GUARANTEE, Account.MERCHANT, at=at)


def taken_back(refund: Refund, *, at: datetime) -> None:
    """The buyer has the money no more: the books go back to where they were, a charge on the guarantee account too."""
    entitlement.shift_payment(refund.payment_id, settled=-refund.amount)
    post(refund, Entry.Kind.REVERSED, paying_account(refund), Account.MERCHANT, at=at)
    if refund.payer == Payer.PLATFORM:
        post(refund, Entry.Kind.GUARANTEE_RETURNED, Account.MERCHANT, Account.GUARANTEE, at=at)


def paying_account(refund: Refund) -> Account:
    """The account that the money of a refund leaves: the bank's if it was paid by hand, whoever owed it."""
    if refund.hand_confirmed_by_id is not None:
        return Account.BANK
    return Account.PLATFORM if refund.payer == Payer.PLATFORM else Account.GATEWAY


def complete_if_paid(case: Case, *, at: datetime) -> None:
    """Complete a locked case whose last refund was paid; when only failed ones are left, finance has to act."""
    if case.status not in (Status.REFUNDING, Status.REFUND_FAILED):
        return
    if instant_recovery.is_open(case):
        begin_if_due(case, at=at)
    else:
        _complete_or_fail(case, at=at)


def _complete_or_fail(case: Case, *, at: datetime) -> None:
    left = set(case.refunds.exclude(status__in=ENDED).values_list("status", flat=True))
    if not left:
        settle(case.pk, by=actor.GATEWAY, at=at)
    # While another refund of the case may still be paid, one that failed is no reason to call for finance.
    elif case.status == Status.REFUNDING and not left & set(HOLDING):
        gate.move(case.pk, "fail_refund", by=actor.GATEWAY, at=at)


def drop_proposal(refund: Refund) -> None:
    """Forget that somebody proposed to settle it manually; the caller saves."""
    refund.hand_reference, refund.hand_proposed_by_id, refund.hand_proposed_at = "", None, None


def log(refund: Refund, action: str, role: Role, by: Actor, *, at: datetime, **data: str) -> None:
    """Put an act on a refund into the log of its case."""
    told = {"refund": refund.number, "amount": str(refund.amount), **data}
    case_log.put(refund.case, action, role=role, by=by, at=at, data=told)


def locked_refund(refund_id: int) -> Refund:
    """Lock a refund in the lock order: its case, its order, then itself."""
    case_id, order_id = Refund.objects.values_list("case_id", "order_id").get(pk=refund_id)
    case = gate.locked(case_id)
    # The worker and people come from different ends: both take the case first, so that neither waits for the other.
    entitlement.locked_order(order_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    refund.case = case
    return refund


def refund_for(action: str, refund_id: int, by: Actor) -> tuple[Refund, Role]:
    """The locked refund, and the role in which the person acts on it; Forbidden without one."""
    refund = locked_refund(refund_id)
    role = acting_role.role_in(moves.EVERY[action], by)
    if role is None:
        raise gate.Forbidden(_("Only finance may do this."))
    return refund, role
