"""How much a case gives back, worked out line by line from its facts, and how its holding shrinks to that."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aftersales.actions.cases import holdings
from aftersales.actions.refunds import instant_recovery
from aftersales.models import Case, CaseLine, Policy
from aftersales.queries.policies import item_policies
from aftersales.queries.refunds import outbound_freight
from aftersales.queries.returns import returned_goods
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from aftersales.rules.refunds.settlement import Draft, Item
from aftersales.rules.vocabulary import GoodsState
from orders import entitlement, locking, money, unit_prices
from orders.entitlement import Claim

ZERO = Decimal(0)


def trial(
    case: Case,
    accepted: Mapping[int, int] | None = None,
    *,
    used: Mapping[int, int] | None = None,
    gifts: Mapping[int, int] | None = None,
    use_days: Mapping[int, int] | None = None,
) -> list[Draft]:
    """The calculation as it stands now: from what was asked for, accepted, offered or ruled; nothing is stored.

    `accepted` and `used` (case line id → units) and `gifts` that are missing (order line id → units) ask what an
    inspection would lead to, before it is stored; `use_days` (order line id → days) what a choice would.
    """
    if chains.exchanges(case):
        return settlement.work_out(case, _differences(case), freight=ZERO, agreed=None, source="offer")
    items = payable(case, accepted, use_days)
    agreed, source = _agreed_for(case, items), "ruling" if case.ruling else "offer"
    found = returned_goods.found(case, items, used=used, gifts=gifts)
    freight = _freight(case, items, agreed)
    return settlement.work_out(case, items, freight=freight, agreed=agreed, source=source, found=found)


def _freight(case: Case, items: Sequence[Item], agreed: Decimal | None) -> Decimal:
    """The freight that goes back: decided now: the last line of today need not be that of the application."""
    due = outbound_freight.due(case, sum(item.units for item in items))
    if agreed is None:
        return due
    # A sum that people fixed stands: it takes of the freight only what the case holds, and needs.
    beyond_goods = agreed - sum((item.amount for item in items), ZERO)
    return case.freight_held if due else min(max(beyond_goods, ZERO), case.freight_held)


def payable(
    case: Case, accepted: Mapping[int, int] | None = None, use_days: Mapping[int, int] | None = None
) -> list[Item]:
    """Units that are paid for: the accepted ones where goods came back, else the ones asked for."""
    inspected = accepted is not None or case.goods_are_here
    items = []
    lines = case.all_lines
    policies = item_policies.of_lines(case, lines)
    # In this order everywhere: when a cent has to go to one of several lines, preview and refund choose the same.
    for line in lines:
        good = line.units_accepted if accepted is None else accepted.get(line.pk, 0)
        units = min(good, line.units_held) if inspected else line.units_held
        days = line.use_days if use_days is None else use_days.get(line.order_line_id, 0)
        item = _item(case, line, units, policies[line.order_line_id], days)
        if item.units or item.amount:
            items.append(item)
    return items


def _item(case: Case, line: CaseLine, units: int, policy: Policy, use_days: int) -> Item:
    """So many units at what was asked for them; a case that is about money alone takes no units."""
    amount = holdings.part_of(line, units, case.currency)
    return Item(line.order_line_id, units if chains.of(case).holds_units else 0, amount, policy, use_days)


def _differences(case: Case) -> list[Item]:
    """What an exchange for something cheaper owes, line by line; it takes no units."""
    cheaper = [line for line in case.all_lines if line.difference < ZERO]
    owed = max(case.owed_difference, ZERO)
    parts = money.allocate(owed, [-line.difference for line in cheaper], case.currency)
    return [Item(line.order_line_id, 0, part) for line, part in zip(cheaper, parts, strict=True) if part]


def _agreed_for(case: Case, items: Sequence[Item]) -> Decimal | None:
    """A fixed sum stands for everything asked; of it goes back what was accepted."""
    if case.agreed_amount is None:
        return None
    held = sum((claim.amount for claim in holdings.claims_held(case)), ZERO)
    if not held:
        return case.agreed_amount
    return money.rounded(case.agreed_amount * sum((item.amount for item in items), ZERO) / held, case.currency)


def narrow(case: Case, drafts: Sequence[Draft], amount: Decimal, *, surplus: Decimal = ZERO) -> None:
    """Let the case hold only what is given back, and a `surplus` that was paid ahead and was not due.

    What stays of a bundle that was taken apart costs more alone: that much of what was paid moves to its lines.
    """
    items = [Item(draft.line_id or 0, draft.units, draft.amount) for draft in drafts if draft.kind == "goods"]
    freight = freight_of(drafts)
    parts = settlement.spread(drafts, items, case.currency)
    bundles = returned_goods.bundles(case, items)
    used_up = {item.line_id: _used_up(case, item, parts[item.line_id]) for item in items}
    if surplus:
        used_up, freight = instant_recovery.with_surplus(case, used_up, freight, surplus)
    holdings.narrow(case, used_up, freight)
    _reprice(case, drafts, bundles, {item.line_id: item.amount - parts[item.line_id] for item in items})


def freight_of(drafts: Sequence[Draft]) -> Decimal:
    """What of the calculation is freight of the way out."""
    return sum((draft.amount for draft in drafts if draft.kind == "freight"), ZERO)


def _used_up(case: Case, item: Item, part: Decimal) -> Claim:
    return Claim(item.line_id, _units_used(case, item, part), part)


def _reprice(
    case: Case,
    drafts: Sequence[Draft],
    bundles: Mapping[str, Sequence[settlement.Stays]],
    withheld: Mapping[int, Decimal],
) -> None:
    """Move what a bundle lost from the lines that went back to those that stay, so that none of it is forgotten."""
    for draft in [draft for draft in drafts if draft.kind == "bundle"]:
        short = settlement.shortfalls(bundles[draft.rule.partition(":")[2]])
        gained = _within(-draft.amount, short, case.currency)
        # Two bundles may have taken from the same line: what the first took is no longer there for the second.
        given = _within(-draft.amount, withheld, case.currency)
        withheld = {pk: room - given[pk] for pk, room in withheld.items()}
        moved = {pk: gained.get(pk, ZERO) - given.get(pk, ZERO) for pk in {*gained, *given}}
        entitlement.reprice(case.order_id, moved)


def _within(amount: Decimal, room: Mapping[int, Decimal], currency: str) -> dict[int, Decimal]:
    """The amount shared over lines in proportion to their room, none beyond it."""
    rooms = list(room.values())
    return dict(zip(room, money.allocate_capped(amount, rooms, rooms, currency), strict=True))


def _units_used(case: Case, item: Item, paid: Decimal) -> int:
    """The units that a refund uses up: none where the buyer keeps the goods and gets less than their price (ADR 8)."""
    if not chains.of(case).holds_units:
        return 0
    kept_goods = not case.goods_must_return and case.goods_state == GoodsState.SIGNED
    return 0 if kept_goods and paid < _price(case, item) else item.units


def _price(case: Case, item: Item) -> Decimal:
    """The most that these units could have given back when the case asked for them."""
    sold = locking.lines(case.order_id)[item.line_id]
    held = next(line for line in case.all_lines if line.order_line_id == item.line_id)
    back, money_back = held.units_held, held.amount_held
    return unit_prices.worth(sold, item.units, case.currency, units_back=back, amount_back=money_back)
