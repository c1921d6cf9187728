"""What merchant, agent, approver and buyer decide about a request; mostly allowed, now and then not."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.disputes import evidence
from aftersales.actions.refunds import approvals
from aftersales.models import Case, RejectReason
from aftersales.rules.vocabulary import CaseType, GivenAs, Role
from aftersales.simulation import applications
from aftersales.simulation.behaviours.situation import Situation


def approve(situation: Situation, case: Case, at: datetime) -> None:
    """Agree, sometimes with the return freight advanced, sometimes from a page that is out of date."""
    freight = Decimal(situation.random.choice((0, 0, 0, 8)))
    version = case.version if situation.happens(0.95) else case.version - 1
    decisions.approve(case.pk, by=situation.actors.decider(case), at=at, version=version, return_freight=freight)


def ask_approval(situation: Situation, case: Case, at: datetime) -> None:
    """Ask a second person to allow what is above the agent's limit."""
    approvals.ask(case.pk, by=situation.actors.one(Role.AGENT), at=at, why="above my limit")


def allow(situation: Situation, case: Case, at: datetime) -> None:
    """A second person allows it."""
    approvals.allow(case.pk, by=situation.actors.one(situation.random.choice((Role.SUPERVISOR, Role.FINANCE))), at=at)


def decline_request(situation: Situation, case: Case, at: datetime) -> None:
    """A second person declines."""
    approvals.decline(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, answer="look again")


def offer(situation: Situation, case: Case, at: datetime) -> None:
    """Offer other terms: a part of the sum, perhaps for keeping the goods."""
    amount = situation.part_of(case.requested_amount + case.freight_held, case.currency)
    type = situation.random.choice((None, CaseType.REFUND_ONLY, CaseType.RETURN_REFUND, CaseType.COMPENSATION))
    given_as = (
        situation.random.choice((GivenAs.MONEY, GivenAs.COUPON)) if type == CaseType.COMPENSATION else GivenAs.MONEY
    )
    negotiation.offer(case.pk, by=situation.actors.decider(case), at=at, amount=amount, type=type, given_as=given_as)


def accept_offer(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer accepts the offer."""
    negotiation.accept(case.pk, by=situation.actors.buyer(case), at=at)


def decline_offer(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer declines the offer."""
    negotiation.decline(case.pk, by=situation.actors.buyer(case), at=at)


def reject(situation: Situation, case: Case, at: datetime) -> None:
    """Reject with a reason, now and then without the text or the proof that it asks for."""
    reason = _reject_reason(situation, RejectReason.Stage.APPLICATION)
    if reason.needs_proof and situation.happens(0.8):
        evidence.add(case.pk, [applications.tiny_photo()], by=situation.actors.merchant(case), at=at)
    note = "as seen" if situation.happens(0.9) else ""
    decisions.reject(case.pk, by=situation.actors.decider(case), at=at, reason=reason, note=note)


def _reject_reason(situation: Situation, stage: str) -> RejectReason:
    return situation.random.choice(list(RejectReason.objects.filter(stage=stage, is_active=True).order_by("pk")))


def reapply(situation: Situation, case: Case, at: datetime) -> None:
    """Apply again, for other lines, units, sums or another type."""
    lines = [line.order_line for line in case.lines.select_related("order_line").order_by("pk")]
    same = lines if situation.happens(0.7) else None
    asked = applications.application(case.order, situation.random, at, lines=same)
    if asked:
        decisions.reapply(case.pk, asked, by=situation.actors.buyer(case), at=at)


def withdraw(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer withdraws the request."""
    decisions.withdraw(case.pk, by=situation.actors.buyer(case), at=at)


def extend(situation: Situation, case: Case, at: datetime) -> None:
    """Extend the deadline; who asks may not always do so."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.SUPERVISOR))
    )
    extensions.extend(case.pk, by=by, at=at, why="more time", days=situation.random.choice((None, 2)))


def reopen(situation: Situation, case: Case, at: datetime) -> None:
    """Reopen an ended case."""
    decisions.reopen(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, why="new proof")
