"""Until when a buyer may ask: counted from delivery, in whole days from the day after signature."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.rules.cases import case_types, compensation
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies import calendar
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Policy, Reason
    from orders.models import Order


def goods_state(order: Order, at: datetime) -> GoodsState:
    """Where the goods are at a moment."""
    if order.signed_at and order.signed_at <= at:
        return GoodsState.SIGNED
    return GoodsState.SHIPPED if order.shipped_at and order.shipped_at <= at else GoodsState.UNSHIPPED


def closes_at(order: Order, reason: Reason, policy: Policy, case_type: str) -> datetime | None:
    """When the window for this reason closes; never before delivery."""
    if order.signed_at is None:
        return None
    days = _days(reason, policy, case_type)
    return calendar.return_window_end(order.signed_at, days, timezone.get_default_timezone())


def _days(reason: Reason, policy: Policy, case_type: str) -> int:
    usual = "no_reason_days" if reason.is_no_reason else "quality_days"
    days: int = getattr(policy, case_types.of(case_type).window or usual)
    return days


def _is_for(reason: Reason, categories: Collection[str]) -> bool:
    """Whether a reason for some categories fits one of these; goods of an unknown category fit every reason."""
    if not reason.categories or not all(categories):
        return True
    return any(word.casefold() in category.casefold() for word in reason.categories for category in categories)


def refusal(
    order: Order,
    reason: Reason,
    policy: Policy,
    case_type: str,
    at: datetime,
    *,
    asked_at: datetime | None = None,
    categories: Collection[str] = (),
) -> str | None:
    """Sentence when this reason can not be used for this order now; the window is open if it was when first asked.

    `categories` are those of the order's items.
    """
    if order.paid_at is None and not order.paid_amount:
        return _("Nothing has been paid for this order.")
    state = goods_state(order, at)
    if case_type not in reason.case_types or state not in reason.goods_states or not case_types.fits(case_type, state):
        return _("“%(reason)s” does not fit: the goods are: %(state)s.") % {"reason": reason.name, "state": state.label}
    if not _is_for(reason, categories):
        return _("“%(reason)s” is for other goods: %(categories)s.") % {
            "reason": reason.name,
            "categories": pgettext("between states", ", ").join(reason.categories),
        }
    in_time = compensation.refusal(order, reason, at)
    if in_time:
        return in_time
    if reason.is_no_reason and not policy.no_reason_allowed:
        return _("These goods can not be returned without a reason (policy %(policy)s).") % {"policy": policy}
    end = closes_at(order, reason, policy, case_type)
    if end is not None and (asked_at or at) >= end:
        return _("The time to ask for this ended at %(end)s (policy %(policy)s).") % {
            "end": moment_text(end),
            "policy": policy,
        }
    return None
