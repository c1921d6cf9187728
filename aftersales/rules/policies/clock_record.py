"""What is known about a deadline of a state: one row of the table of clocks."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from aftersales.rules.vocabulary import DeadlineKind, Status

if TYPE_CHECKING:
    from aftersales.models import Case


@dataclass(frozen=True)
class Length:
    """How long: the field of a policy that says it, and what its number counts."""

    field: str
    unit: str


@dataclass(frozen=True)
class Variant(Length):
    """Another length, for the cases that it `fits`; `label` names them."""

    _: KW_ONLY
    fits: Callable[["Case"], bool]
    label: Promise | str


@dataclass(frozen=True)
class Clock:
    """A deadline of a state: how long, the move it makes, where it waits; `variants` are lengths of some cases.

    One that `repeats` is dated anew when it has passed and the case still stands where it did. One that `is_breach`
    was promised to the buyer: once it has passed, the case counts as late for ever. `instead` is what the clock does
    where the facts forbid the move. `outcome` is what the page says of it, with a place for the moment.

    Of the clocks of one `line` one runs at a time: the first one on arrival, `then` what follows once it has passed.
    One that is `started_by` moves begins with these alone, and ends the one that ran.
    """

    states: tuple[Status, ...]
    field: str
    unit: str
    action: str
    paused_in: tuple[Status, ...] = ()
    floor: str = ""
    repeats: bool = False
    is_breach: bool = False
    instead: str = ""
    _: KW_ONLY
    outcome: Promise
    line: str = ""
    then: DeadlineKind | None = None
    started_by: tuple[str, ...] = ()
    takes_evidence: bool = False
    variants: tuple[Variant, ...] = ()

    @property
    def lengths(self) -> tuple[Length, ...]:
        """Its usual length, and the others."""
        return (Length(self.field, self.unit), *self.variants)

    def length_of(self, case: "Case") -> Length:
        """How long it is for the case."""
        return next((each for each in self.variants if each.fits(case)), self.lengths[0])
