"""The chain of states that a case takes: facts of one case, which follow from its type and from its own columns.

What is true of all cases of a type stands in `case_types`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import CaseTypeRecord
from aftersales.rules.vocabulary import ChangeKind, GivenAs, GoodsState, Status

if TYPE_CHECKING:
    from aftersales.models import Case

S = Status


def has(case: Case, part: str | None) -> bool:
    """Whether the chain of the case has the part; no part belongs to every chain."""
    return part is None or getattr(of(case), part) or (part == "sends" and changes_address(case))


def of(case: Case) -> CaseTypeRecord:
    """The record of the type that the case has now."""
    return case_types.of(case.type)


def changes_address(case: Case) -> bool:
    """Whether only the address of the order is to change."""
    return case.change == ChangeKind.ADDRESS


def gives_in_kind(case: Case) -> bool:
    """Whether a compensation is given in something else than money along the payments."""
    return case.given_as != GivenAs.MONEY


def after_agreement(case: Case) -> Status:
    """The state that an agreement leads to."""
    chain = of(case)
    # The replacement first, where it was agreed so or nothing comes back at all.
    if chain.sends and (case.dispatches_first or not chain.returns):
        return S.AWAITING_DISPATCH
    if chain.returns:
        return S.AWAITING_RETURN
    if gives_in_kind(case):
        return S.COMPLETED
    # Under way and not signed for: the carrier may still stop the parcel. Money alone needs no parcel stopped.
    if case.goods_state == GoodsState.SHIPPED and chain.holds_units:
        return S.INTERCEPTING
    return S.COMPLETED if changes_address(case) else S.REFUNDING


def exchanges(case: Case) -> bool:
    """Whether the buyer gets something else for what was bought, as far as is known."""
    return of(case).exchanges and case.replacement_failed_at is None


def after_inspection(case: Case) -> Status:
    """The state that a passed inspection leads to."""
    chain = of(case)
    if case.replacement_failed_at is not None or not chain.sends:
        return S.REFUNDING
    if chain.repairs:
        return S.REPAIRING
    return _after_goods(case) if case.dispatches_first else S.AWAITING_DISPATCH


def after_failed_replacement(case: Case) -> Status:
    """The state once nothing can be sent: the money waits for goods that the buyer still has."""
    return S.AWAITING_RETURN if case.dispatches_first and not case.goods_are_here else S.REFUNDING


def pays(case: Case) -> bool:
    """Whether money goes back along the payments as the case stands: not while something is sent, or given in kind."""
    if changes_address(case) or gives_in_kind(case):
        return False
    return not of(case).sends or case.replacement_failed_at is not None or case.owed_difference > 0


def after_receipt(case: Case) -> Status:
    """The state once the buyer has the replacement: after one that was sent first the old goods come back."""
    return S.AWAITING_RETURN if case.dispatches_first and not case.goods_are_here else _after_goods(case)


def _after_goods(case: Case) -> Status:
    """Goods have gone both ways: what is left is money, where what was sent costs less."""
    return S.REFUNDING if case.owed_difference > 0 else S.COMPLETED
