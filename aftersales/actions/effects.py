"""What a move causes: the gate gives an effect the locked case, and gets back what the event tells of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from aftersales.actions.deadlines import Plan
from aftersales.models import Case, Deadline
from aftersales.rules.actor import Actor
from aftersales.rules.cases.goods_moved import Before
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import Role

Thing = TypeVar("Thing")
Together = Callable[[Sequence[Case], datetime], None]


@dataclass(frozen=True)
class MoveContext:
    """Who moves a case, in which role, and when; by which calendar; `live` are its running and paused deadlines.

    `before` is how it stood when its goods were still thought to be elsewhere.
    """

    by: Actor
    role: Role
    at: datetime
    calendar: Calendar
    live: Sequence[Deadline] = ()
    before: Before | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an effect answers: what the event tells, and what is written once for all cases that move together.

    `people` are ids of our own people who are told of the move.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    people: Sequence[int] = ()
    together: Together | None = None


@dataclass(frozen=True, kw_only=True)
class Made(Outcome, Generic[Thing]):
    """The outcome of an effect that makes something else as well: another case, say."""

    made: Thing


@dataclass(frozen=True)
class Linked:
    """What the move of one case does to another: the event that tells of it, and the deadlines to write with it."""

    action: str
    role: Role
    plan: Plan
    data: Mapping[str, Any]


Effect = Callable[[Case, MoveContext], Outcome | None]


def nothing(case: Case, context: MoveContext) -> None:
    """The effect of a move that changes no more than where the case stands."""
