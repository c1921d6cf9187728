"""Refunds that are paid again: sent anew by finance, or by the platform when the merchant let the time pass."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate, wake
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import intents
from aftersales.models import Case, Refund
from aftersales.models.refunds.refund import UNPAID, Payer
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import RefundStatus, Status
from orders import entitlement
from orders.models import Entry
from orders.models.posting import Account
from orders.refusals import Refused


@gate.transactional
def retry(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """Send a failed refund again under its own number, or ask after an unknown one; the payment must hold the sum."""
    refund, role = intents.refund_for("retry_refund", refund_id, by)
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
    fresh = owed_again(reversed_one, at=at)
    _resume_case(fresh, by=by, at=at)
    wake.after_commit("send_refunds")
    return fresh


def _resume_case(refund: Refund, *, by: Actor, at: datetime) -> None:
    if refund.case.status == Status.REFUND_FAILED:
        gate.move(refund.case_id, "retry_refund", by=by, at=at, data={"refund": refund.number})


def owed_again(reversed_one: Refund, *, at: datetime) -> Refund:
    """Queue a new refund in place of a reversed one, with the same payer: no guarantee account is charged twice."""
    reversed_one.cancel()
    reversed_one.needs_person = False
    reversed_one.save()
    entitlement.hold_payment(reversed_one.payment_id, reversed_one.amount)
    fresh = _copy(reversed_one, at)
    fresh.queue()
    fresh.save()
    intents.post(fresh, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at)
    return fresh


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
        payer=refund.payer,
        created_at=at,
    )


def requeue(refund: Refund, *, at: datetime) -> None:
    """Hold the money again and put the refund into the queue."""
    hold_again(refund, at=at)
    intents.drop_proposal(refund)
    refund.save()
    wake.after_commit("send_refunds")


def hold_again(refund: Refund, *, at: datetime) -> None:
    """Hold the sum of a failed refund once more and promise it anew; NotEntitled, the caller saves."""
    entitlement.locked_order(refund.order_id)
    entitlement.hold_payment(refund.payment_id, refund.amount)
    refund.queue()
    refund.hold_until, refund.needs_person, refund.ended_at = None, False, None
    # Entries are unique by kind and reference: the number of tries tells this promise from the first one.
    intents.post(refund, Entry.Kind.INTENDED, Account.MERCHANT, Account.REFUNDS_DUE, at=at, suffix=f"/{refund.tries}")


@gate.transactional
def platform_pays(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The refund deadline has passed: the platform pays and charges the merchant's guarantee account."""
    return gate.move(case_id, "platform_pays", effect=_pay_for_merchant, by=by, at=at)


def _pay_for_merchant(case: Case, context: MoveContext) -> None:
    entitlement.locked_order(case.order_id)
    # Those at the gateway too: whoever pays in the end, the guarantee account has lent the sum from now on.
    waiting = case.refunds.filter(status__in=[*UNPAID, RefundStatus.REVERSED])
    for refund in waiting.select_for_update(of=("self",)).order_by("pk"):
        _pay_by_platform(refund, at=context.at)


def _pay_by_platform(refund: Refund, *, at: datetime) -> None:
    if refund.payer != Payer.PLATFORM:
        refund.payer = Payer.PLATFORM
        intents.post(refund, Entry.Kind.GUARANTEE_CHARGED, Account.GUARANTEE, Account.MERCHANT, at=at)
    if refund.status == RefundStatus.REVERSED:
        owed_again(refund, at=at)
    elif refund.status == RefundStatus.FAILED:
        requeue(refund, at=at)
    elif refund.status in (RefundStatus.DRAFT, RefundStatus.AWAITING_RELEASE):
        refund.queue()
        refund.released_at = at
    refund.save()
