"""What becomes of a request when its goods have moved on since somebody last looked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import CaseType, GoodsState

if TYPE_CHECKING:
    from aftersales.models import Case

ZERO = Decimal(0)
# Goods only go forward: what the buyer keeps by agreement counts as signed for, whatever the carrier says later.
ORDER: Final = (GoodsState.UNSHIPPED, GoodsState.SHIPPED, GoodsState.SIGNED)


@dataclass(frozen=True)
class Before:
    """A request as it stood while its goods were still known to be elsewhere."""

    state: str
    type: str
    change: str
    asked: Decimal
    freight: Decimal

    def became_return(self, case: Case) -> bool:
        """Whether goods that have arrived since are to come back."""
        return self.type != case.type


def by_now(case: Case, told: GoodsState) -> GoodsState:
    """Where the goods of a case count as being, with what is told now."""
    return max(told, GoodsState(case.goods_state), key=ORDER.index)


def follow(case: Case, told: GoodsState) -> Before | None:
    """Bring a case up to where its goods are by now; answers how it stood before, nothing where nothing moved.

    1. Freight is given back only where nothing was shipped.
    2. Money alone was asked for goods that the buyer did not have: once they have them, the goods come back first.
    """
    if by_now(case, told) == case.goods_state:
        return None
    freight, asked = case.freight_held, case.requested_amount + case.freight_held
    before = Before(case.goods_state, case.type, case.change, asked, freight)
    case.goods_state, case.freight_held = told, ZERO
    if told == GoodsState.SIGNED and _asks_money_for_goods(case):
        case.type, case.change = CaseType.RETURN_REFUND, ""
    return before


def _asks_money_for_goods(case: Case) -> bool:
    chain = chains.of(case)
    return chain.holds_units and not chain.returns and not chain.sends and not chains.changes_address(case)


def keep(case: Case, before: Before) -> None:
    """The buyer keeps what has arrived: the request stays what it was."""
    case.type, case.change = before.type, before.change
