"""Repairs after which goods still do not work: after enough of them the buyer may choose (三包规定, 第十一条). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aftersales.rules.replacements.repair_kinds import RepairCause, RepairOutcome
from aftersales.rules.vocabulary import Fault

# What no right follows from: it works, or the buyer broke it. A cause that nobody recorded counts for the buyer.
NO_FAULT: Final = (RepairCause.APPEARANCE, RepairCause.OWN_DAMAGE)


@dataclass(frozen=True)
class Attempt:
    """One attempt at repairing a thing, in the case in question (`is_own`) or in an earlier one."""

    is_own: bool
    serial: str
    cause: str
    outcome: str
    at_fault: str
    diagnosed_at: datetime

    @property
    def counts(self) -> bool:
        """Whether a fault of the goods was found, by which they do not work normally."""
        return self.cause not in NO_FAULT and self.at_fault != Fault.BUYER


def number(attempts: Iterable[Attempt], *, same_fault: bool = False, is_single: bool = False) -> int:
    """How many repairs of the thing have failed, of the one of several things for which most have.

    An attempt that was given up has failed; one that succeeded has if a fault was found again. With `same_fault` only
    those count that were about the fault that was found last in the case in question; `is_single` where that is about
    one thing only, whatever numbers were written down for it.
    """
    counting = sorted((each for each in attempts if each.counts), key=lambda each: each.diagnosed_at)
    if is_single:
        return _failed(counting, same_fault=same_fault)
    serials = {each.serial for each in counting if each.is_own and each.serial}
    # What the case repairs under no number is about all its things.
    of_things = [[each for each in counting if each.serial in (serial, "")] for serial in serials] or [
        [each for each in counting if each.is_own]
    ]
    return max(_failed(thing, same_fault=same_fault) for thing in of_things)


def _failed(attempts: Sequence[Attempt], *, same_fault: bool) -> int:
    own = [each for each in attempts if each.is_own]
    if not own:
        return 0
    if same_fault:
        attempts = [each for each in attempts if each.cause == own[-1].cause]
    given_up = sum(each.outcome == RepairOutcome.FAILED for each in attempts)
    # The last one is no repair after which a fault was found again.
    return given_up + sum(each.outcome == RepairOutcome.REPAIRED for each in attempts[:-1])
