"""How much a case gives back, worked out line by line, and what it goes on holding."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aftersales.actions.cases import holdings
from aftersales.actions.refunds import instant_recovery
from aftersales.models import Case
from aftersales.queries.returns import returned_goods
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from aftersales.rules.refunds.settlement import Draft, Item
from aftersales.rules.vocabulary import GoodsState
from orders import entitlement, money
from orders.entitlement import Claim
from orders.models import OrderLine

ZERO = Decimal(0)


def trial(
    case: Case,
    accepted: Mapping[int, int] | None = None,
    *,
    used: Mapping[int, int] | None = None,
    gifts: Mapping[int, int] | None = None,
) -> list[Draft]:
    """The calculation as it stands: asked for, received and accepted, or fixed by offer or ruling.

    `accepted` and `used` (case line id → units) and `gifts` that are missing (order line id → units) ask what an
    inspection would lead to, before it is stored.
    """
    if chains.exchanges(case):
        return settlement.work_out(case, _differences(case), freight=ZERO, agreed=None, source="offer")
    items = payable(case, accepted)
    source = "ruling" if case.ruling else "offer"
    return settlement.work_out(
        case,
        items,
        freight=case.freight_held,
        agreed=_agreed_for(case, items),
        source=source,
        found=returned_goods.found(case, items, used=used, gifts=gifts),
    )


def payable(case: Case, accepted: Mapping[int, int] | None = None) -> list[Item]:
    """Units that are paid for: the accepted ones where goods came back, else the ones asked for."""
    inspected = accepted is not None or case.goods_are_here
    items = []
    for line in sorted(case.lines.all(), key=lambda line: line.order_line_id):
        good = line.units_accepted if accepted is None else accepted.get(line.pk, 0)
        units = min(good, line.units_held) if inspected else line.units_held
        amount = holdings.part_of(line, units, case.currency)
        if not chains.of(case).holds_units:
            units = 0
        if units or amount:
            items.append(Item(line.order_line_id, units, amount))
    return items


def _differences(case: Case) -> list[Item]:
    """What an exchange for something cheaper owes, line by line; it takes no units."""
    cheaper = [line for line in case.lines.order_by("order_line_id") if line.difference < ZERO]
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
    """Hold what is given back, and a surplus that was paid ahead and was not due.

    What a bundle that is taken apart costs more is then paid for what stays of it.
    """
    items = [Item(draft.line_id or 0, draft.units, draft.amount) for draft in drafts if draft.kind == "goods"]
    freight = sum((draft.amount for draft in drafts if draft.kind == "freight"), ZERO)
    parts = settlement.spread(drafts, items, case.currency)
    kept = {
        item.line_id: Claim(item.line_id, _units_used(case, item, parts[item.line_id]), parts[item.line_id])
        for item in items
    }
    stays = returned_goods.bundles(case, items)
    if surplus:
        kept = instant_recovery.with_surplus(case, kept, surplus)
    holdings.narrow(case, kept, freight)
    _reprice(case, drafts, stays, {item.line_id: item.amount - parts[item.line_id] for item in items})


def _reprice(
    case: Case,
    drafts: Sequence[Draft],
    bundles: Mapping[str, Sequence[settlement.Stays]],
    withheld: Mapping[int, Decimal],
) -> None:
    """Move what a bundle lost from the lines that went back to those that stay, so that none of it is forgotten."""
    for draft in drafts:
        if draft.kind != "bundle":
            continue
        short = settlement.shortfalls(bundles[draft.rule.partition(":")[2]])
        weights = list(short.values())
        gained = dict(zip(short, money.allocate_capped(-draft.amount, weights, weights, case.currency), strict=True))
        rooms = list(withheld.values())
        given = dict(zip(withheld, money.allocate_capped(-draft.amount, rooms, rooms, case.currency), strict=True))
        withheld = {pk: room - given[pk] for pk, room in withheld.items()}
        moved = {pk: gained.get(pk, ZERO) - given.get(pk, ZERO) for pk in {*gained, *given}}
        entitlement.reprice(case.order_id, moved)


def _units_used(case: Case, item: Item, paid: Decimal) -> int:
    """A refund of less than their price on goods that the buyer keeps does not use up the units."""
    if not chains.of(case).holds_units:
        return 0
    kept_goods = not case.goods_must_return and case.goods_state == GoodsState.SIGNED
    return 0 if kept_goods and paid < _price(case, item) else item.units


def _price(case: Case, item: Item) -> Decimal:
    """The most that these units could have given back when the case asked for them."""
    sold, held = OrderLine.objects.get(pk=item.line_id), case.lines.get(order_line=item.line_id)
    left, amount_left = sold.units_left + held.units_held, sold.amount_left + held.amount_held
    return money.share_of_units(sold.paid_amount, sold.quantity, item.units, left, amount_left, case.currency)
