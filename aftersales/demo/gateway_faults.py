"""Refunds that the gateway leaves open; played last, or a later story's sweep would ask after them and settle them."""

from datetime import datetime
from decimal import Decimal

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import payment_disputes
from aftersales.actions.refunds import refund_worker
from aftersales.demo.fixtures import HOUR, MINUTE, Fixtures
from aftersales.models import Case
from aftersales.models.disputes.payment_dispute import DisputeKind
from aftersales.rules.vocabulary import CaseType, RefundStatus
from orders.gateways import sandbox
from orders.gateways.base import Reply

SMALL = Decimal(150)


def _agreed(fixtures: Fixtures, at: datetime, reason: str) -> Case:
    order = fixtures.order("signed", at)
    # Little enough to go out without finance: these are about what the bank does.
    share = min(Decimal("0.6"), SMALL / order.paid_amount)
    case = fixtures.apply(order, at, type=CaseType.REFUND_ONLY, reason=reason, share=share)
    fixtures.greet(case, at + 2 * MINUTE)
    return decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def unknown_outcome(fixtures: Fixtures, at: datetime) -> None:
    """The gateway has broken down for a day: nobody knows, so a person must look."""
    case = _agreed(fixtures, at, "not_received")
    sandbox.set_fault("error_500", "always")
    # The worker asks again and again; after a day a person must look.
    for hours in (1, 2, 6, 26):
        sweeps.send_refunds(at + hours * HOUR, limit=5)
    sandbox.clear_faults()
    assert case.refunds.filter(status=RefundStatus.UNKNOWN).exists()


def accepted_for_later(fixtures: Fixtures, at: datetime) -> None:
    """The gateway has accepted and will pay, some time."""
    _agreed(fixtures, at, "damaged_in_transit")
    sandbox.set_fault("accepted_then_later", "always:99999")
    sweeps.send_refunds(at + HOUR, limit=5)
    sandbox.clear_faults()


def reversed_by_bank(fixtures: Fixtures, at: datetime) -> None:
    """Paid, completed, and two days later the bank returned the money."""
    case = _agreed(fixtures, at, "part_missing")
    sweeps.send_refunds(at + HOUR, limit=5)
    for refund in case.refunds.filter(status=RefundStatus.SUCCEEDED):
        sandbox.reverse(refund.number)
        reply = Reply(outcome="reversed", code="REVERSED", message="The card account is closed.")
        refund_worker.apply_reply(refund.pk, reply, at=at + 50 * HOUR)


def disputed_at_bank(fixtures: Fixtures, at: datetime) -> None:
    """The buyer has asked the bank for the money as well: the refund waits for what the bank decides."""
    case = _agreed(fixtures, at, "damaged_in_transit")
    payment = case.refunds.all()[0].payment
    payment_disputes.begin(
        payment.pk,
        DisputeKind.DISPUTED,
        payment.captured,
        by=fixtures.actors["finance"],
        at=at + 2 * HOUR,
        reference="CB-58210",
    )
