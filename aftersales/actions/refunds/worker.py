"""The refund worker: claim, ask or send, apply. A gateway is never called inside a transaction."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.models import Q

from aftersales import failpoints
from aftersales.actions import gate
from aftersales.actions.cases import holdings
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_recovery, intents
from aftersales.models import Case, Refund
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.rules import actor
from aftersales.rules.vocabulary import RefundStatus, Status
from orders import entitlement, gateways, receipt
from orders.gateways.base import Gateway, GatewayError, RefundRequest, Reply, checked
from orders.models import Entry
from orders.models.posting import Account

LEASE = timedelta(minutes=5)
FIRST_HOLD = timedelta(seconds=30)
LONGEST_HOLD = timedelta(hours=1)
UNKNOWN_FOR = timedelta(hours=24)
POISON_TRIES = 5

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
    except (gate.Busy, OperationalError):
        set_aside(refund.pk, None, at=at)
    except Exception as error:
        log.exception("refund %s could not be carried on", refund.number)
        set_aside(refund.pk, error, at=at)
    failpoints.reached("refund.applied")
    return True


@gate.transactional
def set_aside(refund_id: int, error: Exception | None, *, at: datetime) -> None:
    """What nobody expected holds up this refund alone: later each time, after five tries a person has to look.

    Without an error the refund merely met a lock and waits for its next turn.
    """
    refund = intents.locked_refund(refund_id)
    if refund.status not in AT_GATEWAY:
        return
    if error is not None:
        refund.last_code, refund.last_message = type(error).__name__[:60], str(error)[:500]
        refund.needs_person = refund.tries >= POISON_TRIES
    if refund.status == RefundStatus.SENDING:
        refund.doubt()
        refund.unknown_since = refund.unknown_since or at
    _wait(refund, at=at)


@gate.transactional
def claim(at: datetime) -> tuple[Refund, bool] | None:
    """Lease the next refund to send; says whether it was sent before, so that the gateway is asked first.

    1. Lock the one that waits longest; those that others hold, have leased or look at themselves are left out.
    2. Count the try before anything is sent: after a death the gateway is asked, and nothing is sent twice.
    3. Lease it until long after the gateway must have answered; a worker that died gives it free by that.
    """
    refund = (
        Refund.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(Q(status=RefundStatus.QUEUED) | Q(status__in=AT_GATEWAY, needs_person=False))
        .filter(
            Q(hold_until__isnull=True) | Q(hold_until__lte=at),
            Q(lease_until__isnull=True) | Q(lease_until__lte=at),
            hand_proposed_by__isnull=True,
        )
        .order_by("hold_until", "pk")
        .first()
    )
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


def _converse(refund: Refund, is_retry: bool) -> Reply:
    """A retry asks before it sends; what the gateway does not know may be sent again under the same number."""
    gateway = gateways.get(refund.gateway)
    try:
        if is_retry:
            failpoints.reached("refund.before_query")
            known = gateway.query(refund.number)
            failpoints.reached("refund.after_query")
            if known.outcome not in ("not_found", "failed"):
                return checked(known, refund.amount, refund.currency)
        return _send(gateway, refund)
    except GatewayError as error:
        return Reply(outcome="unknown", code=type(error).__name__, message=str(error)[:500])


def _send(gateway: Gateway, refund: Refund) -> Reply:
    failpoints.reached("refund.before_send")
    reply = gateway.send(
        RefundRequest(
            number=refund.number,
            payment_reference=refund.payment.reference or f"payment-{refund.payment_id}",
            amount=refund.amount,
            currency=refund.currency,
            captured=refund.payment.captured,
            merchant=refund.merchant.code,
        )
    )
    failpoints.reached("refund.after_send")
    return checked(reply, refund.amount, refund.currency)


@gate.transactional
def apply_reply(refund_id: int, reply: Reply, *, at: datetime) -> Refund:
    """What the gateway said becomes ours; worker, poller, notice and reconciliation all come here."""
    refund = intents.locked_refund(refund_id)
    refund.last_code, refund.last_message = reply.code[:60], reply.message[:500]
    refund.gateway_reference = reply.gateway_reference or refund.gateway_reference
    if refund.status == RefundStatus.SUCCEEDED:
        if reply.outcome == "reversed":
            _reversed(refund, at=at)
    elif refund.status in (RefundStatus.SENDING, RefundStatus.ACCEPTED, RefundStatus.UNKNOWN):
        _progress(refund, reply, at=at)
    failpoints.reached("refund.applied_not_committed")
    return refund


def _progress(refund: Refund, reply: Reply, *, at: datetime) -> None:
    if reply.outcome == "succeeded":
        intents.paid(refund, at=at)
        intents.complete_if_paid(refund.case_id, at=at)
    elif reply.outcome == "failed":
        _failed(refund, at=at)
    elif reply.outcome == "accepted":
        refund.accept()
        _wait(refund, at=at)
    elif reply.outcome == "reversed":
        intents.paid(refund, at=at)
        _reversed(refund, at=at)
    else:
        _unknown(refund, at=at)


def _failed(refund: Refund, *, at: datetime) -> None:
    """Definite: the money is free again, the case waits for finance."""
    refund.fail()
    refund.ended_at, refund.lease_until, refund.unknown_since = at, None, None
    refund.save()
    entitlement.shift_payment(refund.payment_id, reserved=-refund.amount)
    intents.post(refund, Entry.Kind.RELEASED, Account.REFUNDS_DUE, Account.MERCHANT, at=at, suffix=f"/{refund.tries}")
    if instant_recovery.is_open(refund.case):
        intents.begin_if_due(refund.case, at=at)
    elif refund.case.status == Status.REFUNDING:
        data = {"refund": refund.number, "code": refund.last_code, "message": refund.last_message}
        gate.move(refund.case_id, "fail_refund", by=actor.GATEWAY, at=at, data=data)


def _unknown(refund: Refund, *, at: datetime) -> None:
    """The reserve stays; the gateway is asked again, after a day by a person."""
    if refund.status != RefundStatus.ACCEPTED:
        refund.doubt()
    refund.unknown_since = refund.unknown_since or at
    refund.needs_person = at - refund.unknown_since >= UNKNOWN_FOR
    _wait(refund, at=at)


def _wait(refund: Refund, *, at: datetime) -> None:
    refund.lease_until = None
    refund.hold_until = at + min(FIRST_HOLD * 2 ** min(refund.tries - 1, 10), LONGEST_HOLD)
    refund.save()


def _reversed(refund: Refund, *, at: datetime) -> None:
    """The buyer did not keep the money: it is owed again, finance decides how to pay."""
    refund.reverse()
    refund.needs_person = True
    refund.save()
    entitlement.shift_payment(refund.payment_id, settled=-refund.amount)
    intents.post(refund, Entry.Kind.REVERSED, Account.GATEWAY, Account.MERCHANT, at=at)
    # When another case is about the same goods by now, this one stays ended: the refund alone waits for finance.
    if refund.case.status == Status.COMPLETED and not holdings.taken_by_another(refund.case, refund.case.type):
        told = {"refund": refund.number}
        gate.move(refund.case_id, "reverse_refund", effect=_take_back, by=actor.GATEWAY, at=at, data=told)
    elif instant_recovery.is_open(refund.case):
        intents.begin_if_due(refund.case, at=at)
    elif refund.case.status == Status.REFUNDING:
        gate.move(refund.case_id, "fail_refund", by=actor.GATEWAY, at=at, data={"refund": refund.number})


def _take_back(case: Case, context: MoveContext) -> None:
    holdings.take_back(case)
    receipt.hold(case.order_id, at=context.at)
