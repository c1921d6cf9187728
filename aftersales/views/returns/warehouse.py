"""The desk of the warehouse: the scan field, and the lists of what is here and what is expected."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aftersales.models import Case, User
from aftersales.queries import keyset
from aftersales.queries.returns import goods_owed, unidentified_parcels, warehouse
from aftersales.views.access import DeskRequest, page
from aftersales.views.paging import marks, neighbours


@page("warehouse")
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """Find the case of a scanned code; a single hit is opened at once. Without a code, one of the lists."""
    code, waybill = warehouse.code_of(request.GET.get("q", "")), warehouse.code_of(request.GET.get("waybill", ""))
    hits = warehouse.find(request.user, request.GET.get("q", ""))
    if len(hits) == 1:
        return redirect(address_of(hits[0], waybill))
    unidentified = None if hits else unidentified_parcels.with_code(request.user, code)
    if unidentified is not None:
        return redirect("aftersales:parcel", unidentified.pk)
    addresses = [(case, address_of(case, waybill)) for case in hits]
    context = {"code": code, "waybill": waybill, "hits": addresses, **_list_context(request)}
    return render(request, "returns/warehouse/desk.html", context)


def _list_context(request: DeskRequest) -> dict[str, Any]:
    name = request.GET.get("list", "inspect")
    name = name if name in warehouse.LISTS else "inspect"
    rows = warehouse.page(request.user, name, **marks(request))
    is_worked_elsewhere = warehouse.LISTS[name].status in warehouse.ON_THEIR_CASE
    return {
        "list": name,
        "tabs": tabs(request.user, name),
        "rows": rows,
        "row_url": "aftersales:case" if is_worked_elsewhere else "aftersales:warehouse-case",
        **neighbours(rows, reverse("aftersales:warehouse"), list=name),
    }


def address_of(case: Case, waybill: str = "") -> str:
    """Where the warehouse works on a case: what is to be sent out on its own page, all else on the warehouse's."""
    if case.status in warehouse.ON_THEIR_CASE:
        return reverse("aftersales:case", args=[case.number])
    address = reverse("aftersales:warehouse-case", args=[case.number])
    return f"{address}?{urlencode({'waybill': waybill})}" if waybill else address


def tabs(user: User, present: str) -> list[dict[str, Any]]:
    """A tab for each list, with its length; the last ones are for goods owed to buyers and parcels without a case."""
    counts = warehouse.counts(user)
    lists = [_list_tab(name, counts[name], present) for name in warehouse.LISTS]
    return [*lists, _goods_owed_tab(user, present), _unidentified_tab(user, present)]


def _list_tab(name: str, count: int, present: str) -> dict[str, Any]:
    return {
        "url": f"{reverse('aftersales:warehouse')}?list={name}",
        "label": warehouse.LISTS[name].label,
        "count": keyset.capped_text(count),
        "current": name == present,
    }


def _goods_owed_tab(user: User, present: str) -> dict[str, Any]:
    return {
        "url": reverse("aftersales:goods-owed-list"),
        "label": _("Owed to buyers"),
        "count": keyset.capped_text(keyset.capped(goods_owed.listed(user, "waiting", timezone.now()))),
        "current": present == "goods",
    }


def _unidentified_tab(user: User, present: str) -> dict[str, Any]:
    return {
        "url": reverse("aftersales:parcels"),
        "label": _("Without a case"),
        "count": keyset.capped_text(keyset.capped(unidentified_parcels.waiting(user))),
        "current": present == "parcels",
    }
