"""How much goes back: the calculation line by line, each deduction with its rule. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from aftersales.rules.cases import case_types
from aftersales.rules.refunds import freight as freight_rules
from aftersales.rules.vocabulary import Fault, GoodsState
from orders import money

if TYPE_CHECKING:
    from aftersales.models import Case, Policy

ZERO = Decimal(0)
OF_ONE_ITEM = ("restocking", "depreciation")  # taken of one item alone, and of no other


@dataclass(frozen=True)
class Item:
    """Units of one order line that are paid for, at what was asked for them; by its own policy fees come off.

    `use_days` are the days of use that are charged.
    """

    line_id: int
    units: int
    amount: Decimal
    policy: Policy | None = None
    use_days: int = 0


@dataclass(frozen=True)
class Draft:
    """One line of the calculation; deductions are negative. `rule` is a code that the page explains."""

    kind: str
    amount: Decimal
    line_id: int | None = None
    units: int = 0
    rule: str = ""


@dataclass(frozen=True)
class Gift:
    """Units of a gift that did not come back, at their marked price."""

    line_id: int
    units: int
    amount: Decimal


@dataclass(frozen=True)
class Stays:
    """What stays of a bundle of which something goes back: units, what was paid for them, their price alone."""

    line_id: int
    units: int
    paid: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class Found:
    """What is known of the goods: opened or used units by line, gifts kept, what stays of bundles.

    `sent_after` is the time from the agreement until they were sent back; nothing where no policy asks.
    """

    used: Mapping[int, int] = field(default_factory=dict)
    sent_after: timedelta | None = None
    gifts: Sequence[Gift] = ()
    stays: Mapping[str, Sequence[Stays]] = field(default_factory=dict)


NOTHING = Found()


def work_out(
    case: Case,
    items: Sequence[Item],
    *,
    freight: Decimal,
    agreed: Decimal | None,
    source: str,
    found: Found = NOTHING,
) -> list[Draft]:
    """The calculation for the accepted items; `agreed` is a sum fixed by an offer or a ruling (`source`)."""
    drafts = [Draft("goods", item.amount, item.line_id, item.units) for item in items]
    # An agreed sum below the freight: the freight line must not exceed the whole.
    freight = freight if agreed is None else min(freight, agreed)
    if freight:
        rule = "freight_once" if case.goods_state == GoodsState.UNSHIPPED else "freight_both_ways"
        drafts.append(Draft("freight", freight, rule=rule))
    goods = sum((item.amount for item in items), ZERO)
    if agreed is not None:
        # What people agreed or ruled is the sum: no deduction by the policy comes off it.
        difference = agreed - goods - freight
        return [*drafts, Draft(source, difference)] if difference else drafts
    return [*drafts, *_at_most(goods, deductions(case, items, found))]


def deductions(case: Case, items: Sequence[Item], found: Found = NOTHING) -> list[Draft]:
    """Every deduction by its rule, as if there were always enough to deduct it from."""
    fees = restocking_fees(case, items, found)
    drafts = [*fees, *_depreciation(case, items, fees), *_missing_gifts(case, found), *_bundles(case, found)]
    if freight_rules.loses_free_freight(case.freight_rule):
        drafts.append(Draft("outbound_freight", -case.policy.outbound_freight, rule=_rule(case, "free_freight_lost")))
    if case.freight_payer == "buyer":
        drafts.append(Draft("return_freight", -case.return_freight_amount, rule=_rule(case, "buyer_bears_return")))
    return drafts


def _rule(case: Case, rule: str) -> str:
    """The rule of a deduction; where a finding has made the buyer bear it, the line says so."""
    return freight_rules.FOUND + rule if case.liable_party else rule


def _missing_gifts(case: Case, found: Found) -> list[Draft]:
    if not (case_types.of(case.type).pays_for_returns and case.policy.deducts_missing_gifts):
        return []
    return [Draft("missing_gift", -gift.amount, gift.line_id, gift.units, "missing_gift") for gift in found.gifts]


def _bundles(case: Case, found: Found) -> list[Draft]:
    """What a bundle loses that is taken apart: at the merchant's fault it keeps its price."""
    if not (case.at_fault == Fault.BUYER and case.policy.reprices_bundles):
        return []
    return [Draft("bundle", -lost(stays), rule=f"bundle:{name}") for name, stays in found.stays.items()]


