"""What is known of goods that come back: their condition, how late they were, gifts kept, what stays of bundles."""

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
    """What an inspection said of one unit."""

    order_line_id: int
    round_number: int
    is_accepted: bool
    condition: str


def inspected(case: Case) -> list[Unit]:
    """Every unit that was inspected, in any round."""
    return [Unit(*row) for row in INSPECTED(case.pk)]


def found(
    case: Case,
    items: Sequence[Item],
    *,
    used: Mapping[int, int] | None = None,
    gifts: Mapping[int, int] | None = None,
) -> Found:
    """Everything that deductions ask; `used` and `gifts` stand for what an inspection has not stored yet."""
    bundles_left = bundles(case, items)
    if not case_types.of(case.type).pays_for_returns:
        return Found(stays=bundles_left)
    return Found(
        used=_used(case) if used is None else _by_order_line(case, used),
        is_late=_is_late(case),
        gifts=_recorded(case) if gifts is None else _marked(case, gifts),
        stays=bundles_left,
    )


def _used(case: Case) -> dict[int, int]:
    if not case.has_received_units:
        return {}
    return Counter(
        unit.order_line_id
        for unit in inspected(case)
        if unit.is_accepted and unit.round_number == case.round_number and unit.condition in WORN
    )


def _by_order_line(case: Case, units: Mapping[int, int]) -> dict[int, int]:
    return {line.order_line_id: units[line.pk] for line in case.lines.all() if line.pk in units}


def _is_late(case: Case) -> bool:
    """Whether the goods were sent back later than the policy's days after the agreement."""
    if case.approved_at is None or not case.policy.restocking_late_percent:
        return False
    shipped = case.events.filter(action="ship_return").order_by("-pk").values_list("happened_at", flat=True).first()
    return shipped is not None and shipped > case.approved_at + timedelta(days=case.policy.restocking_late_days)


def gifts_of(case: Case) -> list[tuple[OrderLine, int]]:
    """Gifts of the order and how many of each could still be missing; those the case itself is about come back."""
    gifts = OrderLine.objects.filter(order=case.order_id, is_gift=True).exclude(case_lines__case=case)
    elsewhere = MissingGift.objects.filter(order_line__order=case.order_id).exclude(case=case)
    missing = dict(elsewhere.values_list("order_line").annotate(units=Sum("units")))
    return [(line, line.units_left - missing.get(line.pk, 0)) for line in gifts.order_by("position")]


def _recorded(case: Case) -> list[Gift]:
    """Only an inspection records gifts."""
    if not case.has_received_units:
        return []
    return [Gift(each.order_line_id, each.units, each.amount) for each in GIFTS_KEPT(case.pk)]


def _marked(case: Case, gifts: Mapping[int, int]) -> list[Gift]:
    return [
        Gift(line.pk, gifts[line.pk], money.rounded(line.unit_price * gifts[line.pk], case.currency))
        for line, _left in gifts_of(case)
        if gifts.get(line.pk)
    ]


def bundles(case: Case, items: Sequence[Item]) -> dict[str, list[Stays]]:
    """By bundle of which something goes back and something stays: what stays, and what was paid for it."""
    keeps_goods = not case.goods_must_return and case.goods_state == GoodsState.SIGNED
    if keeps_goods or not case_types.of(case.type).holds_units or not case.policy.reprices_bundles:
        return {}
    back = {item.line_id: item for item in items if item.units}
    bundled = BUNDLED(case.order_id)
    names = {line.bundle for line in bundled if line.pk in back}
    stays: dict[str, list[Stays]] = {}
    for line in (line for line in bundled if line.bundle in names):
        item = back.get(line.pk)
        units = line.quantity - line.units_settled - line.units_elsewhere - (item.units if item else 0)
        paid = line.paid_amount - line.amount_settled - line.amount_elsewhere - (item.amount if item else 0)
        if units > 0:
            stays.setdefault(line.bundle, []).append(Stays(line.pk, units, paid, line.unit_price))
    return stays
