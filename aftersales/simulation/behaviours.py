"""What people may do with a case in each state, with the odds; every deed is a verb that the console has too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.actions.disputes import arbitration, evidence
from aftersales.actions.refunds import approvals
from aftersales.actions.returns import returns
from aftersales.models import Case, RejectReason, User
from aftersales.rules.vocabulary import CaseType, Fault, GivenAs, Role, Status
from aftersales.simulation import applications
from aftersales.simulation.actors import Cast
from orders import money


@dataclass
class Hand:
    """What a deed needs: people and chance."""

    cast: Cast
    random: Random

    def part_of(self, amount: Decimal, currency: str) -> Decimal:
        """A part of a sum; now and then nothing, or more than the sum."""
        percent = self.random.choice((0, 10, 25, 40, 50, 75, 90, 100, 120))
        return money.rounded(amount * percent / 100, currency)


Deed = Callable[[Hand, Case, datetime], object]


def approve(hand: Hand, case: Case, at: datetime) -> None:
    """Agree, sometimes with the return freight advanced, sometimes from a page that is out of date."""
    freight = Decimal(hand.random.choice((0, 0, 0, 8)))
    version = case.version if hand.random.random() < 0.95 else case.version - 1
    decisions.approve(case.pk, by=hand.cast.decider(case), at=at, version=version, return_freight=freight)


def ask_approval(hand: Hand, case: Case, at: datetime) -> None:
    """Send it to a second person."""
    approvals.ask(case.pk, by=hand.cast.one(Role.AGENT), at=at, why="above my limit")


def allow(hand: Hand, case: Case, at: datetime) -> None:
    """A second person allows it."""
    approvals.allow(case.pk, by=hand.cast.one(hand.random.choice((Role.SUPERVISOR, Role.FINANCE))), at=at)


def decline_request(hand: Hand, case: Case, at: datetime) -> None:
    """A second person does not."""
    approvals.decline(case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at, answer="look again")


def offer(hand: Hand, case: Case, at: datetime) -> None:
    """Other terms: a part, perhaps without the goods."""
    amount = hand.part_of(case.requested_amount + case.freight_held, case.currency)
    type = hand.random.choice((None, CaseType.REFUND_ONLY, CaseType.RETURN_REFUND, CaseType.COMPENSATION))
    given_as = hand.random.choice((GivenAs.MONEY, GivenAs.COUPON)) if type == CaseType.COMPENSATION else GivenAs.MONEY
    negotiation.offer(case.pk, by=hand.cast.decider(case), at=at, amount=amount, type=type, given_as=given_as)


def accept_offer(hand: Hand, case: Case, at: datetime) -> None:
    """The buyer takes it."""
    negotiation.accept(case.pk, by=hand.cast.buyer(case), at=at)


def decline_offer(hand: Hand, case: Case, at: datetime) -> None:
    """The buyer does not."""
    negotiation.decline(case.pk, by=hand.cast.buyer(case), at=at)


def reject(hand: Hand, case: Case, at: datetime) -> None:
    """Refuse with a reason, now and then without the text or the proof that it asks for."""
    reason = _reject_reason(hand, RejectReason.Stage.APPLICATION)
    if reason.needs_proof and hand.random.random() < 0.8:
        evidence.add(case.pk, [applications.tiny_photo()], by=hand.cast.merchant(case), at=at)
    note = "as seen" if hand.random.random() < 0.9 else ""
    decisions.reject(case.pk, by=hand.cast.decider(case), at=at, reason=reason, note=note)


def _reject_reason(hand: Hand, stage: str) -> RejectReason:
    return hand.random.choice(list(RejectReason.objects.filter(stage=stage, is_active=True).order_by("pk")))


def reapply(hand: Hand, case: Case, at: datetime) -> None:
    """Ask again: for other lines, units, sums, a type of refund that differs."""
    lines = [line.order_line for line in case.lines.select_related("order_line").order_by("pk")]
    same = lines if hand.random.random() < 0.7 else None
    asked = applications.application(case.order, hand.random, at, lines=same)
    if asked:
        decisions.reapply(case.pk, asked, by=hand.cast.buyer(case), at=at)


def escalate(hand: Hand, case: Case, at: datetime) -> None:
    """Ask the platform."""
    arbitration.escalate(case.pk, by=hand.cast.buyer(case), at=at, why="not settled")


def withdraw(hand: Hand, case: Case, at: datetime) -> None:
    """No longer wanted."""
    decisions.withdraw(case.pk, by=hand.cast.buyer(case), at=at)


def ship(hand: Hand, case: Case, at: datetime) -> None:
    """A waybill of its own, rarely one that another case has used."""
    code = f"W{case.pk}-{case.version}" if hand.random.random() < 0.95 else "W-SHARED"
    returns.ship(case.pk, by=hand.cast.buyer(case), at=at, carrier="SIM", waybill=code)


def cancel_pickup(hand: Hand, case: Case, at: datetime) -> None:
    """The courier never came."""
    returns.cancel_pickup(case.pk, by=hand.cast.buyer(case), at=at)


def carrier_signs(hand: Hand, case: Case, at: datetime) -> None:
    """The carrier hands the return over."""
    link = case.return_parcels.order_by("-pk").first()
    if link:
        returns.carrier_signed(link.parcel_id, by=hand.cast.one(Role.WAREHOUSE), at=at)


def receive(hand: Hand, case: Case, at: datetime) -> None:
    """What arrives: all, less, in several parcels, unannounced; now and then too much."""
    units = {}
    for line in case.lines.order_by("pk"):
        missing = max(line.units - line.units_received, 0)
        chance = hand.random.random()
        units[line.pk] = missing if chance < 0.7 else hand.random.randint(0, missing) if chance < 0.97 else missing + 1
    code = hand.random.choice(("", f"U{case.pk}-{case.version}"))
    returns.receive(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, units=units, carrier="SIM", waybill=code)


def extend(hand: Hand, case: Case, at: datetime) -> None:
    """More time."""
    by = hand.random.choice((hand.cast.buyer(case), hand.cast.merchant(case), hand.cast.one(Role.SUPERVISOR)))
    extensions.extend(case.pk, by=by, at=at, why="more time", days=hand.random.choice((None, 2)))


def intercepted(hand: Hand, case: Case, at: datetime) -> None:
    """Stopped on the way."""
    returns.intercepted(case.pk, by=hand.cast.merchant(case), at=at)


def miss_interception(hand: Hand, case: Case, at: datetime) -> None:
    """Went on to the buyer."""
    returns.miss_interception(case.pk, by=hand.cast.merchant(case), at=at)


def rule_for_buyer(hand: Hand, case: Case, at: datetime) -> None:
    """In writing, for all or a part."""
    asked = case.requested_amount + case.freight_held
    amount = None if hand.random.random() < 0.6 else hand.part_of(asked, case.currency)
    liable = hand.random.choice(list(Fault))
    arbitration.rule_for_buyer(
        case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at, ruling="ruled", liable=liable, amount=amount
    )


def rule_for_merchant(hand: Hand, case: Case, at: datetime) -> None:
    """In writing."""
    arbitration.rule_for_merchant(case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at, ruling="ruled")


def suspend(hand: Hand, case: Case, at: datetime) -> None:
    """A court is asked."""
    arbitration.suspend(case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at, why="court")


def resume(hand: Hand, case: Case, at: datetime) -> None:
    """The court has answered."""
    arbitration.resume(case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at)


def reopen(hand: Hand, case: Case, at: datetime) -> None:
    """Taken up again."""
    decisions.reopen(case.pk, by=hand.cast.one(Role.SUPERVISOR), at=at, why="new proof")


def show(hand: Hand, case: Case, at: datetime) -> None:
    """A photo more."""
    by = hand.random.choice((hand.cast.buyer(case), hand.cast.merchant(case), hand.cast.one(Role.WAREHOUSE)))
    evidence.add(case.pk, [applications.tiny_photo()], by=by, at=at)


def write(hand: Hand, case: Case, at: datetime) -> None:
    """A message."""
    by = hand.random.choice((hand.cast.buyer(case), hand.cast.merchant(case), hand.cast.one(Role.AGENT)))
    messages.send(case.pk, "Any news?", by=by, at=at)


def note(hand: Hand, case: Case, at: datetime) -> None:
    """A note."""
    messages.note(case.pk, "Seen.", by=hand.cast.one(Role.AGENT), at=at)


def assign(hand: Hand, case: Case, at: datetime) -> None:
    """Given to an agent."""
    agent = User.objects.filter(groups__name=Role.AGENT).order_by("pk").first()
    assignment.assign(case.pk, agent, by=hand.cast.one(Role.SUPERVISOR), at=at, why="Handed over.")


def silence(hand: Hand, case: Case, at: datetime) -> None:
    """Nobody does anything: the clock will."""


ALWAYS: dict[Deed, int] = {write: 6, note: 2, show: 2, extend: 4, assign: 2, silence: 12}
ODDS: dict[str, dict[Deed, int]] = {
    Status.PENDING_MERCHANT: {
        approve: 34, offer: 14, reject: 18, ask_approval: 6, allow: 6, decline_request: 2, withdraw: 3,
    },
    Status.PENDING_BUYER: {accept_offer: 38, decline_offer: 24, withdraw: 4},
    Status.REJECTED: {reapply: 30, escalate: 30, withdraw: 5},
    Status.INTERCEPTING: {intercepted: 40, miss_interception: 25, withdraw: 4},
    Status.AWAITING_RETURN: {ship: 52, receive: 6, withdraw: 5},
    Status.RETURN_IN_TRANSIT: {receive: 42, carrier_signs: 16, cancel_pickup: 8, withdraw: 3},
    Status.INSPECTING: {receive: 14, withdraw: 3},
    Status.REFUNDING: {withdraw: 2},
    Status.REFUND_FAILED: {withdraw: 1},
    Status.ARBITRATION: {rule_for_buyer: 34, rule_for_merchant: 18, suspend: 10, withdraw: 4, show: 12},
    Status.SUSPENDED: {resume: 30},
    Status.COMPLETED: {reopen: 10, silence: 90},
    Status.CLOSED: {reopen: 10, silence: 90},
}  # fmt: skip
