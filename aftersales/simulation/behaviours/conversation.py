"""Messages, notes and handing over: what may happen to a case in any state."""

from datetime import datetime

from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.models import Case, User
from aftersales.rules.vocabulary import Role
from aftersales.simulation.behaviours.situation import Situation


def write(situation: Situation, case: Case, at: datetime) -> None:
    """Somebody asks for news."""
    by = situation.random.choice(
        (situation.actors.buyer(case), situation.actors.merchant(case), situation.actors.one(Role.AGENT))
    )
    messages.send(case.pk, "Any news?", by=by, at=at)


def note(situation: Situation, case: Case, at: datetime) -> None:
    """An agent leaves a note."""
    messages.note(case.pk, "Seen.", by=situation.actors.one(Role.AGENT), at=at)


def assign(situation: Situation, case: Case, at: datetime) -> None:
    """A supervisor hands the case to an agent."""
    agent = User.objects.filter(groups__name=Role.AGENT).order_by("pk").first()
    assignment.assign(case.pk, agent, by=situation.actors.one(Role.SUPERVISOR), at=at, why="Handed over.")


def silence(situation: Situation, case: Case, at: datetime) -> None:
    """Nobody does anything: the clock will."""
