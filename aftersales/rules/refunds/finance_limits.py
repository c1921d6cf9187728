"""What one person of finance lets go alone: of one order, and in one day. Above that a second one lets it go too."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aftersales.rules.phrases import money_text

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.refunds.authority import Decided


def above(amount: Decimal, case: Case, before: Decided) -> str | None:
    """Sentence when the amount, with what was let go by one person before, is above what one lets go."""
    return (
        _above_once(amount, case)
        or _above_order(amount, case, before.on_order)
        or _above_day(amount, case, before.today)
    )


def _above_once(amount: Decimal, case: Case) -> str | None:
    limit = case.policy.authority_finance
    if amount <= limit:
        return None
    return _("%(amount)s is above %(limit)s: a second person of finance has to agree to it too.") % {
        "amount": money_text(amount, case.currency),
        "limit": money_text(limit, case.currency),
    }


def _above_order(amount: Decimal, case: Case, before: Decimal) -> str | None:
    limit = case.policy.authority_finance
    if amount + before <= limit:
        return None
    return _(
        "With %(amount)s, %(total)s of this order would be let go by one person alone, above %(limit)s: "
        "a second person of finance has to agree to it too."
    ) % {
        "amount": money_text(amount, case.currency),
        "total": money_text(amount + before, case.currency),
        "limit": money_text(limit, case.currency),
    }


def _above_day(amount: Decimal, case: Case, before: Decimal) -> str | None:
    limit = case.policy.authority_finance_day
    if limit is None or amount + before <= limit:
        return None
    return _(
        "With %(amount)s you would have let go %(total)s alone today, above your %(limit)s a day: "
        "a second person of finance has to agree to it too."
    ) % {
        "amount": money_text(amount, case.currency),
        "total": money_text(amount + before, case.currency),
        "limit": money_text(limit, case.currency),
    }
