"""What every conversion, split and merge must leave whole."""

from aftersales.queries import invariants


def whole():
    """Invariants of the whole system that are broken, with examples."""
    return [verdict for one in invariants.INVARIANTS if (verdict := invariants.check(one)).count]


def held(order):
    """Units and money that cases hold of the lines of an order, and the freight."""
    order.refresh_from_db()
    lines = order.lines.order_by("position")
    return [(line.units_reserved, line.amount_reserved) for line in lines], order.freight_reserved
