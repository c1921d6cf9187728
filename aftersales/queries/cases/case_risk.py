"""A buyer's record beside a case, read in two queries: counted here, judged by rules.risk."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from aftersales.models import Case, Event, Evidence, Refund, User
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.cases import risk
from aftersales.rules.cases.risk import Record, Signal
from aftersales.rules.vocabulary import CloseReason, RefundStatus
from orders.db.compiled_query import CompiledQuery
from orders.models import Buyer, Order

MOST_PHOTOS = 3


def signals(case: Case, user: User, at: datetime) -> list[Signal]:
    """What is worth a second look, for people of the platform: it counts over all merchants."""
    return risk.signals(case, record(case, at), SAME_PHOTOS(user, case.pk))


def record(case: Case, at: datetime) -> Record:
    """What the buyer of a case ordered and asked back in the days that the policy looks back, this case included."""
    # One statement of subqueries: joins would multiply orders by cases by refunds.
    ((*counts,),) = RECORD(case.buyer_id, at - timedelta(days=case.policy.risk_days), case.currency)
    return Record(*counts)


def _record(buyer: int, since: datetime, currency: str) -> QuerySet[Buyer, tuple[Any, ...]]:
    orders = Order.objects.filter(buyer=OuterRef("pk"), ordered_at__gte=since)
    cases = Case.objects.filter(buyer=OuterRef("pk"), opened_at__gte=since)
    disputes = Event.objects.filter(case=OuterRef("pk"), action="escalate")
    paid_back = Refund.objects.filter(
        case__buyer=OuterRef("pk"), created_at__gte=since, currency=currency, status=RefundStatus.SUCCEEDED
    )
    return Buyer.objects.filter(pk=buyer).values_list(
        _counted(orders, "buyer"),
        _summed(orders.filter(currency=currency), "buyer", "paid_amount"),
        _counted(cases, "buyer"),
        _counted(cases.filter(close_reason=CloseReason.EXPIRED), "buyer"),
        _summed(paid_back, "case__buyer", "amount"),
        _counted(cases.filter(Exists(disputes)), "buyer"),
    )


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(number=Count("*")).values("number")), 0)


def _summed(rows: QuerySet[Any], by: str, amount: str) -> Coalesce:
    total = rows.order_by().values(by).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=DecimalField())


def _same_photos(seen: QuerySet[Case], case: int) -> QuerySet[Case, str]:
    own = Evidence.objects.filter(case=case).values("sha256")
    others = seen.filter(evidence__sha256__in=own).exclude(pk=case)
    return others.order_by("number").values_list("number", flat=True).distinct()[:MOST_PHOTOS]


RECORD: CompiledQuery[tuple[Any, ...]] = CompiledQuery(_record, int, datetime, str)
SAME_PHOTOS = CompiledCasesQuery(_same_photos, int)
