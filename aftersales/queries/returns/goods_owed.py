"""Goods that are owed back to buyers: lists by what became of them, one task, those of a case or an order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import Case, GoodsOwed, User
from aftersales.models.returns.goods_owed import WAITING
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from orders.db.compiled_query import CompiledQuery
from orders.models import Order


@dataclass(frozen=True)
class GoodsList:
    """A list: its label, what it holds at a moment, whether what ended last comes first."""

    label: Promise | str
    holds: Callable[[datetime], Q]
    is_ended: bool = False


# By name in the address.
LISTS: Final = {
    "waiting": GoodsList(_("To send back"), lambda at: WAITING),
    "overdue": GoodsList(_("Overdue"), lambda at: WAITING & Q(due_at__lt=at)),
    "ended": GoodsList(_("Done"), lambda at: ~WAITING, is_ended=True),
}
OF_CASE: Final = CompiledQuery(
    lambda case: GoodsOwed.objects.filter(case=case).select_related("parcel").order_by("pk"), int
)


def listed(user: User, name: str, at: datetime) -> QuerySet[GoodsOwed]:
    """Tasks of one list that the person may see; its page, its tab and its number on *Now* read these."""
    return GoodsOwed.objects.filter(LISTS[name].holds(at), case__in=visibility.cases_for(user))


def page(user: User, name: str, at: datetime, *, after: str = "", before: str = "") -> Page[GoodsOwed]:
    """One page of a list: what is due first comes first, of what is done the newest."""
    rows = listed(user, name, at).select_related("case__merchant", "case__order", "case__buyer", "parcel")
    keys = ("-ended_at", "-id") if LISTS[name].is_ended else ("due_at", "id")
    return keyset.page(rows.prefetch_related("lines"), *keys, after=after, before=before)


def counts(user: User, at: datetime) -> dict[str, int]:
    """How many each list holds, counted up to the cap of the tabs."""
    return keyset.capped_each({name: listed(user, name, at) for name in LISTS})


def one(user: User, pk: int) -> GoodsOwed | None:
    """A task with what its page shows, or None when the person does not see its case."""
    rows = GoodsOwed.objects.filter(case__in=visibility.cases_for(user), pk=pk)
    return rows.select_related("case__merchant", "case__order", "case__buyer", "parcel", "ended_by").first()


def of_case(case: Case) -> list[GoodsOwed]:
    """Everything that was ever owed back because of a case, with its units; a second query only where there is any."""
    found = OF_CASE(case.pk)
    prefetch_related_objects(found, "lines")
    return found


def of_order(order: Order, user: User) -> list[GoodsOwed]:
    """What lies here of an order, or went back, in cases that the person may see."""
    rows = GoodsOwed.objects.filter(case__order=order, case__in=visibility.cases_for(user))
    return list(rows.select_related("case", "parcel").prefetch_related("lines").order_by("pk"))
