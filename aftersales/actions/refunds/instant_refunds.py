"""Refunds at once (极速退款): a promise of the policy, kept when the buyer hands in the waybill."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.refunds import calculation, intents
from aftersales.models import Case
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from orders.refusals import NotEntitled

ZERO = Decimal(0)


def pay_out(case: Case, *, at: datetime) -> Decimal:
    """Send what was promised, once; answers how much, nothing where nothing was promised or the payments hold less."""
    if case.instant_at is None or case.advanced_at is not None or not chains.of(case).pays_for_returns:
        return ZERO
    amount = settlement.total(calculation.trial(case))
    if amount <= ZERO:
        return ZERO
    try:
        intents.intend(case, amount, at=at)
    except NotEntitled:
        return ZERO
    case.advanced_at = at
    return amount
