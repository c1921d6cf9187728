"""How much a compensation may be: ceilings per reason, late dispatch, price protection. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from orders import money

if TYPE_CHECKING:
    from aftersales.models import Policy, Reason
    from orders.models import Order

ZERO = Decimal(0)
# The reason whose sum follows from the promised and the true moment of dispatch.
LATE = "dispatched_late"


def ceiling(reason: Reason, paid: Decimal, currency: str) -> Decimal | None:
    """The most that the reason allows of what was paid; no ceiling where none is set."""
    if reason.compensation_percent is None:
        return None
    return money.rounded(paid * reason.compensation_percent / 100, currency)


def dispatched_late(order: Order, at: datetime) -> bool:
    """Whether goods left, or still have not left, after the promised moment.

    Goods whose departure nobody dated may have left in time: their lateness is not shown.
    """
    if order.promised_ship_at is None:
        return False
    left = order.dispatched
    return (left.at if left else at) > order.promised_ship_at and (left is None or left.is_dated)


def refusal(order: Order, reason: Reason, at: datetime) -> str | None:
    """Sentence when late dispatch is claimed for what left in time."""
    if reason.code == LATE and not dispatched_late(order, at):
        return _undated(order) or _("The order was dispatched in time, or no time was promised.")
    return None


def _undated(order: Order) -> str:
    left = order.dispatched
    if order.promised_ship_at is None or left is None or left.is_dated or left.at <= order.promised_ship_at:
        return ""
    return _("Nobody has told when the goods were dispatched: record it on the order, with its proof.")


def late_dispatch(order: Order, policy: Policy, paid: Decimal, at: datetime) -> Decimal:
    """A share of what was paid, at least the floor, never more than was paid; nothing when dispatched in time.

    Lateness is the order's: the floor is for all of it, not for each line (`lateness_left`).
    """
    if not dispatched_late(order, at):
        return ZERO
    # Platforms set a share with a floor; for cheap goods the floor would be more than was paid.
    share = money.rounded(paid * policy.late_dispatch_percent / 100, order.currency)
    return min(max(share, policy.late_dispatch_floor), paid)


def lateness_left(
    order: Order, policy: Policy, *, paid: Decimal, paid_in_all: Decimal, given: Decimal, at: datetime
) -> Decimal:
    """What is open for items of an order for which `paid` was paid of `paid_in_all`, when `given` was given already."""
    whole = late_dispatch(order, policy, paid_in_all, at)
    return min(whole - given, late_dispatch(order, policy, paid, at))


def price_difference(paid: Decimal, price_now: Decimal, units: int, currency: str) -> Decimal:
    """What so many units cost more than they would today; nothing when the price did not drop."""
    return max(paid - money.rounded(price_now * units, currency), ZERO)


def points_for(amount: Decimal, policy: Policy) -> int:
    """Points worth an amount, rounded up in the buyer's favour."""
    return int((amount * policy.points_per_unit).to_integral_value(ROUND_UP))
