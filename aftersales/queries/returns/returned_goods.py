"""Facts about returned goods that reduce a refund: condition, delay, missing gifts, broken bundles."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Sum

from aftersales.models import Case, InspectedUnit, MissingGift
from aftersales.rules.cases import case_types
from aftersales.rules.refunds.settlement import Found, Gift, Item, Stays
from aftersales.rules.vocabulary import Condition, GoodsState
from orders import money
from orders.db.compiled_query import CompiledQuery
from orders.models import OrderLine

BUNDLED = CompiledQuery(lambda order: OrderLine.objects.filter(order=order).exclude(bundle="").order_by("pk"), int)
GIFTS_KEPT = CompiledQuery(lambda case: MissingGift.objects.filter(case=case).order_by("order_line_id"), int)
INSPECTED = CompiledQuery(
    lambda case: InspectedUnit.objects.filter(case_line__case=case).values_list(
        "case_line__order_line", "round_number", "is_accepted", "condition"
    ),
    int,
)
WORN = (Condition.OPENED, Condition.USED)


class Unit(NamedTuple):
    """The result of the inspection of one unit."""

    order_line_id: int
    round_number: int
    is_accepted: bool
    condition: str


def inspected(case: Case) -> list[Unit]:
    """Every inspected unit of the case, in any round."""
    return [Unit(*row) for row in INSPECTED(case.pk)]


def found(
    case: Case,
    items: Sequence[Item],
    *,
    used: Mapping[int, int] | None = None,
    gifts: Mapping[int, int] | None = None,
) -> Found:
    """The facts for all deductions; `used` and `gifts` replace the records while an inspection is previewed."""
    bundles_left = bundles(case, items)
    if not case_types.of(case.type).pays_for_returns:
        return Found(stays=bundles_left)
    used_units = _used(case) if used is None else _by_order_line(case, used)
    missing_gifts = _recorded_gifts(case) if gifts is None else _priced_gifts(case, gifts)
    return Found(used=used_units, sent_after=_sent_after(case, items), gifts=missing_gifts, stays=bundles_left)


def _used(case: Case) -> dict[int, int]:
    if not case.has_received_units:
        return {}
    return Counter(
        unit.order_line_id
        for unit in inspected(case)
        if unit.is_accepted and unit.round_number == case.round_number and unit.condition in WORN
    )


def _by_order_line(case: Case, units: Mapping[int, int]) -> dict[int, int]:
    return {line.order_line_id: units[line.pk] for line in case.all_lines if line.pk in units}


def _sent_after(case: Case, items: Sequence[Item]) -> timedelta | None:
    """How long after the agreement the goods were sent back; read only where lateness costs something."""
    if case.approved_at is None or not any(each.policy and each.policy.restocking_late_percent for each in items):
        return None
    shipped = case.events.filter(action="ship_return").order_by("-pk").values_list("happened_at", flat=True).first()
    return None if shipped is None else shipped - case.approved_at


def gifts_of(case: Case) -> list[tuple[OrderLine, int]]:
    """Gifts of the order with the units that may still be missing; without those that the case itself is about."""
    gifts = OrderLine.objects.filter(order=case.order_id, is_gift=True).exclude(case_lines__case=case)
    elsewhere = MissingGift.objects.filter(order_line__order=case.order_id).exclude(case=case)
    missing = dict(elsewhere.values_list("order_line").annotate(units=Sum("units")))
    return [(line, line.units_left - missing.get(line.pk, 0)) for line in gifts.order_by("position")]


def _recorded_gifts(case: Case) -> list[Gift]:
    # Only an inspection records gifts: before goods are received the query would find none.
    if not case.has_received_units:
        return []
    return [Gift(each.order_line_id, each.units, each.amount) for each in GIFTS_KEPT(case.pk)]


def _priced_gifts(case: Case, gifts: Mapping[int, int]) -> list[Gift]:
    return [
        Gift(line.pk, gifts[line.pk], money.rounded(line.unit_price * gifts[line.pk], case.currency))
        for line, _left in gifts_of(case)
        if gifts.get(line.pk)
    ]


def bundles(case: Case, items: Sequence[Item]) -> dict[str, list[Stays]]:
    """What stays with the buyer, and what was paid for it, by each bundle of which only a part goes back."""
    if not _may_break_bundles(case):
        return {}
    back = {item.line_id: item for item in items if item.units}
    stays: dict[str, list[Stays]] = {}
    for line in _broken_bundles(case, back):
        rest = _rest_of(line, back.get(line.pk))
        if rest.units > 0:
            stays.setdefault(line.bundle, []).append(rest)
    return stays


def _broken_bundles(case: Case, back: Mapping[int, Item]) -> list[OrderLine]:
    """All lines of those bundles of which a line goes back."""
    if not any(line.order_line.bundle for line in case.all_lines if line.order_line_id in back):
        return []
    bundled = BUNDLED(case.order_id)
    broken = {line.bundle for line in bundled if line.pk in back}
    return [line for line in bundled if line.bundle in broken]


def _may_break_bundles(case: Case) -> bool:
    keeps_goods = not case.goods_must_return and case.goods_state == GoodsState.SIGNED
    return not keeps_goods and case_types.of(case.type).holds_units and case.policy.reprices_bundles


def _rest_of(line: OrderLine, back: Item | None) -> Stays:
    """What is left of a line without what was settled, what other cases hold and what goes back now."""
    units = line.quantity - line.units_settled - line.units_elsewhere - (back.units if back else 0)
    paid = line.paid_amount - line.amount_settled - line.amount_elsewhere - (back.amount if back else 0)
    return Stays(line.pk, units, paid, line.unit_price)
