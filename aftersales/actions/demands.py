"""Money owed outside the payments: made by what happens to a case, settled or waived by people."""

from datetime import datetime, timedelta
from decimal import Decimal

from aftersales.models import Case, Demand


def owe(
    case: Case,
    kind: Demand.Kind,
    amount: Decimal,
    debtor: Demand.Party,
    creditor: Demand.Party,
    *,
    at: datetime,
    rule: str = "",
) -> Demand:
    """Record that one party owes another a sum because of the case, due after the policy's days."""
    return Demand.objects.create(
        case=case,
        order_id=case.order_id,
        merchant_id=case.merchant_id,
        kind=kind,
        debtor=debtor,
        creditor=creditor,
        currency=case.currency,
        amount=amount,
        rule=rule,
        created_at=at,
        due_at=at + timedelta(days=case.policy.freight_claim_days),
    )


def waive(case: Case, *kinds: Demand.Kind, at: datetime) -> None:
    """Nobody owes these any more, because the case went another way."""
    case.demands.filter(kind__in=kinds, status=Demand.Status.OPEN).update(status=Demand.Status.WAIVED, settled_at=at)
