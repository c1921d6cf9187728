"""Notices that gateways send unasked about refunds: fetched, applied like any other answer, acknowledged only then."""

import logging
from datetime import datetime

from aftersales.actions import gate
from aftersales.actions.refunds import refund_worker
from aftersales.models import Refund
from aftersales.rules.vocabulary import RefundStatus
from orders import gateways
from orders.gateways.base import Notice, NoticeSource, Outcome, Reply, checked

BATCH_SIZE = 100

log = logging.getLogger(__name__)


def apply_notices(at: datetime) -> int:
    """Fetch what the gateways tell unasked and apply it; answers how many notices changed a refund."""
    done = 0
    for name in gateways.names():
        try:
            gateway = gateways.get(name)
            done += _apply_from(name, gateway, at) if isinstance(gateway, NoticeSource) else 0
        except Exception:
            log.exception("notices of %s could not be fetched", name)
    return done


def _apply_from(gateway: str, source: NoticeSource, at: datetime) -> int:
    # A notice that stays unacknowledged comes again with every pull: the ids seen end this turn.
    done, seen = 0, set[int]()
    while fresh := [notice for notice in source.pull_notices(BATCH_SIZE) if notice.id not in seen]:
        seen.update(notice.id for notice in fresh)
        done += sum(_apply_and_acknowledge(gateway, source, notice, at) for notice in fresh)
    return done


def _apply_and_acknowledge(gateway: str, source: NoticeSource, notice: Notice, at: datetime) -> bool:
    """Whether the notice changed a refund; one that has to come again stays unacknowledged."""
    outcome = _apply_safely(gateway, notice, at)
    if outcome != "later":
        source.acknowledge_notices([notice.id])
    return outcome == "applied"


def _apply_safely(gateway: str, notice: Notice, at: datetime) -> str:
    """What became of a notice; one that raises an error comes again later and holds up no other."""
    try:
        return _apply(gateway, notice, at)
    except Exception:
        log.exception("notice %s of %s about refund %s could not be applied", notice.id, gateway, notice.number)
        return "later"


def _apply(gateway: str, notice: Notice, at: datetime) -> str:
    """What became of a notice: applied, known already, or to come again later."""
    refund = Refund.objects.filter(gateway=gateway, number=notice.number).first()
    if refund is None:
        log.warning("%s tells of refund %s, which is not ours", gateway, notice.number)
        return "known"
    if refund.status == notice.kind:
        return "known"
    # While a worker talks to the gateway its own answer counts: an older failure must not overtake it.
    if notice.kind == "failed" and refund.lease_until and refund.lease_until > at:
        return "later"
    return _apply_to(refund, notice, at)


def _apply_to(refund: Refund, notice: Notice, at: datetime) -> str:
    try:
        after = refund_worker.apply_reply(refund.pk, _as_reply(notice, refund), at=at)
    except gate.Busy:
        return "later"
    _report_paid_after_all(notice, after)
    return "known" if after.status == refund.status else "applied"


def _report_paid_after_all(notice: Notice, refund: Refund) -> None:
    """Show a person a refund that the gateway paid although we took it for failed and may have paid it otherwise."""
    if notice.kind == "succeeded" and refund.status in (RefundStatus.FAILED, RefundStatus.CANCELLED):
        log.error("%s paid refund %s, which we took for %s", refund.gateway, refund.number, refund.status)
        Refund.objects.filter(pk=refund.pk).update(needs_person=True, last_code="PAID_AFTER_ALL")


def _as_reply(notice: Notice, refund: Refund) -> Reply:
    outcomes: dict[str, Outcome] = {"succeeded": "succeeded", "failed": "failed", "reversed": "reversed"}
    outcome = outcomes.get(notice.kind, "unknown")
    reply = Reply(outcome=outcome, code="NOTICE", amount=notice.amount, currency=notice.currency)
    return checked(reply, refund.amount, refund.currency)
