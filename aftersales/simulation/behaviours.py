"""What people may do with a case in each state, with the odds; every behaviour is a verb that the console has too."""

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
from aftersales.simulation.actors import Actors
from orders import money


@dataclass
class Situation:
    """What a behaviour needs: people and chance."""

    actors: Actors
    random: Random

    def part_of(self, amount: Decimal, currency: str) -> Decimal:
        """A part of a sum; now and then nothing, or more than the sum."""
        percent = self.random.choice((0, 10, 25, 40, 50, 75, 90, 100, 120))
        return money.rounded(amount * percent / 100, currency)


Behaviour = Callable[[Situation, Case, datetime], object]


def approve(situation: Situation, case: Case, at: datetime) -> None:
    """Agree, sometimes with the return freight advanced, sometimes from a page that is out of date."""
    freight = Decimal(situation.random.choice((0, 0, 0, 8)))
    version = case.version if situation.random.random() < 0.95 else case.version - 1
    decisions.approve(case.pk, by=situation.actors.decider(case), at=at, version=version, return_freight=freight)


def ask_approval(situation: Situation, case: Case, at: datetime) -> None:
    """Send it to a second person."""
    approvals.ask(case.pk, by=situation.actors.one(Role.AGENT), at=at, why="above my limit")


def allow(situation: Situation, case: Case, at: datetime) -> None:
    """A second person allows it."""
    approvals.allow(case.pk, by=situation.actors.one(situation.random.choice((Role.SUPERVISOR, Role.FINANCE))), at=at)


def decline_request(situation: Situation, case: Case, at: datetime) -> None:
    """A second person does not."""
    approvals.decline(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, answer="look again")


def offer(situation: Situation, case: Case, at: datetime) -> None:
    """Other terms: a part, perhaps without the goods."""
    amount = situation.part_of(case.requested_amount + case.freight_held, case.currency)
    type = situation.random.choice((None, CaseType.REFUND_ONLY, CaseType.RETURN_REFUND, CaseType.COMPENSATION))
    given_as = (
        situation.random.choice((GivenAs.MONEY, GivenAs.COUPON)) if type == CaseType.COMPENSATION else GivenAs.MONEY
    )
    negotiation.offer(case.pk, by=situation.actors.decider(case), at=at, amount=amount, type=type, given_as=given_as)


