"""What a case holds of its order: let go, narrowed, given back, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from aftersales.models import Case, CaseLine
from aftersales.queries.orders import line_units
from aftersales.rules.cases import chains
from orders import entitlement, money, unit_prices
from orders.entitlement import Claim
from orders.refusals import NotEntitled

ZERO = Decimal(0)


@dataclass(frozen=True)
class Holding:
    """Units and money of order lines, and freight, that a case reserves."""

    claims: Sequence[Claim]
    freight: Decimal


def claims_held(case: Case) -> list[Claim]:
    """What the case holds now, line by line, as the database has it."""
    return [Claim(line.order_line_id, line.units_held, line.amount_held) for line in case.all_lines]


def let_go(case: Case) -> None:
    """Free everything that the case holds, for other cases of the order."""
    _free(case, claims_held(case), case.freight_held)
    CaseLine.objects.filter(case=case).update(units_held=0, amount_held=ZERO)
    case.freight_held = ZERO


def narrow(case: Case, kept: Mapping[int, Claim], freight: Decimal) -> None:
    """Hold only what was agreed; the rest is free again."""
    surplus = [_beyond(held, kept.get(held.line_id, Claim(held.line_id, 0, ZERO))) for held in claims_held(case)]
    _free(case, surplus, case.freight_held - freight)
    for extra in [each for each in surplus if each.units or each.amount]:
        CaseLine.objects.filter(case=case, order_line=extra.line_id).update(
            units_held=F("units_held") - extra.units, amount_held=F("amount_held") - extra.amount
        )
    case.freight_held = freight


def hold_freight(case: Case, freight: Decimal) -> None:
    """Hold at least so much freight: what is paid ahead nobody else gives back; the caller saves."""
    if freight > case.freight_held:
        entitlement.reserve(case.order_id, [], freight - case.freight_held)
        case.freight_held = freight


def _free(case: Case, claims: Sequence[Claim], freight: Decimal) -> None:
    """Release it; units that were replaced go on at the price of what was sent for them."""
    entitlement.release(case.order_id, claims, freight)
    if not (chains.exchanges(case) and case.goods_are_here):
        return
    freed = {claim.line_id: claim.units for claim in claims}
    for line in CaseLine.objects.filter(case=case, wanted_price__isnull=False, units_sent__gt=0):
        units = min(line.units_sent, freed.get(line.order_line_id, 0))
        if units and line.wanted_price is not None:
            price = money.rounded(line.wanted_price * units, case.currency)
            unit_prices.replace(line.order_line_id, units, price, case.currency)


def _beyond(held: Claim, kept: Claim) -> Claim:
    return Claim(held.line_id, held.units - kept.units, held.amount - kept.amount)


def give_in_kind(case: Case, amount: Decimal | None) -> Decimal:
    """Let everything go and give a coupon or points instead, all that was asked when no sum is named; answers it."""
    let_go(case)
    lines = list(CaseLine.objects.filter(case=case).order_by("order_line_id"))
    asked = sum((line.amount for line in lines), ZERO)
    given = asked if amount is None else min(amount, asked)
    # Exactly, by largest remainder: the parts add up to the sum, no fen is lost.
    for line, part in zip(lines, money.allocate(given, [line.amount for line in lines], case.currency), strict=True):
        CaseLine.objects.filter(pk=line.pk).update(amount_in_kind=F("amount_in_kind") + part)
    return given


def hold_money(case: Case) -> None:
    """Hold the money that was asked as a coupon or points, because it is given as money after all."""
    claims = [Claim(line.order_line_id, 0, line.amount) for line in case.lines.order_by("order_line_id")]
    entitlement.reserve(case.order_id, claims)
    CaseLine.objects.filter(case=case).update(amount_held=F("amount"))


def part_of(line: CaseLine, units: int, currency: str) -> Decimal:
    """What so many of the units that a case line holds are worth of its money; all of it for all of them."""
    if units == line.units_held:
        return line.amount_held
    return money.share_of_units(line.amount_held, line.units_held, units, line.units_held, line.amount_held, currency)


def add(case: Case, changes: Mapping[int, Decimal]) -> None:
    """The case holds so much more of each line: what the buyer has paid on top."""
    for pk, change in changes.items():
        CaseLine.objects.filter(case=case, order_line=pk).update(amount_held=F("amount_held") + change)


def use_up(case: Case) -> None:
    """Turn what the case holds into what was given back: it can never be asked again."""
    entitlement.consume(case.order_id, claims_held(case), case.freight_held)
    CaseLine.objects.filter(case=case).update(
        units_settled=F("units_settled") + F("units_held"),
        amount_settled=F("amount_settled") + F("amount_held"),
        units_held=0,
        amount_held=ZERO,
    )
    case.freight_settled, case.freight_held = case.freight_settled + case.freight_held, ZERO


def refuse_taken(case: Case, type: str) -> None:
    """Refused when a case can not become a type about money alone: another open one of it is about the same units."""
    found = line_units.overlap(case, type)
    if found is not None:
        line, others = found
        free = line_units.free(line, type, others)
        raise NotEntitled(line_units.sentence(line, free, others))


def take_back(case: Case) -> None:
    """What was given back is held again, because the gateway reversed a refund."""
    lines = CaseLine.objects.filter(case=case).order_by("order_line_id")
    claims = [Claim(line.order_line_id, line.units_settled, line.amount_settled) for line in lines]
    entitlement.restore(case.order_id, claims, case.freight_settled)
    CaseLine.objects.filter(case=case).update(
        units_held=F("units_held") + F("units_settled"),
        amount_held=F("amount_held") + F("amount_settled"),
        units_settled=0,
        amount_settled=ZERO,
    )
    case.freight_held, case.freight_settled = case.freight_held + case.freight_settled, ZERO
