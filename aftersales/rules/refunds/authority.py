"""What a role decides alone: of one order, as a share of it, in one day. Above that a second person approves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Role

if TYPE_CHECKING:
    from aftersales.models import Case, Policy

ZERO: Final = Decimal(0)
# Who decides about the money of others, and so only up to a limit.
LIMITED: Final = frozenset({Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.WAREHOUSE})
# The share of an order, and an unknown currency, bind agents and seniors; above them only sums do.
BY_SHARE: Final = frozenset({Role.AGENT, Role.SENIOR, Role.WAREHOUSE})
SUMS_ARE_IN: Final = "CNY"  # those of a policy that is for no currency


@dataclass(frozen=True)
class Decided:
    """What counts already: on the order without a second person, by anybody; and today, by the person who asks."""

    on_order: Decimal = ZERO
    today: Decimal = ZERO
    of_case: Decimal = ZERO  # given in the case itself, as by a round before it was opened again


def limit_of(role: Role, policy: Policy) -> Decimal | None:
    """What the role may decide alone at one time; none for merchants, whose own money it is, the clock and finance."""
    return {
        Role.AGENT: policy.authority_agent,
        Role.WAREHOUSE: policy.authority_agent,
        Role.SENIOR: policy.authority_senior,
        Role.SUPERVISOR: policy.authority_supervisor,
    }.get(role)


def day_limit_of(role: Role, policy: Policy) -> Decimal | None:
    """What the role may decide alone in one day; none for the same roles."""
    return {
        Role.AGENT: policy.authority_agent_day,
        Role.WAREHOUSE: policy.authority_agent_day,
        Role.SENIOR: policy.authority_senior_day,
        Role.SUPERVISOR: policy.authority_supervisor_day,
    }.get(role)


def above(amount: Decimal, case: Case, role: Role, before: Decided) -> str | None:
    """Sentence when the amount, with what was decided before, is above what a person in this role decides alone."""
    return (
        _without_limits(amount, case, role)
        or above_once(amount, case, role)
        or _above_order(amount, case, role, before.on_order)
        or _above_share(amount + before.on_order, case, role)
        or _above_day(amount, case, role, before.today)
    )


def _without_limits(amount: Decimal, case: Case, role: Role) -> str | None:
    """200 of one currency is a meal, of another a month's pay: without a policy for it nobody decides alone.

    Above agents the second person is found: a supervisor may be one.
    """
    if not amount or role not in BY_SHARE or case.currency == case.policy.currency or case.currency == SUMS_ARE_IN:
        return None
    return _("No policy says what is decided alone in %(currency)s: a second person has to allow it.") % {
        "currency": case.currency
    }


def above_once(amount: Decimal, case: Case, role: Role) -> str | None:
    """Sentence when the amount by itself is above what the role decides at one time."""
    limit = limit_of(role, case.policy)
    if limit is None or amount <= limit:
        return None
    return _("%(amount)s is above your limit of %(limit)s: a second person has to allow it.") % {
        "amount": money_text(amount, case.currency),
        "limit": money_text(limit, case.currency),
    }


def _above_order(amount: Decimal, case: Case, role: Role, before: Decimal) -> str | None:
    limit = limit_of(role, case.policy)
    if limit is None or amount + before <= limit:
        return None
    return _(
        "With %(amount)s, %(total)s of this order would be decided without a second person, "
        "above your limit of %(limit)s: a second person has to allow it."
    ) % {
        "amount": money_text(amount, case.currency),
        "total": money_text(amount + before, case.currency),
        "limit": money_text(limit, case.currency),
    }


def needs_release(amount: Decimal, policy: Policy) -> bool:
    """Whether a refund waits until finance releases it; the amount is all that goes back of the order unreleased."""
    return bool(amount > policy.release_above)


def _above_share(amount: Decimal, case: Case, role: Role) -> str | None:
    percent = case.policy.authority_percent
    if role not in BY_SHARE or percent >= 100:
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
