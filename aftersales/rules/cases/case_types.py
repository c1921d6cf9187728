"""One record for each type of case: what it holds and asks, where goods must be, what comes back, is sent and paid.

Name and label stand in `vocabulary.CaseType`; everything else that is a fact about a type stands here, once. Where a
single case goes from a state depends on its own facts too: see `chains`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs, GoodsState

G = GoodsState
Text = Promise | str


class Basis(Enum):
    """What the sum for an item is worked out from."""

    PAID = auto()  # a share of what was paid for the units; of a type that sends, only when nothing can be sent
    PRICE_DROP = auto()  # what was paid less the price of today
    DIFFERENCE = auto()  # what was paid less the price of what is wanted instead
    CEILING = auto()  # any sum up to what the reason allows


@dataclass(frozen=True, kw_only=True)
class CaseTypeRecord:
    """The facts about a type. Texts are what staff read; `key` opens the form for it on the page of an order."""

    wish: Text
    icon: str
    key: str
    agree: Text
    # What an offer of it is called, where not by its label, and where the goods are when it is a usual offer.
    terms: Text = ""
    offered_while: tuple[GoodsState, ...] = ()
    # What agreeing sets in motion, with %(days)d, %(hours)d and %(amount)s; without it the way of the money says it.
    consequence: Text = ""
    consequence_sent_first: Text = ""

    # Where the goods can be when it is asked for, and where they are when the refund may be instant.
    goods: tuple[GoodsState, ...] = tuple(GoodsState)
    instant_while: tuple[GoodsState, ...] = ()
    # The field of the policy that says until when it can be asked for; without it the reason decides.
    window: str = ""

    holds_units: bool = True  # the units asked for are reserved; without it only money is
    returns: bool = False  # goods come back first
    sends: bool = False  # something goes to the buyer
    repairs: bool = False  # what comes back is repaired and goes back
    may_send_first: bool = False  # the new one may go out before the old one is back

    basis: Basis = Basis.PAID
    takes_amount: bool = False  # a sum is entered for each item; without it the sum follows from the units
    given_as: tuple[GivenAs, ...] = (GivenAs.MONEY,)
    changes: tuple[ChangeKind, ...] = ()  # what of the order is changed; the order is meant as it is, not some items

    @property
    def asks_money_back(self) -> bool:
        """Whether the price of units is asked back; such a type can be chosen anew when the buyer asks again."""
        return self.holds_units and self.takes_amount

    @property
    def pays_for_returns(self) -> bool:
        """Whether money goes back for goods that come back, so that their state counts."""
        return self.returns and not self.sends

    @property
    def may_be_in_kind(self) -> bool:
        """Whether it can be given in something else than money."""
        return len(self.given_as) > 1

    @property
    def sends_from_stock(self) -> bool:
        """Whether what is sent is taken from stock, not the buyer's own."""
        return self.sends and not self.repairs

    @property
    def exchanges(self) -> bool:
        """Whether the buyer gets something else for what was bought."""
        return self.basis == Basis.DIFFERENCE

    @property
    def compensates(self) -> bool:
        """Whether money is given for a harm, beside the goods and their price."""
        return self.basis == Basis.CEILING

    @property
    def compares_prices(self) -> bool:
        """Whether the price of today is what counts."""
        return self.basis == Basis.PRICE_DROP


CASE_TYPES: Final[Mapping[str, CaseTypeRecord]] = {
    CaseType.REFUND_ONLY: CaseTypeRecord(
        wish=_("I want a refund"),
        icon="banknotes",
        key="f",
        agree=_("Agree to the refund"),
        terms=_("Money back, the buyer keeps what they have"),
        offered_while=tuple(GoodsState),
        instant_while=(G.UNSHIPPED,),
        takes_amount=True,
    ),
    CaseType.RETURN_REFUND: CaseTypeRecord(
        wish=_("I want to return"),
        icon="arrow-uturn-left",
        key="u",
        agree=_("Agree to the return"),
        terms=_("Money back once the goods are here"),
        offered_while=(G.SIGNED,),
        consequence=_(
            "The buyer sends the goods back within %(days)d days; %(amount)s goes back after the inspection."
        ),
        goods=(G.SHIPPED, G.SIGNED),
        instant_while=(G.SIGNED,),
        returns=True,
        takes_amount=True,
    ),
    CaseType.EXCHANGE: CaseTypeRecord(
        wish=_("I want an exchange"),
        icon="arrows-right-left",
        key="x",
        agree=_("Agree to the exchange"),
        consequence=_("The buyer sends the goods back within %(days)d days; no money goes back."),
        consequence_sent_first=_(
            "The new one is dispatched within %(hours)d hours; the old one follows within %(days)d days."
        ),
        goods=(G.SIGNED,),
        returns=True,
        sends=True,
        may_send_first=True,
        basis=Basis.DIFFERENCE,
    ),
    CaseType.REPAIR: CaseTypeRecord(
        wish=_("I want a repair"),
        icon="wrench-screwdriver",
        key="w",
        agree=_("Agree to the repair"),
        consequence=_("The buyer sends the goods back within %(days)d days; no money goes back."),
        goods=(G.SIGNED,),
        window="warranty_days",
        returns=True,
        sends=True,
        repairs=True,
    ),
    CaseType.RESHIP: CaseTypeRecord(
        wish=_("Something is missing"),
        icon="gift",
        key="m",
        agree=_("Agree to send it"),
        consequence=_("It is dispatched within %(hours)d hours, or the money goes back."),
        goods=(G.SHIPPED, G.SIGNED),
        sends=True,
    ),
    CaseType.PRICE_PROTECTION: CaseTypeRecord(
        wish=_("The price has dropped"),
        icon="arrow-trending-down",
        key="p",
        agree=_("Agree to pay the difference"),
        window="price_protection_days",
        holds_units=False,
        basis=Basis.PRICE_DROP,
    ),
    CaseType.COMPENSATION: CaseTypeRecord(
        wish=_("I want a compensation"),
        icon="receipt-percent",
        key="b",
        agree=_("Agree to the compensation"),
        terms=_("Compensation in money; the goods can still be returned later"),
        offered_while=(G.SIGNED,),
        holds_units=False,
        basis=Basis.CEILING,
        takes_amount=True,
        given_as=tuple(GivenAs),
    ),
    CaseType.ORDER_CHANGE: CaseTypeRecord(
        wish=_("Change or cancel the order"),
        icon="pencil-square",
        key="d",
        agree=_("Agree to the change"),
        goods=(G.UNSHIPPED, G.SHIPPED),
        changes=tuple(ChangeKind),
    ),
}

COMPENSATING: Final = tuple(kind for kind in CaseType if CASE_TYPES[kind].compensates)
OFFERED: Final = tuple(kind for kind in CaseType if CASE_TYPES[kind].offered_while)
ASKING_MONEY_BACK: Final = tuple(kind for kind in CaseType if CASE_TYPES[kind].asks_money_back)


def of(case_type: str) -> CaseTypeRecord:
    """The record of a type, by its name."""
    return CASE_TYPES[case_type]


def fits(case_type: str, state: str) -> bool:
    """Whether a type can be asked for while the goods are there."""
    return state in of(case_type).goods
