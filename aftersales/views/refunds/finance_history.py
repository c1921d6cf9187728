"""What finance has paid, released and booked."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aftersales.forms.refunds.finance_history import HistoryForm
from aftersales.queries.refunds import finance_history
from aftersales.queries.refunds.finance_history import ENTRIES, LISTS, Search
from aftersales.rules.policies import shop_day
from aftersales.views.access import DeskRequest, page
from aftersales.views.paging import marks, neighbours
from orders import gateways
from orders.models.posting import Account


@page("finance")
@require_GET
def history(request: DeskRequest) -> HttpResponse:
    """Refunds, releases, payments or journal entries of a period, with the totals of all that is found."""
    name = request.GET.get("list", "")
    name = name if name in LISTS or name == ENTRIES else next(iter(LISTS))
    form = HistoryForm(request.GET, gateways=gateways.names(), has_entries=name == ENTRIES)
    search = Search(**form.chosen).of_last_month(shop_day.of(timezone.now()))
    found = _entries(request, search) if name == ENTRIES else _refunds(request, name, search)
    address = reverse("aftersales:finance-history")
    context = {
        "list": name,
        "form": form,
        "since": search.since,
        "tabs": _tabs(name, form.address, address),
        **found,
        **neighbours(found["rows"], address, list=name, **form.address),
    }
    return render(request, "refunds/history/history.html", context)


def _refunds(request: DeskRequest, name: str, search: Search) -> dict[str, Any]:
    return {
        "label": LISTS[name].label,
        "rows": finance_history.refund_page(request.user, name, search, **marks(request)),
        "totals": finance_history.refund_totals(request.user, name, search),
    }


def _entries(request: DeskRequest, search: Search) -> dict[str, Any]:
    return {
        "label": _("Journal entries"),
        "rows": finance_history.entry_page(search, **marks(request)),
        "totals": [{**each, "label": Account(each["account"]).label} for each in finance_history.entry_totals(search)],
    }


def _tabs(present: str, chosen: Mapping[str, str], address: str) -> list[dict[str, Any]]:
    labels = {**{name: each.label for name, each in LISTS.items()}, ENTRIES: _("Journal entries")}
    return [
        {
            "url": f"{address}?{urlencode({'list': name, **chosen})}",
            "label": label,
            "count": None,
            "current": name == present,
        }
        for name, label in labels.items()
    ]
