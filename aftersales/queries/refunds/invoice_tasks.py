"""Invoice tasks: the waiting ones, and those of one case."""

from django.db.models import QuerySet

from aftersales.models import Case, InvoiceTask, User
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from orders.db.compiled_query import CompiledQuery

OF_CASE = CompiledQuery(
    lambda case: InvoiceTask.objects.filter(case=case).select_related("done_by").order_by("done_at", "pk"), int
)


def visible(user: User) -> QuerySet[InvoiceTask]:
    """Tasks of cases that the person may see."""
    tasks = InvoiceTask.objects.filter(case__in=visibility.cases_for(user))
    return tasks.select_related("case__merchant", "case__order", "case__reason")


def waiting(user: User, *, after: str = "", before: str = "") -> Page[InvoiceTask]:
    """One page of tasks that nobody has done, the oldest first."""
    return keyset.page(visible(user).filter(done_at__isnull=True), "id", after=after, before=before, size=10)


def of(case: Case) -> list[InvoiceTask]:
    """Tasks of a case, the waiting ones last; nothing is read where the order has no invoice."""
    return OF_CASE(case.pk) if case.order.invoice_number else []
