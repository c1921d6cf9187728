"""What gateways tell unasked: fetched, applied like any other answer, acknowledged only then."""

import logging
from datetime import datetime

from aftersales.actions import gate
from aftersales.actions.refunds import worker
from aftersales.models import Refund
from aftersales.rules.vocabulary import RefundStatus
from orders import gateways
from orders.gateways.base import Notice, Outcome, Reply, Teller, checked

NOTICES_AT_ONCE = 100

log = logging.getLogger(__name__)


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
        after = worker.apply_reply(refund.pk, _as_reply(notice, refund), at=at)
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
