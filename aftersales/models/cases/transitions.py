"""The transitions of a case: where each may start and where it leads, its record says; what else it changes, this."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, cast

from django.db import models
from django_fsm import RETURN_VALUE, transition

from aftersales.models.policies.reason import RejectReason
from aftersales.moves import MOVES, deciding, disputing, paying, reshaping, returning
from aftersales.moves.record import Move
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import CaseType, CloseReason, Status

if TYPE_CHECKING:
    from aftersales.models.cases.case import Case

Change = Callable[["CaseMoves"], None]
Transition = Callable[["CaseMoves"], Status]


def transition_of(move: Move) -> Callable[[Change], Transition]:
    """Make the transition of a move from a method that changes the case's other fields."""

    def decorate(change: Change) -> Transition:
        # django-fsm checks the source once more, below the gate: a second lock on the same door.
        @transition("status", source=[str(status) for status in move.sources], target=RETURN_VALUE(*move.targets))
        @wraps(change)
        def run(self: "CaseMoves") -> Status:
            # Where it leads is decided by the case as it was, before the move changes its type or its address.
            target = move.next_state(cast("Case", self))
            change(self)
            return target

        return cast("Transition", run)

    return decorate


class CaseMoves(models.Model):
    """What moves a case from state to state; only the gate calls these.

    A move that changes nothing but the state has no method here: it is added below, from its record.
    """

    if TYPE_CHECKING:
        type: str
        change: str
        close_reason: str
        suspension_cause: str
        closed_at: datetime | None
        reject_note: str
        round_number: int
        reopened_count: int
        reject_reason: RejectReason | None

    # The name of the act that a second person allows at this moment; never stored.
    allowing: str = ""

    class Meta:
        abstract = True

    @transition_of(returning.MISS_INTERCEPTION)
    def miss_interception(self) -> None:
        """The buyer has the parcel: the case becomes a return; an address can not be changed any more."""
        if chains.changes_address(cast("Case", self)):
            self.close_reason = CloseReason.GOODS_DELIVERED
        else:
            self.type, self.change = CaseType.RETURN_REFUND, ""

    @transition_of(deciding.REAPPLY)
    def reapply(self) -> None:
        """The buyer asks again, in a new round."""
        self.round_number += 1
        self.reject_reason = None
        self.reject_note = ""

    @transition_of(deciding.WITHDRAW)
    def withdraw(self) -> None:
        """The buyer no longer asks."""
        self.close_reason = CloseReason.WITHDRAWN

    @transition_of(deciding.EXPIRE)
    def expire(self) -> None:
        """The buyer let the time pass."""
        self.close_reason = CloseReason.EXPIRED

    @transition_of(deciding.REOPEN)
    def reopen(self) -> None:
        """A supervisor takes it up again, in a new round."""
        self.reject_reason = None
        self.reject_note = ""
        self.closed_at = None
        self.close_reason = ""
        self.reopened_count += 1
        self.round_number += 1

    @transition_of(reshaping.CONVERT)
    def convert(self) -> None:
        """Another case goes on with what this one held."""
        self.close_reason = CloseReason.CONVERTED

    @transition_of(reshaping.MERGE)
    def merge(self) -> None:
        """Another case of the order has taken this one over."""
        self.close_reason = CloseReason.MERGED

    @transition_of(disputing.RULE_FOR_MERCHANT)
    def rule_for_merchant(self) -> None:
        """The platform finds nothing to refund."""
        self.close_reason = CloseReason.RULED_FOR_MERCHANT

    @transition_of(disputing.RESUME)
    def resume(self) -> None:
        """What it was suspended for is over; the record keeps the cause."""
        self.suspension_cause = ""

    @transition_of(paying.REVERSE_REFUND)
    def reverse_refund(self) -> None:
        """The gateway took a paid refund back: the case is no longer closed."""
        self.closed_at = None


def _state_alone(move: Move) -> Transition:
    def change(self: CaseMoves) -> None:
        pass

    change.__name__ = move.name
    return transition_of(move)(change)


# django-fsm finds transitions by name on the class; `Case` is made from it after this.
for _move in MOVES:
    if _move.targets and _move.name not in vars(CaseMoves):
        setattr(CaseMoves, _move.name, _state_alone(_move))
