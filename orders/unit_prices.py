"""What units of an item are worth: shares of what was paid; those replaced by others, the price of these."""

from decimal import Decimal

from orders import money
from orders.models import OrderLine

ZERO = Decimal(0)


def worth(line: OrderLine, units: int, currency: str, *, units_back: int = 0, amount_back: Decimal = ZERO) -> Decimal:
    """The most that so many of the units left give back, with those that a case gives `back` first.

    Units that were not replaced come first, those replaced at another price last: what one cost extra is not spread
    over its neighbours, and the parts add up to all that is left. ValueError if more units are asked than are left.
    """
    left, amount = line.units_left + units_back, line.amount_left + amount_back
    replaced = min(line.units_replaced, left)
    if not replaced:
        return money.share_of_units(line.paid_amount, line.quantity, units, left, amount, currency)
    plain = left - replaced
    of_plain = max(amount - line.amount_replaced, ZERO) if plain else ZERO
    if units <= plain:
        return money.share_of_units(of_plain, plain, units, plain, of_plain, currency)
    rest = amount - of_plain
    return of_plain + money.share_of_units(rest, replaced, units - plain, replaced, rest, currency)


def replace(line_id: int, units: int, amount: Decimal, currency: str) -> None:
    """So many of the units left were replaced by others that cost the amount; under the lock of the order."""
    line = OrderLine.objects.get(pk=line_id)
    # Those replaced before that somebody holds by now are not counted twice.
    others = max(line.units_left - units, 0)
    before = min(line.units_replaced, others)
    all_before, worth_before = line.units_replaced, line.amount_replaced
    if before < all_before:
        worth_before = money.share_of_units(worth_before, all_before, before, all_before, worth_before, currency)
    OrderLine.objects.filter(pk=line_id).update(units_replaced=before + units, amount_replaced=worth_before + amount)
