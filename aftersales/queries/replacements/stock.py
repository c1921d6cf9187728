"""Rows of the stock pages: units that came back and where they went, items on hand, movements of a SKU.

Parameters: `disposition`, `merchant` (id, code or part of its name), `sku`, `since`, `until` (days).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from aftersales.models import User
from aftersales.queries import keyset
from aftersales.queries.console.criteria import day_bounds, day_of, judged, merchant_named, one_of
from aftersales.queries.keyset import Page
from aftersales.rules.permissions import PAGES
from aftersales.rules.vocabulary import Role
from logistics.models import StockItem, StockMovement, UnidentifiedParcel
from logistics.models.stock import CAME_BACK
from orders.models import Merchant

PAGE_SIZE: Final = 40

OF_SKU: Final[dict[str, Callable[[str, datetime], Q]]] = {
    "merchant": lambda text, at: merchant_named(text),
    "sku": lambda text, at: Q(sku=text),
}
FILTERS: Final[dict[str, Callable[[str, datetime], Q]]] = {
    "disposition": lambda text, at: Q(kind=one_of(text, CAME_BACK)),
    **OF_SKU,
    "since": lambda text, at: Q(at__gte=day_bounds(day_of(text))[0]),
    "until": lambda text, at: Q(at__lt=day_bounds(day_of(text))[1]),
}


@dataclass(frozen=True)
class Total:
    """How many units went to a disposition."""

    kind: str
    units: int


def merchants_for(user: User) -> QuerySet[Merchant]:
    """Merchants whose stock the person sees: all for the warehouse and supervisors, their own for a merchant."""
    if not user.is_active or not user.roles & PAGES["stock"]:
        return Merchant.objects.none()
    if user.roles & {Role.WAREHOUSE, Role.SUPERVISOR}:
        return Merchant.objects.all()
    return Merchant.objects.filter(pk=user.merchant_id) if user.merchant_id else Merchant.objects.none()


def came_back(user: User, params: Mapping[str, str], at: datetime) -> QuerySet[StockMovement]:
    """Movements of inspected units that fit the parameters."""
    rows = _own(user, StockMovement.objects.filter(kind__in=CAME_BACK))
    return _narrowed(rows, FILTERS, params, at)


def page(rows: QuerySet[StockMovement], params: Mapping[str, str]) -> Page[StockMovement]:
    """A page of movements, newest first."""
    before, after = params.get("before", ""), params.get("after", "")
    return keyset.page(rows.select_related("merchant"), "-at", "-id", size=PAGE_SIZE, before=before, after=after)


def totals(user: User, params: Mapping[str, str], at: datetime) -> list[Total]:
    """Units of every disposition that fit all parameters but the disposition itself."""
    wanted = {name: text for name, text in params.items() if name != "disposition"}
    sums = came_back(user, wanted, at).order_by().values_list("kind").annotate(units=Sum("units"))
    units = dict(sums)
    return [Total(kind, units.get(kind, 0)) for kind in CAME_BACK]


def shelf(user: User, params: Mapping[str, str], at: datetime) -> QuerySet[StockItem]:
    """Items that fit the parameters."""
    return _narrowed(_own(user, StockItem.objects.all()), OF_SKU, params, at)


def shelf_page(rows: QuerySet[StockItem], params: Mapping[str, str]) -> Page[StockItem]:
    """A page of items, newest first."""
    before, after = params.get("before", ""), params.get("after", "")
    return keyset.page(rows.select_related("merchant"), "-id", size=PAGE_SIZE, before=before, after=after)


def item_for(user: User, pk: int) -> StockItem | None:
    """The item, or None when the person does not see it."""
    return _own(user, StockItem.objects.filter(pk=pk)).select_related("merchant").first()


def movements_of(item: StockItem) -> QuerySet[StockMovement]:
    """Every movement of the item."""
    return StockMovement.objects.filter(merchant_id=item.merchant_id, sku=item.sku)


def ignored(params: Mapping[str, str], at: datetime, *, of_sku: bool = False) -> list[str]:
    """Names of parameters that can not be understood, and are left out."""
    conditions = judged(OF_SKU if of_sku else FILTERS, params, at)
    return [name for name, condition in conditions.items() if condition is None]


def names_of(movements: Iterable[StockMovement | UnidentifiedParcel]) -> dict[int, str]:
    """Names of those who recorded the rows, by id of the user."""
    ids = {each.by_id for each in movements if each.by_id}
    return {pk: str(user) for pk, user in User.objects.in_bulk(ids).items()}


def _own(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    if user.is_active and user.roles & {Role.WAREHOUSE, Role.SUPERVISOR}:
        return rows
    return rows.filter(merchant__in=merchants_for(user).values("pk"))


def _narrowed(
    rows: QuerySet[Any],
    filters: Mapping[str, Callable[[str, datetime], Q]],
    params: Mapping[str, str],
    at: datetime,
) -> QuerySet[Any]:
    for condition in judged(filters, params, at).values():
        if condition is not None:
            rows = rows.filter(condition)
    return rows
