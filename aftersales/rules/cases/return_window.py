"""Until when a buyer may ask: counted from delivery, in whole days from the day after signature."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.rules.cases import case_types, compensation
from aftersales.rules.console import zones
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies import calendar as working_time
from aftersales.rules.policies import exclusions
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Policy, Reason
    from orders.models import Order


def goods_state(order: Order, at: datetime) -> GoodsState:
    """Where the goods were at a moment, as far as carriers and the source of the order have told."""
    delivered, dispatched = order.delivered, order.dispatched
    if delivered and delivered.at <= at:
        return GoodsState.SIGNED
    return GoodsState.SHIPPED if dispatched and dispatched.at <= at else GoodsState.UNSHIPPED


def closes_at(order: Order, reason: Reason, policy: Policy, case_type: str, calendar: Calendar) -> datetime | None:
    """When the window for this reason closes, in days of the shop; never before delivery."""
    delivered = order.delivered
    if delivered is None:
        return None
    days = _days(reason, policy, case_type)
    return working_time.window_end(delivered.at, days, calendar)


def _days(reason: Reason, policy: Policy, case_type: str) -> int:
    usual = "no_reason_days" if reason.is_no_reason else "quality_days"
    # Some types have a time of their own (a warranty, price protection); else 七日无理由 or the quality period.
    days: int = getattr(policy, case_types.of(case_type).window or usual)
    return days


def refusal(
    order: Order,
    reason: Reason,
    policy: Policy,
    case_type: str,
    at: datetime,
    *,
    calendar: Calendar,
    asked_at: datetime | None = None,
    categories: Collection[str] = (),
) -> str | None:
    """The first sentence against using this reason for this order now; nothing when it can be used.

    `calendar` is that of the shop; `asked_at` is when it was first asked: the window is open if it was then.
    `categories` are those of the items.
    """
    return (
        _unpaid(order)
        or _other_state(order, reason, case_type, at)
        or _other_goods(reason, categories)
        or compensation.refusal(order, reason, at)
        or _not_allowed(reason, policy)
        or _too_late(closes_at(order, reason, policy, case_type, calendar), policy, asked_at or at, calendar)
    )


def _unpaid(order: Order) -> str | None:
    if order.paid_at is None and not order.paid_amount:
        return _("Nothing has been paid for this order.")
    return None


def _other_state(order: Order, reason: Reason, case_type: str, at: datetime) -> str | None:
    state = goods_state(order, at)
    if case_type in reason.case_types and state in reason.goods_states and case_types.fits(case_type, state):
        return None
    return _("“%(reason)s” does not fit: the goods are: %(state)s.") % {"reason": reason.name, "state": state.label}


def _other_goods(reason: Reason, categories: Collection[str]) -> str | None:
    if _is_for(reason, categories):
        return None
    names = pgettext("between states", ", ").join(reason.categories)
    return _("“%(reason)s” is for other goods: %(categories)s.") % {"reason": reason.name, "categories": names}


def _is_for(reason: Reason, categories: Collection[str]) -> bool:
    """Whether a reason for some categories fits one of these; goods of an unknown category fit every reason."""
    if not reason.categories or not all(categories):
        return True
    return any(word.casefold() in category.casefold() for word in reason.categories for category in categories)


def _not_allowed(reason: Reason, policy: Policy) -> str | None:
    if reason.is_no_reason and policy.ground:
        return str(exclusions.SENTENCES[policy.ground])
    if reason.is_no_reason and not policy.no_reason_allowed:
        return _("These goods can not be returned without a reason (policy %(policy)s).") % {"policy": policy}
    return None


def _too_late(end: datetime | None, policy: Policy, asked_at: datetime, calendar: Calendar) -> str | None:
    if end is None or asked_at < end:
        return None
    words = {"end": zones.by_both(end, calendar.tz, moment_text), "policy": policy}
    return _("The time to ask for this ended at %(end)s (policy %(policy)s).") % words