def _at_most(goods: Decimal, drafts: Sequence[Draft]) -> list[Draft]:
    """Deductions in their order, none beyond what the ones before have left; those of nothing are left out."""
    left, deducted = goods, []
    for draft in drafts:
        amount = min(-draft.amount, left)
        if amount > ZERO:
            deducted.append(replace(draft, amount=-amount))
            left -= amount
    return deducted


def restocking_fees(case: Case, items: Sequence[Item], found: Found = NOTHING) -> list[Draft]:
    """Item by item the percentages of its own policy; none unless the buyer is at fault.

    Each is rounded by itself: no other item, and no order of them, changes what one costs.
    """
    if not case_types.of(case.type).pays_for_returns or case.at_fault != Fault.BUYER:
        return []
    return [fee for item in items if item.policy for fee in _fees(item, item.policy, found, case)]


def _fees(item: Item, policy: Policy, found: Found, case: Case) -> Iterator[Draft]:
    """Of used units the highest rate that applies."""
    rates = _rates(policy, found)
    of_used = [*rates, (policy.restocking_used_percent, "restocking_used")]
    units = min(found.used.get(item.line_id, 0), item.units)
    used = _share_used(item, units, case.currency)
    parts = ((item.units - units, item.amount - used, rates), (units, used, of_used))
    for count, amount, charged in parts:
        percent, rule = max(charged, key=lambda rate: rate[0])
        if amount and percent:
            fee = money.rounded(amount * percent / 100, case.currency)
            yield Draft("restocking", -fee, item.line_id, count, f"{_rule(case, rule)}:{percent.normalize():f}")


def _depreciation(case: Case, items: Sequence[Item], fees: Sequence[Draft]) -> Iterator[Draft]:
    """For each item its days of use, whoever is at fault (三包规定, 第十三条); never more than its fees have left."""
    for item in items:
        left = item.amount + sum((fee.amount for fee in fees if fee.line_id == item.line_id), ZERO)
        percent = item.policy.depreciation_day_percent if item.policy else ZERO
        fee = min(money.rounded(item.amount * percent * item.use_days / 100, case.currency), left)
        if fee:
            rule = f"depreciation:{percent.normalize():f}:{item.use_days}"
            yield Draft("depreciation", -fee, item.line_id, item.units, rule)


def _rates(policy: Policy, found: Found) -> list[tuple[Decimal, str]]:
    """The percentages that apply to all that comes back of an item, each with its rule."""
    is_late = found.sent_after is not None and found.sent_after > timedelta(days=policy.restocking_late_days)
    late = [(policy.restocking_late_percent, "restocking_late")] if is_late else []
    return [(policy.restocking_percent, "restocking"), *late]


def _share_used(item: Item, units: int, currency: str) -> Decimal:
    """What was asked for the opened or used units of an item."""
    return money.share_of_units(item.amount, item.units, units, item.units, item.amount, currency) if units else ZERO


def shortfalls(stays: Sequence[Stays]) -> dict[int, Decimal]:
    """By line, how much less was paid for what stays of a bundle than it costs alone."""
    return {each.line_id: max(each.unit_price * each.units - each.paid, ZERO) for each in stays}


def lost(stays: Sequence[Stays]) -> Decimal:
    """The bundle price that is lost because what stays no longer earns it."""
    return sum(shortfalls(stays).values(), ZERO)


def total(drafts: Sequence[Draft]) -> Decimal:
    """The sum that goes back."""
    return sum((draft.amount for draft in drafts), ZERO)


def spread(drafts: Sequence[Draft], items: Sequence[Item], currency: str) -> dict[int, Decimal]:
    """What each line gives back after its own fees, and in proportion after what is taken of all.

    The parts sum to the total less freight.
    """
    goods = total(drafts) - sum((draft.amount for draft in drafts if draft.kind == "freight"), ZERO)
    fees = [draft for draft in drafts if draft.kind in OF_ONE_ITEM]
    own = [item.amount + sum((fee.amount for fee in fees if fee.line_id == item.line_id), ZERO) for item in items]
    parts = money.allocate(max(goods, ZERO), own, currency)
    return {item.line_id: part for item, part in zip(items, parts, strict=True)}
