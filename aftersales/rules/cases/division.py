"""How what a case holds is divided, or changes hands: no fen and no unit is lost or made. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orders import money
from orders.entitlement import Claim

ZERO = Decimal(0)


def part(amount: Decimal, units: int, moved: int, *, paid: Decimal, sold: int, currency: str) -> Decimal:
    """The money that goes with `moved` of `units` for which `amount` is asked; the rest stays.

    Where the whole price is asked a unit costs what it costs in the order (`paid` for `sold` of them), so that it does
    not matter in which order parts leave; a lower sum is shared by units.
    """
    # Rounding depends on how many units are left: priced by the order, every order of splits gives the same parts.
    whole = money.share_of_units(paid, sold, units, sold, paid, currency)
    if amount >= whole:
        return money.share_of_units(paid, sold, moved, units, amount, currency)
    return money.share_of_units(amount, units, moved, units, amount, currency)


def shared(total: Decimal, stays: Decimal | int, goes: Decimal | int, currency: str) -> tuple[Decimal, Decimal]:
    """A sum of the whole case, by weight: what stays and what goes."""
    kept, moved = money.allocate(total, [stays, goes], currency)
    return kept, moved


def surplus(held: Sequence[Claim], wanted: Sequence[Claim]) -> list[Claim]:
    """What is held and no longer wanted, line by line."""
    return _beyond(held, wanted)


def missing(held: Sequence[Claim], wanted: Sequence[Claim]) -> list[Claim]:
    """What is wanted and not held yet, line by line."""
    return _beyond(wanted, held)


def _beyond(these: Sequence[Claim], those: Sequence[Claim]) -> list[Claim]:
    others = {claim.line_id: claim for claim in those}
    return [
        Claim(each.line_id, max(each.units - other.units, 0), max(each.amount - other.amount, ZERO))
        for each in these
        for other in [others.get(each.line_id, Claim(each.line_id, 0, ZERO))]
        if each.units > other.units or each.amount > other.amount
    ]


def applications(rounds: Iterable[Sequence[Mapping[str, Any]]], line_id: int) -> int:
    """How often an order line was applied for, of the lines that each round names."""
    return sum(any(each["line"] == line_id for each in lines) for lines in rounds)