def accept_offer(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer takes it."""
    negotiation.accept(case.pk, by=situation.actors.buyer(case), at=at)


def decline_offer(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer does not."""
    negotiation.decline(case.pk, by=situation.actors.buyer(case), at=at)


def reject(situation: Situation, case: Case, at: datetime) -> None:
    """Refuse with a reason, now and then without the text or the proof that it asks for."""
    reason = _reject_reason(situation, RejectReason.Stage.APPLICATION)
    if reason.needs_proof and situation.random.random() < 0.8:
        evidence.add(case.pk, [applications.tiny_photo()], by=situation.actors.merchant(case), at=at)
    note = "as seen" if situation.random.random() < 0.9 else ""
    decisions.reject(case.pk, by=situation.actors.decider(case), at=at, reason=reason, note=note)


def _reject_reason(situation: Situation, stage: str) -> RejectReason:
    return situation.random.choice(list(RejectReason.objects.filter(stage=stage, is_active=True).order_by("pk")))


def reapply(situation: Situation, case: Case, at: datetime) -> None:
    """Ask again: for other lines, units, sums, a type of refund that differs."""
    lines = [line.order_line for line in case.lines.select_related("order_line").order_by("pk")]
    same = lines if situation.random.random() < 0.7 else None
    asked = applications.application(case.order, situation.random, at, lines=same)
    if asked:
        decisions.reapply(case.pk, asked, by=situation.actors.buyer(case), at=at)


def escalate(situation: Situation, case: Case, at: datetime) -> None:
    """Ask the platform."""
    arbitration.escalate(case.pk, by=situation.actors.buyer(case), at=at, why="not settled")


def withdraw(situation: Situation, case: Case, at: datetime) -> None:
    """No longer wanted."""
    decisions.withdraw(case.pk, by=situation.actors.buyer(case), at=at)


def ship(situation: Situation, case: Case, at: datetime) -> None:
    """A waybill of its own, rarely one that another case has used."""
    code = f"W{case.pk}-{case.version}" if situation.random.random() < 0.95 else "W-SHARED"
    returns.ship(case.pk, by=situation.actors.buyer(case), at=at, carrier="SIM", waybill=code)


def cancel_pickup(situation: Situation, case: Case, at: datetime) -> None:
    """The courier never came."""
    returns.cancel_pickup(case.pk, by=situation.actors.buyer(case), at=at)


def carrier_signs(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier hands the return over."""
    link = case.return_parcels.order_by("-pk").first()
    if link:
        returns.carrier_signed(link.parcel_id, by=situation.actors.one(Role.WAREHOUSE), at=at)


def receive(situation: Situation, case: Case, at: datetime) -> None:
    """What arrives: all, less, in several parcels, unannounced; now and then too much."""
    units = {}
    for line in case.lines.order_by("pk"):
        missing = max(line.units - line.units_received, 0)
        chance = situation.random.random()
        units[line.pk] = (
            missing if chance < 0.7 else situation.random.randint(0, missing) if chance < 0.97 else missing + 1
        )
    code = situation.random.choice(("", f"U{case.pk}-{case.version}"))
    returns.receive(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, units=units, carrier="SIM", waybill=code)


def extend(situation: Situation, case: Case, at: datetime) -> None:
    """More time."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.SUPERVISOR))
    )
    extensions.extend(case.pk, by=by, at=at, why="more time", days=situation.random.choice((None, 2)))


def intercepted(situation: Situation, case: Case, at: datetime) -> None:
    """Stopped on the way."""
    returns.intercepted(case.pk, by=situation.actors.merchant(case), at=at)


def miss_interception(situation: Situation, case: Case, at: datetime) -> None:
    """Went on to the buyer."""
    returns.miss_interception(case.pk, by=situation.actors.merchant(case), at=at)


def rule_for_buyer(situation: Situation, case: Case, at: datetime) -> None:
    """In writing, for all or a part."""
    asked = case.requested_amount + case.freight_held
    amount = None if situation.random.random() < 0.6 else situation.part_of(asked, case.currency)
    liable = situation.random.choice(list(Fault))
    arbitration.rule_for_buyer(
        case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, ruling="ruled", liable=liable, amount=amount
    )


def rule_for_merchant(situation: Situation, case: Case, at: datetime) -> None:
    """In writing."""
    arbitration.rule_for_merchant(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, ruling="ruled")


def suspend(situation: Situation, case: Case, at: datetime) -> None:
    """A court is asked."""
    arbitration.suspend(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, why="court")


def resume(situation: Situation, case: Case, at: datetime) -> None:
    """The court has answered."""
    arbitration.resume(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at)


def reopen(situation: Situation, case: Case, at: datetime) -> None:
    """Taken up again."""
    decisions.reopen(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, why="new proof")


def show(situation: Situation, case: Case, at: datetime) -> None:
    """A photo more."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.WAREHOUSE))
    )
    evidence.add(case.pk, [applications.tiny_photo()], by=by, at=at)


def write(situation: Situation, case: Case, at: datetime) -> None:
    """A message."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.AGENT))
    )
    messages.send(case.pk, "Any news?", by=by, at=at)


def note(situation: Situation, case: Case, at: datetime) -> None:
    """A note."""
    messages.note(case.pk, "Seen.", by=situation.actors.one(Role.AGENT), at=at)


def assign(situation: Situation, case: Case, at: datetime) -> None:
    """Given to an agent."""
    agent = User.objects.filter(groups__name=Role.AGENT).order_by("pk").first()
    assignment.assign(case.pk, agent, by=situation.actors.one(Role.SUPERVISOR), at=at, why="Handed over.")


def silence(situation: Situation, case: Case, at: datetime) -> None:
    """Nobody does anything: the clock will."""


ALWAYS: dict[Behaviour, int] = {write: 6, note: 2, show: 2, extend: 4, assign: 2, silence: 12}
ODDS: dict[str, dict[Behaviour, int]] = {
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
