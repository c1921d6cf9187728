"""What can be done with a case now: each act with the sentence against it, and the one that leads on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import Case
from aftersales.moves import admission, deciding
from aftersales.moves.record import Act, Move, Place
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Status

# What somebody who looks at a case in this state most likely came to do, the likeliest first.
LEADING: Final[dict[str, list[Move]]] = {
    status: sorted((move for move in moves.MOVES if status in move.leads), key=lambda move: move.leads[status])
    for status in Status
}
OFFERED: Final = tuple(act for act in moves.EVERY.values() if act.place != Place.NOWHERE)


@dataclass(frozen=True)
class Choice:
    """One act: possible now, or the sentence that says why not; `fits` when the state alone would allow it."""

    act: Act
    label: str
    reason: str = ""
    fits: bool = True

    @property
    def is_possible(self) -> bool:
        """Whether the act can be done now."""
        return not self.reason


@dataclass(frozen=True)
class NextSteps:
    """The act that leads on, the others beside it, and those that are not possible, with their sentences."""

    primary: Choice | None
    others: list[Choice] = field(default_factory=list)
    refused: list[Choice] = field(default_factory=list)
    elsewhere: list[Choice] = field(default_factory=list)


def label_of(case: Case, act: Act) -> str:
    """What the button of an act says for this case: agreeing is called differently for each type.

    Staff read it: what is the buyer's to do they do for the buyer.
    """
    label = str(chains.of(case).agree if act is deciding.APPROVE else act.label)
    return _("%(act)s, for the buyer") % {"act": label} if act.is_buyers else label


def refusal(case: Case, act: Act, by: Actor, at: datetime) -> str | None:
    """The sentence against an act, or nothing: the rules of the gate, asked without its lock."""
    role = by.role_for(act)
    if role is None:
        return _("You may not do this: “%(action)s”.") % {"action": act.label}
    out_of_time = _out_of_time(case, act, at) if isinstance(act, Move) else None
    return out_of_time or admission.first_refusal(case, act, by, role, at, CaseFacts(case, by, role, at))


def _out_of_time(case: Case, move: Move, at: datetime) -> str | None:
    return admission.wrong_state(case, move) or admission.too_late(case, move, at)


def available(case: Case, by: Actor, at: datetime) -> list[Choice]:
    """Every act that the person's roles ever have, with the sentence against it where it is not possible now."""
    return [
        Choice(act, label_of(case, act), refusal(case, act, by, at) or "", _fits(case, act))
        for act in OFFERED
        # What a role never does is not listed at all: a sentence about it would help nobody.
        if act.is_granted_to(by.roles) and _concerns(case, act)
    ]


def _concerns(case: Case, act: Act) -> bool:
    return not isinstance(act, Move) or chains.has(case, act.part) or case.status in act.sources


def _fits(case: Case, act: Act) -> bool:
    return case.status in act.sources if isinstance(act, Move) else case.is_open


def next_steps(choices: Sequence[Choice], status: str) -> NextSteps:
    """Choices as the page lists them; a second person is not offered to somebody who may decide alone."""
    able = {choice.act: choice for choice in choices if choice.is_possible}
    possible = {act: choice for act, choice in able.items() if able.keys().isdisjoint(act.yields_to)}
    # Taken out of the others: it is shown once.
    primary = next((possible.pop(move) for move in LEADING.get(status, ()) if move in possible), None)
    refused = [choice for choice in choices if not choice.is_possible]
    return NextSteps(
        primary,
        list(possible.values()),
        [choice for choice in refused if choice.fits],
        [choice for choice in refused if not choice.fits],
    )
