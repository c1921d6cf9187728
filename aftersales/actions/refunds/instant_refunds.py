"""Instant refunds (极速退款): what the policy promised, paid when the buyer hands in the waybill.

What becomes of the money once the goods were judged is in `instant_recovery`, below the intents that this module uses.
"""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import holdings
from aftersales.actions.refunds import calculation, intents
from aftersales.models import Case
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from orders.refusals import NotEntitled

ZERO = Decimal(0)


def pay(case: Case, *, at: datetime) -> Decimal:
    """Pay what was promised, once; answers how much: zero without a promise, or when the payments hold less.

    The freight in it is held from now on; the caller saves it with `advanced_at`.
    """
    drafts = calculation.trial(case) if _is_promised(case) else []
    amount = settlement.total(drafts)
    if amount <= ZERO:
        return ZERO
    try:
        intents.intend(case, amount, at=at)
    # No reason to refuse the waybill: the refund is then made after the inspection, like any other.
    except NotEntitled:
        return ZERO
    holdings.hold_freight(case, calculation.freight_of(drafts))
    case.advanced_at = at
    return amount


def _is_promised(case: Case) -> bool:
    return case.instant_at is not None and case.advanced_at is None and chains.of(case).pays_for_returns
