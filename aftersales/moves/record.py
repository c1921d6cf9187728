"""What is known about something that can be done to a case: one record, from which every table is derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise

from aftersales.rules import event_data
from aftersales.rules.guards import Guard
from aftersales.rules.permissions import AGENTS_AND_MERCHANT
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case

Text = str | Promise
NextState = Callable[["Case"], Status]

PARTIES: Final = (Role.BUYER, Role.MERCHANT)


class About(StrEnum):
    """What an event is about, first of all; the thread of a case can be narrowed to one of these."""

    SYSTEM = "system"  # the course of the case itself
    MONEY = "money"
    PARCELS = "parcels"  # goods under way or at hand


class Part(StrEnum):
    """The part of a chain that a move belongs to: a field of `CaseTypeRecord`; types without it have no such move."""

    RETURNS = "returns"
    REPAIRS = "repairs"
    SENDS = "sends"


class Place(StrEnum):
    """Where in the console a person finds the act."""

    STEPS = "steps"  # among the steps of the case's page, done in a dialog
    BESIDE = "beside"  # beside them: who works on the case, and when
    WAREHOUSE = "warehouse"  # among the steps, done on the warehouse's page of the case
    FINANCE = "finance"  # among the steps, done on the page of refunds
    NOWHERE = "nowhere"  # follows from something else, or has a page of its own


@dataclass(frozen=True, kw_only=True, eq=False)
class Act:
    """What somebody may do, or what is put on the record of a case; the state of the case stays as it is."""

    name: str
    who: frozenset[Role] = frozenset()  # empty: it is part of another act, which has the right

    # On the page of the case
    label: Text = ""
    place: Place = Place.NOWHERE
    yields_to: tuple[Act, ...] = ()  # not offered to whom one of these is possible
    key: str = ""  # pressed on the page of a case
    is_danger: bool = False
    then: str = "stay"  # where the person goes on: see views.cases.next_case
    done: Text = ""  # said once it is done
    rule: str = ""  # topic of queries.policies.rule_text that its form quotes

    # On the record, as the rest of a sentence that starts with who did it
    said: Text = ""
    said_by_clock: Text = ""
    about: About = About.SYSTEM
    carries: type = event_data.Nothing  # what its events tell beside their reason
    is_internal: bool = False  # merchants are not told how the platform staffs and checks itself
    hides_reason: bool = False  # they are told of it, but not why
    asks: bool = False  # its reason is what the buyer asked for
    opens_case: bool = False
    changes_nothing: bool = False  # nobody has to look at the case anew
    names_holder: bool = False  # it says to whom the case went
    in_own_right: bool = False  # the buyer does it too, but whoever does it does it for themselves
    has_photos: bool = False

    # It moves money, or settles who gets it: who does it at a page says again who they are, unless they just did.
    asks_anew: bool = False

    # Finance decides a sum by it: above what one person lets go, a second one agrees too.
    lets_money_go: bool = False

    # Notices
    tells: tuple[Role, ...] = ()
    notice: Text = ""  # what a notice calls it, where that is not its label

    # Conditions, in the order in which they are asked: the first answer is what the person reads. needs: what the
    # verb asks beyond the guards
    guards: tuple[Guard, ...] = ()
    needs: tuple[Text, ...] = ()

    def checked(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an event about to be written; ValueError for a key that its kind lacks: nobody would read it."""
        consent = event_data.ForBuyer.__annotations__.keys() if self.is_buyers else set()
        strange = data.keys() - self.carries.__annotations__.keys() - consent
        if strange:
            raise ValueError(f"an event “{self.name}” carries no {', '.join(sorted(strange))}: see rules.event_data")
        return dict(data)

    def is_for_buyer(self, role: Role) -> bool:
        """Whether somebody in this role does what is the buyer's to do."""
        return Role.BUYER in self.who and role in AGENTS_AND_MERCHANT and not self.in_own_right

    @property
    def is_buyers(self) -> bool:
        """Whether it is the buyer's to do, so that others do it for them."""
        return any(self.is_for_buyer(role) for role in self.who)

    def is_granted_to(self, roles: frozenset[Role]) -> bool:
        """Whether any of a person's roles has the right."""
        return bool(self.who & roles)


@dataclass(frozen=True, kw_only=True, eq=False)
class Move(Act):
    """An act of the chart: where it may start and where it may lead; no target means that the state stays."""

    sources: tuple[Status, ...]
    targets: tuple[Status, ...] = ()
    decide: NextState | None = None  # which of several targets it is
    part: Part | None = None
    place: Place = Place.STEPS
    tells: tuple[Role, ...] = PARTIES

    # States in which most who look at the case came to do it; the lowest number is the likeliest.
    leads: Mapping[Status, int] = field(default_factory=dict)

    # It would contradict what the clock is about to do: refused once the deadline has passed.
    is_cut_off: bool = False
    label_of_clock: Text = ""  # what it is called where the clock does it, if not by its label
    decides_sum: bool = False  # it leads to money or goods: the gate asks for authority and records the sum
    sets_sum: bool = False  # its terms name the sum; else it is what the case asks for
    shows_outcome: bool = False  # its form says first what it will set in motion

    def next_state(self, case: Case) -> Status:
        """The state that it leads to from the case as it stands before the move."""
        return self.decide(case) if self.decide else self.targets[0]

    @property
    def reads_goods(self) -> bool:
        """Whether it agrees to a request: what follows depends on where the goods are at that moment."""
        return Status.INTERCEPTING in self.targets

    @property
    def shows_goods(self) -> bool:
        """Whether its form shows the request as it would be agreed to by now, though it agrees to nothing itself."""
        return self.reads_goods or Status.PENDING_BUYER in self.targets

    def may_stay_in(self, statuses: Collection[Status]) -> bool:
        """Whether a case may stand in one of these states after the move as before."""
        return not self.targets or bool(set(self.targets) & set(statuses))
