"""The platform is asked, shown proof, and rules; sometimes a court comes between."""

from datetime import datetime

from aftersales.actions.disputes import arbitration, evidence, hearings
from aftersales.models import Case
from aftersales.rules.vocabulary import Fault, Role, SuspensionCause
from aftersales.simulation import applications
from aftersales.simulation.behaviours.situation import Situation


def escalate(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer asks the platform to decide."""
    arbitration.escalate(case.pk, by=situation.actors.buyer(case), at=at, why="not settled")


def show(situation: Situation, case: Case, at: datetime) -> None:
    """Somebody adds a photo as evidence."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.WAREHOUSE))
    )
    evidence.add(case.pk, [applications.tiny_photo()], by=by, at=at)


def rule_for_buyer(situation: Situation, case: Case, at: datetime) -> None:
    """Rule for the buyer, for all of the sum or a part."""
    asked = case.requested_amount + case.freight_held
    amount = None if situation.happens(0.6) else situation.part_of(asked, case.currency)
    liable = situation.random.choice(list(Fault))
    arbitration.rule_for_buyer(
        case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, ruling="ruled", liable=liable, amount=amount
    )


def rule_for_merchant(situation: Situation, case: Case, at: datetime) -> None:
    """Rule for the merchant."""
    arbitration.rule_for_merchant(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, ruling="ruled")


def suspend(situation: Situation, case: Case, at: datetime) -> None:
    """Suspend the dispute, for any of the causes."""
    cause = situation.random.choice(list(SuspensionCause))
    arbitration.suspend(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, cause=cause, why=cause.value)


def ask_evidence(situation: Situation, case: Case, at: datetime) -> None:
    """Ask both sides for more."""
    hearings.ask_evidence(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at, why="the label is not readable")


def resume(situation: Situation, case: Case, at: datetime) -> None:
    """Resume it once the court has answered."""
    arbitration.resume(case.pk, by=situation.actors.one(Role.SUPERVISOR), at=at)
