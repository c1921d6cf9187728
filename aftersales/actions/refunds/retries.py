"""Refunds that are paid again: sent anew by finance, or by the platform when the merchant let the time pass."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import deadlines, gate, wake
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import intents
from aftersales.models import Case, Refund
from aftersales.models.refunds.refund import UNPAID, Payer
from aftersales.queries.disputes import payment_disputes
from aftersales.rules.actor import Actor
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.refunds import retry_outcome
from aftersales.rules.vocabulary import DeadlineKind, RefundStatus, Status
from orders import entitlement
from orders.models import Entry, Order
from orders.models.posting import Account
from orders.refusals import Refused


@gate.transactional
def retry(refund_id: int, *, by: Actor, at: datetime, seen: str | None = None) -> Refund:
    """Send a failed refund again under its own number, or ask after an unknown one; the payment must hold the sum.

    `seen` is the outcome that the person has read: Refused when goods or payment have moved since.
    """
    refund, role = intents.refund_for("retry_refund", refund_id, by)
    _refuse_disputed(refund)
    _refuse_other_outcome(refund, seen, at)
    if refund.may_be_asked_again:
        ask_again(refund, at=at)
        intents.log(refund, "query_refund", role, by, at=at)
        return refund
    if refund.status == RefundStatus.REVERSED:
        return replace(refund, by=by, at=at)
    _refuse_unless_failed(refund)
    requeue(refund, at=at)
    _resume_case(refund, by=by, at=at)
    return refund


def _refuse_disputed(refund: Refund) -> None:
    if refund.status in (RefundStatus.FAILED, RefundStatus.REVERSED) and payment_disputes.is_open(refund.payment_id):
        raise Refused(_("The payment is disputed at the buyer's bank: nothing is sent along it until that has ended."))


def _refuse_other_outcome(refund: Refund, seen: str | None, at: datetime) -> None:
    """Case and order are locked by now, so that what is compared stays."""
    if seen is not None and seen != retry_outcome.sentence(refund, Order.objects.get(pk=refund.order_id), at):
        raise Refused(_("What this leads to has changed since you opened it: read it again, then confirm."))


def _refuse_unless_failed(refund: Refund) -> None:
    if refund.status != RefundStatus.FAILED:
        sentence = _("Only a failed refund can be sent again; this one is “%(state)s”.")
        raise Refused(sentence % {"state": refund.get_status_display()})


def ask_again(refund: Refund, *, at: datetime) -> None:
    """Have the worker ask the gateway at once, and for another day."""
    refund.needs_person, refund.hold_until, refund.unknown_since = False, at, at
    intents.drop_proposal(refund)
    refund.save()
    wake.after_commit("send_refunds")


def replace(reversed_one: Refund, *, by: Actor, at: datetime) -> Refund:
    """Pay again what the gateway took back: a new movement of money with a number of its own."""
    intents.drop_proposal(reversed_one)
    fresh = owed_again(reversed_one, at=at)
    _resume_case(fresh, by=by, at=at)
    return fresh


def _resume_case(refund: Refund, *, by: Actor, at: datetime) -> None:
    if refund.case.status == Status.REFUND_FAILED:
        before, now = retry_outcome.goods(refund, Order.objects.get(pk=refund.order_id), at)
        moved = {"goods": [before.value, now.value]} if before != now else {}
        gate.move(refund.case_id, "retry_refund", by=by, at=at, data={"refund": refund.number, **moved})


def owed_again(ended: Refund, *, at: datetime, payer: Payer | None = None) -> Refund:
    """Queue a new refund in place of a failed or reversed one, paid by the same money unless a `payer` is named.

    Who said that it was paid by hand is taken over: nothing is sent until that is answered.
    """
    # A reversed one keeps its end, for it was given once; of a failed one nothing was ever given.
    ended.ended_at = ended.ended_at if ended.status == RefundStatus.REVERSED else None
    ended.cancel()
    ended.needs_person = False
    ended.save()
    entitlement.hold_payment(ended.payment_id, ended.amount)
    fresh = _copy(ended, at)
    fresh.payer = payer or ended.payer
    _queue(fresh, at)
    fresh.save()
    intents.post(fresh, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at)
    wake.after_commit("send_refunds")
    return fresh


def divided(whole: Refund, amount: Decimal, *, at: datetime) -> Refund:
    """Replace a refund that was not sent by two, of `amount` and of the rest; each waits for what it waited for.

    Answers the first one.
    """
    begin = Refund.ask_release if whole.status == RefundStatus.AWAITING_RELEASE else Refund.queue
    whole.cancel()
    whole.save()
    entitlement.shift_payment(whole.payment_id, reserved=-whole.amount)
    intents.post(whole, Entry.Kind.RELEASED, Account.REFUNDS_DUE, Account.MERCHANT, at=at, suffix="/divided")
    points = int(whole.points * amount / whole.amount)
    first = _part(whole, amount, points, begin, at)
    _part(whole, whole.amount - amount, whole.points - points, begin, at)
    return first


def _part(whole: Refund, amount: Decimal, points: int, begin: Callable[[Refund], None], at: datetime) -> Refund:
    part = _copy(whole, at)
    part.amount, part.points, part.payer = amount, points, whole.payer
    part.released_at, part.released_by_id = whole.released_at, whole.released_by_id
    part.first_released_at, part.first_released_by_id = whole.first_released_at, whole.first_released_by_id
    begin(part)
    part.save()
    entitlement.hold_payment(part.payment_id, amount)
    intents.post(part, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at)
    return part


def _copy(refund: Refund, at: datetime) -> Refund:
    """The same sum along the same payment; the number is new, for the gateway has ended the old one."""
    return Refund(
        gateway=refund.gateway,
        case=refund.case,
        order_id=refund.order_id,
        merchant_id=refund.merchant_id,
        payment_id=refund.payment_id,
        currency=refund.currency,
        amount=refund.amount,
        points=refund.points,
        hand_reference=refund.hand_reference,
        hand_proposed_by_id=refund.hand_proposed_by_id,
        hand_proposed_at=refund.hand_proposed_at,
        created_at=at,
    )


def requeue(refund: Refund, *, at: datetime) -> None:
    """Hold the money again and put the refund into the queue."""
    intents.drop_proposal(refund)
    hold_again(refund, at=at)
    refund.save()
    wake.after_commit("send_refunds")


def hold_again(refund: Refund, *, at: datetime) -> None:
    """Hold the sum of a failed refund once more and promise it anew; NotEntitled, the caller saves."""
    entitlement.locked_order(refund.order_id)
    entitlement.hold_payment(refund.payment_id, refund.amount)
    _queue(refund, at)
    refund.hold_until, refund.needs_person, refund.ended_at = None, False, None
    # Entries are unique by kind and reference: the number of tries tells this promise from the first one.
    intents.post(refund, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at, suffix=f"/{refund.tries}")


def _queue(refund: Refund, at: datetime) -> None:
    """Ready to be sent; in doubt where somebody has said that it was paid by hand, until a second person answers."""
    refund.queue()
    if refund.hand_proposed_by_id is not None:
        refund.doubt()
        refund.unknown_since = at


@gate.transactional
def platform_pays(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The time to refund is over: the platform pays at once what the merchant's account refused in its time.

    The guarantee account is charged when the buyer has that money. What waits for the platform itself, to be
    released, sent or confirmed as paid by hand, charges nobody: it is looked at again when the next time is over.
    """
    return gate.move(case_id, "platform_pays", effect=_pay_for_merchant, by=by, at=at)


