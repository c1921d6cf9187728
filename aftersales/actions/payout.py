"""The refund worker: claim, ask or send, apply. A gateway is never called inside a transaction."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.models import Q

from aftersales import failpoints
from aftersales.actions import advances, gate, holdings, refunds
from aftersales.models import Refund
from aftersales.models.refund import AT_GATEWAY
from aftersales.rules import actor
from aftersales.rules.vocabulary import RefundStatus, Status
from orders import entitlement, gateways, receipt
from orders.gateways.base import Gateway, GatewayError, Notice, Outcome, RefundRequest, Reply, Teller, checked
from orders.models import Entry
from orders.models.posting import Account

LEASE = timedelta(minutes=5)
FIRST_HOLD = timedelta(seconds=30)
LONGEST_HOLD = timedelta(hours=1)
UNKNOWN_FOR = timedelta(hours=24)
POISON_TRIES = 5
NOTICES_AT_ONCE = 100

log = logging.getLogger(__name__)


def send_next(at: datetime) -> bool:
    """Take one refund that is due and carry it as far as the gateway lets it; false when none is due."""
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
    refund = refunds.locked_refund(refund_id)
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
    """Lease the next refund to send; says whether it was sent before, so that the gateway is asked first."""
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
    refund = refunds.locked_refund(refund_id)
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
        refunds.paid(refund, at=at)
        refunds.complete_if_paid(refund.case_id, at=at)
    elif reply.outcome == "failed":
        _failed(refund, at=at)
    elif reply.outcome == "accepted":
        refund.accept()
        _wait(refund, at=at)
    elif reply.outcome == "reversed":
        refunds.paid(refund, at=at)
        _reversed(refund, at=at)
    else:
        _unknown(refund, at=at)


def _failed(refund: Refund, *, at: datetime) -> None:
    """Definite: the money is free again, the case waits for finance."""
    refund.fail()
    refund.ended_at, refund.lease_until, refund.unknown_since = at, None, None
    refund.save()
    entitlement.shift_payment(refund.payment_id, reserved=-refund.amount)
    refunds.post(refund, Entry.Kind.RELEASED, Account.REFUNDS_DUE, Account.MERCHANT, at=at, suffix=f"/{refund.tries}")
    if advances.is_open(refund.case):
        refunds.begin_if_due(refund.case, at=at)
    elif refund.case.status == Status.REFUNDING:
        data = {"refund": refund.number, "code": refund.last_code, "message": refund.last_message}
        with gate.move(refund.case_id, "fail_refund", by=actor.GATEWAY, at=at, data=data):
            pass


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
    refunds.post(refund, Entry.Kind.REVERSED, Account.GATEWAY, Account.MERCHANT, at=at)
    # When another case is about the same goods by now, this one stays ended: the refund alone waits for finance.
    if refund.case.status == Status.COMPLETED and not holdings.taken_by_another(refund.case, refund.case.type):
        with gate.move(
            refund.case_id, "reverse_refund", by=actor.GATEWAY, at=at, data={"refund": refund.number}
        ) as case:
            holdings.take_back(case)
            receipt.hold(case.order_id, at=at)
    elif advances.is_open(refund.case):
        refunds.begin_if_due(refund.case, at=at)
    elif refund.case.status == Status.REFUNDING:
        with gate.move(refund.case_id, "fail_refund", by=actor.GATEWAY, at=at, data={"refund": refund.number}):
            pass


def apply_notices(at: datetime) -> int:
    """Fetch what the gateways tell unasked and apply it; answers how many notices changed a refund."""
    done = 0
    for name in gateways.names():
        try:
            gateway = gateways.get(name)
            done += _told_by(name, gateway, at) if isinstance(gateway, Teller) else 0
        except Exception:
            log.exception("notices of %s could not be fetched", name)
    return done


def _told_by(gateway: str, teller: Teller, at: datetime) -> int:
    done, seen = 0, set[int]()
    while True:
        fresh = [notice for notice in teller.pull_notices(NOTICES_AT_ONCE) if notice.id not in seen]
        if not fresh:
            return done
        for notice in fresh:
            seen.add(notice.id)
            outcome = _heard_safely(gateway, notice, at)
            done += outcome == "applied"
            if outcome != "later":
                teller.acknowledge_notices([notice.id])


def _heard_safely(gateway: str, notice: Notice, at: datetime) -> str:
    """A notice at which we stumble is told again later and holds up no other."""
    try:
        return _heard(gateway, notice, at)
    except Exception:
        log.exception("notice %s of %s about refund %s could not be applied", notice.id, gateway, notice.number)
        return "later"


def _heard(gateway: str, notice: Notice, at: datetime) -> str:
    """What became of a notice: applied, known already, or to be told again later."""
    refund = Refund.objects.filter(gateway=gateway, number=notice.number).first()
    if refund is None:
        log.warning("%s tells of refund %s, which is not ours", gateway, notice.number)
        return "known"
    if refund.status == notice.kind:
        return "known"
    # While a worker talks to the gateway its own answer counts: an older failure must not overtake it.
    if notice.kind == "failed" and refund.lease_until and refund.lease_until > at:
        return "later"
    try:
        after = apply_reply(refund.pk, _as_reply(notice, refund), at=at)
    except gate.Busy:
        return "later"
    except Exception:
        log.exception("%s: the notice about refund %s could not be applied", gateway, refund.number)
        return "later"
    if notice.kind == "succeeded" and after.status in (RefundStatus.FAILED, RefundStatus.CANCELLED):
        log.error("%s paid refund %s, which we took for %s", gateway, refund.number, after.status)
        Refund.objects.filter(pk=refund.pk).update(needs_person=True, last_code="PAID_AFTER_ALL")
    return "known" if after.status == refund.status else "applied"


def _as_reply(notice: Notice, refund: Refund) -> Reply:
    outcomes: dict[str, Outcome] = {"succeeded": "succeeded", "failed": "failed", "reversed": "reversed"}
    outcome = outcomes.get(notice.kind, "unknown")
    reply = Reply(outcome=outcome, code="NOTICE", amount=notice.amount, currency=notice.currency)
    return checked(reply, refund.amount, refund.currency)
