"""What a case becomes on the terms that the buyer was offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Case, Offer
    from aftersales.rules.cases.goods_moved import Before


def type_by_now(case: Case, terms: Offer, before: Before | None) -> str:
    """What was offered; all the money asked for goods that have arrived since brings them back, as asking does."""
    if before and before.became_return(case) and terms.type == before.type and terms.amount >= before.asked:
        return case.type
    return terms.type


def take(case: Case, terms: Offer, before: Before | None) -> None:
    """Set on the case what was offered; goods that the buyer keeps count as signed for."""
    type = type_by_now(case, terms, before)
    # An agreed sum is without the freight that can no longer be given back.
    case.agreed_amount = min(terms.amount, case.requested_amount + case.freight_held)
    if case.goods_must_return and not case_types.of(type).returns:
        case.goods_state = GoodsState.SIGNED
    # What belonged to the old type must not steer the chain of the new one; goods that have arrived since, and stay
    # with the buyer, leave the request what it was.
    if type != case.type:
        change = before.change if before and type == before.type else ""
        case.type, case.change, case.dispatches_first = type, change, False
    case.given_as = terms.given_as
