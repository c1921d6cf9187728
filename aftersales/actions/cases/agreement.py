"""Agreeing to a request, whoever does it: the merchant, a second person, a policy, the clock for one who was silent."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from aftersales.actions.effects import MoveContext, Outcome
from aftersales.models import Case
from aftersales.models.policies.reason import FreightPayer
from aftersales.queries.returns import return_addresses
from aftersales.rules.vocabulary import Role
from logistics.models import ReturnAddress
from orders.db import statements

ZERO = Decimal(0)
PREPAID = "prepaid"  # the label, as the event tells it and `rules.cases.decision_sentences` reads it
# One statement for any number of cases: the clock agrees to hundreds at once.
AGREE = """
UPDATE aftersales_round r SET outcome = 'agreed', decided_at = %s FROM aftersales_case c
WHERE c.id = ANY(%s) AND r.case_id = c.id AND r.number = c.round_number
"""


def begin(
    case: Case, context: MoveContext, *, address: ReturnAddress | None = None, return_freight: Decimal = ZERO
) -> Outcome:
    """What agreeing sets on the case: who agreed when, where the goods go, who pays their way."""
    case.approved_at = context.at
    if context.role == Role.CLOCK:
        case.clock_approved_at = context.at
    if not case.goods_must_return:
        return Outcome(together=rounds_agreed)
    case.return_address = address or return_addresses.address_for(case)
    case.return_freight_amount = return_freight
    # A prepaid label is the merchant's offer: whoever else would have paid the way back no longer does.
    if not case.policy.has_prepaid_label:
        return Outcome(together=rounds_agreed)
    case.freight_payer, case.freight_rule = FreightPayer.MERCHANT, "prepaid_label"
    return Outcome(data={"label": PREPAID}, together=rounds_agreed)


def rounds_agreed(cases: Sequence[Case], at: datetime) -> None:
    """The current applications of these cases were agreed to."""
    ids = [case.pk for case in cases]
    statements.rows(AGREE, [at, ids])