def _pay_for_merchant(case: Case, context: MoveContext) -> None:
    entitlement.locked_order(case.order_id)
    waiting = case.refunds.filter(status__in=[*UNPAID, RefundStatus.REVERSED])
    for refund in waiting.select_for_update(of=("self",)).order_by("pk"):
        refund.case = case
        _pass_deadline(refund, at=context.at, calendar=context.calendar)


def _pass_deadline(refund: Refund, *, at: datetime, calendar: Calendar) -> None:
    """Pay a refund that has ended without money again; of one whose end nobody knows yet, note who pays if it fails."""
    if payment_disputes.is_open(refund.payment_id):
        _wait_for_bank(refund, at=at)
        return
    is_late = refund.payer == Payer.PLATFORM or _merchant_had_its_time(refund, at, calendar)
    if refund.hand_proposed_by_id is not None and refund.status == RefundStatus.FAILED:
        hold_again(refund, at=at)
    elif refund.status in (RefundStatus.FAILED, RefundStatus.REVERSED):
        owed_again(refund, at=at, payer=Payer.PLATFORM if is_late else None)
        return
    elif is_late and refund.payer == Payer.MERCHANT:
        # At the gateway it may have been paid: the platform pays only once it is known that it was not.
        refund.merchant_late_at = refund.merchant_late_at or at
    refund.save()


def _wait_for_bank(refund: Refund, *, at: datetime) -> None:
    """The buyer's bank may be giving the buyer this money: nobody else pays, nobody is late, the refund waits."""
    if refund.status == RefundStatus.FAILED:
        hold_again(refund, at=at)
        refund.save()
    elif refund.status == RefundStatus.REVERSED:
        owed_again(refund, at=at)


def _merchant_had_its_time(refund: Refund, at: datetime, calendar: Calendar) -> bool:
    """Whether the merchant's account was asked, and the time for it ran since finance let the refund go."""
    if not refund.tries or refund.hand_proposed_by_id is not None:
        return False
    if refund.released_at is None:
        return True
    return deadlines.due(refund.case, DeadlineKind.REFUND, since=refund.released_at, calendar=calendar) <= at
