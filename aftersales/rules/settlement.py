"""How much goes back: the calculation line by line, each deduction with its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from aftersales.rules.vocabulary import CaseType, Fault
from orders import money

if TYPE_CHECKING:
    from aftersales.models import Case

ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """Units of one order line that are paid for, at what was asked for them."""

    line_id: int
    units: int
    amount: Decimal


@dataclass(frozen=True)
class Draft:
    """One line of the calculation; deductions are negative. `rule` is a code that the page explains."""

    kind: str
    amount: Decimal
    line_id: int | None = None
    units: int = 0
    rule: str = ""


def work_out(
    case: Case, items: Sequence[Item], *, freight: Decimal, agreed: Decimal | None, source: str
) -> list[Draft]:
    """The calculation for the accepted items; `agreed` is a sum fixed by an offer or a ruling (`source`)."""
    drafts = [Draft("goods", item.amount, item.line_id, item.units) for item in items]
    freight = freight if agreed is None else min(freight, agreed)
    if freight:
        drafts.append(Draft("freight", freight, rule="freight_once"))
    goods = sum((item.amount for item in items), ZERO)
    if agreed is not None:
        difference = agreed - goods - freight
        return [*drafts, Draft(source, difference)] if difference else drafts
    fee = restocking_fee(case, goods)
    if fee:
        drafts.append(Draft("restocking", -fee, rule=f"restocking:{case.policy.restocking_percent.normalize():f}"))
    advanced = min(case.return_freight_amount, goods - fee) if case.freight_payer == "buyer" else ZERO
    if advanced:
        drafts.append(Draft("return_freight", -advanced, rule="buyer_bears_return"))
    return drafts


def restocking_fee(case: Case, goods: Decimal) -> Decimal:
    """The policy's percentage of the goods that come back; nothing when the buyer is not at fault."""
    if case.type != CaseType.RETURN_REFUND or case.fault != Fault.BUYER:
        return ZERO
    return money.rounded(goods * case.policy.restocking_percent / 100, case.currency)


def total(drafts: Sequence[Draft]) -> Decimal:
    """What goes back."""
    return sum((draft.amount for draft in drafts), ZERO)


def spread(drafts: Sequence[Draft], items: Sequence[Item], currency: str) -> dict[int, Decimal]:
    """What each line gives back after deductions; parts sum to the total less freight."""
    goods = total(drafts) - sum((draft.amount for draft in drafts if draft.kind == "freight"), ZERO)
    parts = money.allocate(max(goods, ZERO), [item.amount for item in items], currency)
    return {item.line_id: part for item, part in zip(items, parts, strict=True)}
