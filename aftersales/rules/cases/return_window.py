"""Until when a buyer may ask: counted from delivery, in whole days from the day after signature."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.rules.cases import case_types, compensation, goods_told
from aftersales.rules.cases.longer_windows import USUAL, Longer
from aftersales.rules.console import zones
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies import calendar as working_time
from aftersales.rules.policies import exclusions
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Policy, Reason
    from orders.models import Order

WARRANTY: Final = "warranty_days"  # the only window of a policy that time in repair lengthens


def goods_state(order: Order, at: datetime) -> GoodsState:
    """Where the goods were at a moment, as far as carriers and the source of the order have told."""
    delivered, dispatched = order.delivered, order.dispatched
    if delivered and delivered.at <= at:
        return GoodsState.SIGNED
    return GoodsState.SHIPPED if dispatched and dispatched.at <= at else GoodsState.UNSHIPPED


def closes_at(
    order: Order,
    reason: Reason,
    policy: Policy,
    case_type: str,
    calendar: Calendar,
    longer: Longer = USUAL,
    replaced_at: datetime | None = None,
) -> datetime | None:
    """When the window for this reason closes, in days of the shop; never before delivery.

    `longer` is what lets an item be asked for after the policy's time, `replaced_at` when a replacement of it arrived.
    """
    if is_warranty(case_type):
        end = warranty_end(order, policy, calendar, longer, replaced_at)
    else:
        begins = replaced_at if _counts_anew(policy, case_type) else None
        end = _counted(order, _days(reason, policy, case_type), calendar, begins)
    return max(end, longer.opened_until(reason) or end) if end else None


def is_warranty(case_type: str) -> bool:
    """Whether a type can be asked for as long as the warranty lasts."""
    return case_types.of(case_type).window == WARRANTY


def warranty_end(
    order: Order, policy: Policy, calendar: Calendar, longer: Longer = USUAL, replaced_at: datetime | None = None
) -> datetime | None:
    """When the warranty of an item ends: the days of its policy, and those that it was away to be repaired (三包).

    That of a replacement counts from its own arrival.
    """
    return _counted(order, policy.warranty_days + longer.days_in_repair(), calendar, replaced_at)


def _counts_anew(policy: Policy, case_type: str) -> bool:
    """The price of a replacement is that of the first one; else as the policy says."""
    return policy.replacement_counts_anew and not case_types.of(case_type).compares_prices


def _counted(order: Order, days: int, calendar: Calendar, begins: datetime | None = None) -> datetime | None:
    delivered = order.delivered
    if delivered is None:
        return None
    return working_time.window_end(max(delivered.at, begins or delivered.at), days, calendar)


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
    longer: Longer = USUAL,
    replaced_at: datetime | None = None,
) -> str | None:
    """The first sentence against using this reason for this order now; nothing when it can be used.

    `calendar` is that of the shop; `asked_at` is when it was first asked: the window is open if it was then.
    `categories` are those of the items, `longer` is what lets an item be asked for after the policy's time,
    `replaced_at` when a replacement of it arrived.
    """
    return (
        _unpaid(order)
        # What was asked already goes by what was known then.
        or (goods_told.unknown(order, at) if asked_at is None else "")
        or _other_state(order, reason, case_type, at)
        or _other_goods(reason, categories)
        or compensation.refusal(order, reason, at)
        or _not_allowed(reason, policy)
        or too_late(order, reason, policy, case_type, asked_at or at, calendar, longer, replaced_at)
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


def too_late(
    order: Order,
    reason: Reason,
    policy: Policy,
    case_type: str,
    asked_at: datetime,
    calendar: Calendar,
    longer: Longer = USUAL,
    replaced_at: datetime | None = None,
) -> str | None:
    """The sentence once the window is over; nothing while it is open, or where it has not begun."""
    # What is longer is looked up only for who is too late without it.
    usual = closes_at(order, reason, policy, case_type, calendar)
    if usual is None or asked_at < usual:
        return None
    end = closes_at(order, reason, policy, case_type, calendar, longer, replaced_at)
    if end is None or asked_at < end:
        return None
    text = zones.by_both(end, calendar.tz, moment_text)
    words = {"end": text, "policy": policy, "days": longer.days_in_repair()}
    if is_warranty(case_type) and words["days"]:
        return _("The warranty ended at %(end)s, %(days)d days in repair included (policy %(policy)s).") % words
    return _("The time to ask for this ended at %(end)s (policy %(policy)s).") % words
