"""What a role decides alone: at one time, as a share of the order, in one day. Above that a second person approves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Role

if TYPE_CHECKING:
    from aftersales.models import Case, Policy


def limit_of(role: Role, policy: Policy) -> Decimal | None:
    """What the role may decide alone at one time; none for merchants, whose own money it is, the clock and finance."""
    return {
        Role.AGENT: policy.authority_agent,
        Role.SENIOR: policy.authority_senior,
        Role.SUPERVISOR: policy.authority_supervisor,
    }.get(role)


def day_limit_of(role: Role, policy: Policy) -> Decimal | None:
    """What the role may decide alone in one day; none for the same roles."""
    return {
        Role.AGENT: policy.authority_agent_day,
        Role.SENIOR: policy.authority_senior_day,
        Role.SUPERVISOR: policy.authority_supervisor_day,
    }.get(role)


def above(amount: Decimal, case: Case, role: Role, before: Decimal) -> str | None:
    """Sentence when the amount is above what a person in this role decides alone, who decided `before` today."""
    return above_once(amount, case, role) or _above_share(amount, case, role) or _above_day(amount, case, role, before)


def above_once(amount: Decimal, case: Case, role: Role) -> str | None:
    """Sentence when the amount by itself is above what the role decides at one time."""
    limit = limit_of(role, case.policy)
    if limit is None or amount <= limit:
        return None
    return _("%(amount)s is above your limit of %(limit)s: a second person has to allow it.") % {
        "amount": money_text(amount, case.currency),
        "limit": money_text(limit, case.currency),
    }


def needs_release(amount: Decimal, policy: Policy) -> bool:
    """Whether a refund waits until finance releases it."""
    return bool(amount > policy.release_above)


def _above_share(amount: Decimal, case: Case, role: Role) -> str | None:
    percent = case.policy.authority_percent
    # The share of an order binds agents and seniors; above them only sums do.
    if role not in (Role.AGENT, Role.SENIOR) or percent >= 100:
        return None
    if 100 * amount <= percent * case.order.paid_amount:
        return None
    return _("%(amount)s is more than %(percent)d %% of the order: a second person has to allow it.") % {
        "amount": money_text(amount, case.currency),
        "percent": percent,
    }


def _above_day(amount: Decimal, case: Case, role: Role, before: Decimal) -> str | None:
    limit = day_limit_of(role, case.policy)
    if limit is None or before + amount <= limit:
        return None
    return _(
        "With %(amount)s you would have decided %(total)s today, above your %(limit)s a day: "
        "a second person has to allow it."
    ) % {
        "amount": money_text(amount, case.currency),
        "total": money_text(before + amount, case.currency),
        "limit": money_text(limit, case.currency),
    }
