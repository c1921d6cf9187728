"""The list of orders: filters in the address, newest first, found by number, waybill, phone tail or name.

Parameters: `status`, `source`, `merchant` (id, code or part of its name), `since`, `until` (days), `q` (search).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from aftersales.models import Case, User
from aftersales.models.cases.open_cases import IS_OPEN
from aftersales.queries import keyset, visibility
from aftersales.queries.console.criteria import day_bounds, day_of, judged, merchant_named, one_of
from aftersales.queries.console.search import search
from aftersales.queries.keyset import Page
from orders.models import Order
from orders.models.order import OrderStatus, Source

PAGE_SIZE: Final = 40
COLUMNS: Final = (
    "id", "number", "external_number", "source", "status", "currency", "paid_amount", "ordered_at", "merchant__name",
    "buyer__name",
)  # fmt: skip


FILTERS: Final[dict[str, Callable[[str, datetime], Q]]] = {
    "status": lambda text, at: Q(status=one_of(text, OrderStatus.values)),
    "source": lambda text, at: Q(source=one_of(text, Source.values)),
    "merchant": lambda text, at: merchant_named(text),
    "since": lambda text, at: Q(ordered_at__gte=day_bounds(day_of(text))[0]),
    "until": lambda text, at: Q(ordered_at__lt=day_bounds(day_of(text))[1]),
}
NAMES: Final = ("q", *FILTERS)


def filtered(user: User, params: Mapping[str, str], at: datetime) -> QuerySet[Order]:
    """Orders that the person may see and that fit the parameters; those that make no sense are left out."""
    orders = visibility.orders_for(user)
    for condition in judged(FILTERS, params, at).values():
        if condition is not None:
            orders = orders.filter(condition)
    return orders.filter(search.picked(search.orders(user, params["q"]))) if params.get("q") else orders


def ignored(params: Mapping[str, str], at: datetime) -> list[str]:
    """Names of parameters that make no sense and are left out."""
    return [name for name, condition in judged(FILTERS, params, at).items() if condition is None]


def page(orders: QuerySet[Order], params: Mapping[str, str]) -> Page[dict[str, Any]]:
    """A page of lean rows, those behind the mark `after` or in front of `before`."""
    before, after = params.get("before", ""), params.get("after", "")
    return keyset.page(orders.values(*COLUMNS), "-ordered_at", "-id", size=PAGE_SIZE, before=before, after=after)


def with_open_cases(rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """Ids of those orders that an open case holds; asked of the page alone, not of all orders."""
    ids = [row["id"] for row in rows]
    return set(Case.objects.filter(IS_OPEN, order__in=ids).values_list("order", flat=True))
