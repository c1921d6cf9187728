"""The refund worker: claim, ask or send, apply. A gateway is never called inside a transaction."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.models import Q

from aftersales import failpoints
from aftersales.actions import gate
from aftersales.actions.cases import holdings
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_recovery, intents, retries
from aftersales.models import Case, Refund
from aftersales.models.refunds.refund import AT_GATEWAY, Payer
from aftersales.queries.disputes import payment_disputes
from aftersales.queries.orders import line_units
from aftersales.rules import actor
from aftersales.rules.vocabulary import RefundStatus, Status
from orders import entitlement, gateways, receipt
from orders.gateways.base import PLATFORM_ACCOUNT, Gateway, GatewayError, RefundRequest, Reply, checked
from orders.models import Entry
from orders.models.posting import Account
from orders.models.retry import MOST_TRIES, due

# Far longer than a gateway has to answer: while the lease runs, the worker that holds it may still be talking.
LEASE = timedelta(minutes=5)
FIRST_HOLD = timedelta(seconds=30)
LONGEST_HOLD = timedelta(hours=1)
UNKNOWN_FOR = timedelta(hours=24)

log = logging.getLogger(__name__)


def send_next(at: datetime) -> bool:
    """Take one refund that is due and carry it as far as the gateway lets it; false when none is due.

    1. Claim it in a transaction of its own, so that no other worker sends it.
    2. Talk to the gateway outside any transaction: no lock waits for a network.
    3. Apply what it said, under the locks of case, order and refund.
    4. What nobody expected sets this refund aside, so that the next turn takes another one.
    """
    failpoints.reached("refund.before_claim")
    claimed = claim(at)
    if claimed is None:
        return False
    failpoints.reached("refund.claimed")
    refund, is_retry = claimed
    try:
        reply = _converse(refund, is_retry)
        failpoints.reached("refund.before_apply")
        apply_reply(refund.pk, reply, at=at)
    # A lock that was not had in time is nobody's error: no person has to look, however often it happens.
    except (gate.Busy, OperationalError):
        set_aside(refund.pk, None, at=at)
    except Exception as error:
        log.exception("refund %s could not be carried on", refund.number)
        set_aside(refund.pk, error, at=at)
    failpoints.reached("refund.applied")
    return True


@gate.transactional
def set_aside(refund_id: int, error: Exception | None, *, at: datetime) -> None:
    """Hold up this refund alone, longer each time; after five tries that raised an error a person has to look.

    Without an error the refund merely met a lock and waits for its next turn.
    """
    refund = intents.locked_refund(refund_id)
    if refund.status not in AT_GATEWAY:
        return
    if error is not None:
        _note(refund, error)
    # The error may have come after the gateway was called: it is asked before anything is sent again.
    if refund.status == RefundStatus.SENDING:
        refund.doubt()
        refund.unknown_since = refund.unknown_since or at
    _wait(refund, at=at)


def _note(refund: Refund, error: Exception) -> None:
    refund.last_code, refund.last_message = type(error).__name__[:60], str(error)[:500]
    refund.needs_person = refund.tries >= MOST_TRIES


@gate.transactional
def claim(at: datetime) -> tuple[Refund, bool] | None:
    """Lease the next refund to send; says whether it was sent before, so that the gateway is asked first.

    1. Lock the one that waits longest; those that others hold, have leased or look at themselves are left out.
    2. Count the try before anything is sent: after a death the gateway is asked, and nothing is sent twice.
    3. Lease it until long after the gateway must have answered; a worker that died gives it free by that.
    """
    refund = _next_due(at)
    if refund is None:
        return None
    is_retry = refund.tries > 0
    if refund.status == RefundStatus.QUEUED:
        refund.claim()
    refund.tries += 1
    refund.lease_until = at + LEASE
    refund.save(update_fields=["status", "tries", "lease_until"])
    failpoints.reached("refund.claimed_not_committed")
    return refund, is_retry


def _next_due(at: datetime) -> Refund | None:
    waiting = Refund.objects.filter(Q(status=RefundStatus.QUEUED) | Q(status__in=AT_GATEWAY, needs_person=False))
    unleased = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    # A proposed manual settlement says that the money was paid already: nothing is sent until it is answered.
    free = waiting.filter(due(at), unleased, hand_proposed_by__isnull=True).exclude(
        payment_disputes.holds(), status=RefundStatus.QUEUED
    )
    locked = free.select_related("payment", "merchant").select_for_update(of=("self",), skip_locked=True)
    return locked.order_by("hold_until", "pk").first()


def _converse(refund: Refund, is_retry: bool) -> Reply:
    """What the gateway answers; a retry asks before it sends, and sends again only what never got through or failed."""
    gateway = gateways.get(refund.gateway)
    try:
        known = _ask(gateway, refund) if is_retry else None
        return known or _send(gateway, refund)
    except GatewayError as error:
        return Reply(outcome="unknown", code=type(error).__name__, message=str(error)[:500])


def _ask(gateway: Gateway, refund: Refund) -> Reply | None:
    """What the gateway knows of a refund that was sent before; nothing where the number may be sent again."""
    failpoints.reached("refund.before_query")
    known = gateway.query(refund.number)
    failpoints.reached("refund.after_query")
    return None if known.outcome in ("not_found", "failed") else checked(known, refund.amount, refund.currency)


def _send(gateway: Gateway, refund: Refund) -> Reply:
    failpoints.reached("refund.before_send")
    # Begun since it was claimed, or while it was in doubt: the bank may be giving the buyer the same money.
    if payment_disputes.is_open(refund.payment_id):
        return Reply(outcome="unknown", code="payment_disputed", message="")
    reply = gateway.send(_request(refund))
    failpoints.reached("refund.after_send")
    return checked(reply, refund.amount, refund.currency)


def _request(refund: Refund) -> RefundRequest:
    return RefundRequest(
        number=refund.number,
        payment_reference=refund.payment.reference or f"payment-{refund.payment_id}",
        amount=refund.amount,
        currency=refund.currency,
        captured=refund.payment.captured,
        merchant=PLATFORM_ACCOUNT if refund.payer == Payer.PLATFORM else refund.merchant.code,
    )


@gate.transactional
def apply_reply(refund_id: int, reply: Reply, *, at: datetime) -> Refund:
    """Store what the gateway said of a refund and do what follows; worker and notices both come here.

    An answer that comes late changes nothing: what has ended stays so, but for a reversal of what was paid.
    """
    refund = intents.locked_refund(refund_id)
    refund.last_code, refund.last_message = reply.code[:60], reply.message[:500]
    refund.gateway_reference = reply.gateway_reference or refund.gateway_reference
    if refund.status == RefundStatus.SUCCEEDED:
        # What was paid past it the gateway cannot take back: then it is money of its own that it speaks of.
        if reply.outcome == "reversed" and not refund.is_paid_past_gateway:
            _reversed(refund, at=at)
    elif refund.status in AT_GATEWAY:
        _apply_outcome(refund, reply, at=at)
    failpoints.reached("refund.applied_not_committed")
    return refund


def _apply_outcome(refund: Refund, reply: Reply, *, at: datetime) -> None:
    if reply.outcome == "succeeded":
        intents.paid(refund, at=at)
        intents.complete_if_paid(refund.case, at=at)
    elif reply.outcome == "failed":
        _failed(refund, at=at)
    elif reply.outcome == "accepted":
        refund.accept()
        _wait(refund, at=at)
    # Paid and taken back before we heard of either: the books get both movements.
    elif reply.outcome == "reversed":
        intents.paid(refund, at=at)
        _reversed(refund, at=at)
    else:
        _unknown(refund, at=at)


def _failed(refund: Refund, *, at: datetime) -> None:
    """The gateway will not pay: the money is free again, the case waits for finance, or the platform pays at once."""
    refund.fail()
    refund.ended_at, refund.lease_until, refund.unknown_since = at, None, None
    refund.save()
    entitlement.shift_payment(refund.payment_id, reserved=-refund.amount)
    intents.post(refund, Entry.Kind.RELEASED, Account.REFUNDS_DUE, Account.MERCHANT, at=at, suffix=f"/{refund.tries}")
    # The goods were judged while this was on its way: now that its outcome is known, what is due can be worked out.
    if instant_recovery.is_open(refund.case):
        intents.begin_if_due(refund.case, at=at)
    elif refund.merchant_late_at is not None and refund.case.status in (Status.REFUNDING, Status.REFUND_FAILED):
        retries.owed_again(refund, at=at, payer=Payer.PLATFORM)
    elif refund.case.status == Status.REFUNDING:
        data = {"refund": refund.number, "code": refund.last_code, "message": refund.last_message}
        gate.move(refund.case_id, "fail_refund", by=actor.GATEWAY, at=at, data=data)


def _unknown(refund: Refund, *, at: datetime) -> None:
    """Nobody knows the outcome: the sum stays held and the gateway is asked again; after a day a person has to look."""
    if refund.status != RefundStatus.ACCEPTED:
        refund.doubt()
    refund.unknown_since = refund.unknown_since or at
    refund.needs_person = at - refund.unknown_since >= UNKNOWN_FOR
    _wait(refund, at=at)


def _wait(refund: Refund, *, at: datetime) -> None:
    refund.lease_until = None
    # The exponent has a ceiling of its own: an accepted refund may be asked after for weeks.
    refund.hold_until = at + min(FIRST_HOLD * 2 ** min(refund.tries - 1, 10), LONGEST_HOLD)
    refund.save()


def _reversed(refund: Refund, *, at: datetime) -> None:
    """The buyer did not keep the money: it is owed again, finance decides how to pay."""
    refund.reverse()
    refund.needs_person = True
    refund.save()
    intents.taken_back(refund, at=at)
    _reopen(refund, at=at)


def _reopen(refund: Refund, *, at: datetime) -> None:
    """Lead the case of a reversed refund to where finance finds it."""
    case, about = refund.case, {"refund": refund.number}
    # When other cases ask for the same units by now, this one stays ended: the refund alone waits for finance.
    if case.status == Status.COMPLETED and line_units.overlap(case, case.type) is None:
        gate.move(case.pk, "reverse_refund", effect=_take_back, by=actor.GATEWAY, at=at, data=about)
    elif instant_recovery.is_open(case):
        intents.begin_if_due(case, at=at)
    elif case.status == Status.REFUNDING:
        gate.move(case.pk, "fail_refund", by=actor.GATEWAY, at=at, data=about)


def _take_back(case: Case, context: MoveContext) -> None:
    holdings.take_back(case)
    receipt.hold(case.order_id, at=context.at)
