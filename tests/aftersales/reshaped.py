"""What every conversion, split and merge must leave whole."""

from aftersales.actions.cases.applications import Application
from aftersales.actions.cases.reshaping import conversions
from aftersales.models import Reason
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType


def converted(case, to, *, by, at, reason="agreed", lines=None, why="", **fields):
    """The case that goes on as another type."""
    asked = Application(case.order_id, CaseType(to), Reason.objects.get(code=reason), lines or {}, **fields)
    return conversions.convert(case.pk, asked, by=by, at=at, why=why)


def whole():
    """Invariants of the whole system that are broken, with examples."""
    return [verdict for one in invariants.INVARIANTS if (verdict := invariants.check(one)).count]


def held(order):
    """Units and money that cases hold of the lines of an order, and the freight."""
    order.refresh_from_db()
    lines = order.lines.order_by("position")
    return [(line.units_reserved, line.amount_reserved) for line in lines], order.freight_reserved
