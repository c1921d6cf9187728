"""What is known of a buyer and of a payment when a policy decides about a refund at once."""

from datetime import datetime
from decimal import Decimal

from django.db.models import DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from aftersales.models import Case, Receivable
from aftersales.queries.cases import case_risk
from aftersales.rules.cases.automatic_decisions import Standing
from orders.models import Buyer, Payment
from orders.models.payment import Method

ZERO = Decimal(0)


def standing(case: Case, buyer: Buyer, at: datetime) -> Standing:
    """The buyer's level, record and money that is out; whoever decides by it has locked the buyer before."""
    payments = list(Payment.objects.filter(order=case.order_id, captured__gt=0))
    return Standing(
        buyer_id=buyer.pk,
        level=buyer.level,
        methods=frozenset(payment.method for payment in payments),
        has_instalments=case.order.surcharge_amount > 0
        or any(payment.method == Method.INSTALMENTS or payment.instalment_count > 1 for payment in payments),
        record=case_risk.record(case, at),
        outstanding=outstanding(buyer.pk, case.currency),
    )


def outstanding(buyer_id: int, currency: str) -> Decimal:
    """Money promised or paid before the goods came, of open cases, and what ended ones still ask back."""
    total = Coalesce(Sum("requested_amount"), Value(ZERO), output_field=DecimalField())
    mine = Q(buyer=buyer_id, currency=currency, instant_at__isnull=False)
    # What a buyer keeps after an ended case is a clawback until it is paid, and counts like money that is out.
    waiting = Case.objects.filter(mine, closed_at__isnull=True).aggregate(total=total)["total"]
    owed = Receivable.objects.filter(
        case__buyer=buyer_id, currency=currency, kind=Receivable.Kind.CLAWBACK, status=Receivable.Status.OPEN
    ).aggregate(total=Coalesce(Sum("amount"), Value(ZERO), output_field=DecimalField()))["total"]
    return Decimal(waiting) + Decimal(owed)
