"""Orders: the list, and the page of one with what is possible for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aftersales.forms.console.filters import OrderFilters
from aftersales.models import User
from aftersales.moves import acts, rights
from aftersales.queries import keyset
from aftersales.queries.cases import applications
from aftersales.queries.cases.applications import Options
from aftersales.queries.console.search import search
from aftersales.queries.orders import order_list, order_page
from aftersales.rules.cases import case_types, goods_told
from aftersales.rules.permissions import PAGES
from aftersales.rules.vocabulary import CaseType
from aftersales.views import lists
from aftersales.views.access import DeskRequest, actor, order_or_404, page
from aftersales.views.buttons import Button
from orders.models import Order
from orders.models.order import OrderStatus, Source

LIST: Final = "aftersales:orders"


@page("orders")
@require_GET
def orders(request: DeskRequest) -> HttpResponse:
    """The list; a whole number typed into the search leads straight to its order."""
    params = lists.read(request, order_list.NAMES)
    number = _number_alone(request.user, params)
    if number:
        return redirect("aftersales:order", number)
    context = _list_context(request.user, params, timezone.now())
    address = lists.link(LIST, params, **{mark: params.get(mark, "") for mark in lists.MARKS})
    return lists.answer(request, "orders/list.html", "orders/_rows.html", context, address=address)


def _number_alone(user: User, params: Mapping[str, str]) -> str:
    """The number of the one order that the search names when nothing else is asked for; empty when it names none."""
    hit = search.only_hit(user, params["q"], wanted="order") if set(params) == {"q"} else None
    # A number that is scanned or pasted names one order: a list of one would be a click more.
    return hit.number if hit is not None and hit.kind == "order" else ""


def _list_context(user: User, params: dict[str, str], now: datetime) -> dict[str, Any]:
    fitting = order_list.filtered(user, params, now)
    found = order_list.page(fitting, params)
    in_cases = order_list.with_open_cases(found.rows)
    return {
        "now": now,
        "rows": [_row(row, in_cases) for row in found.rows],
        "count": keyset.capped_text(keyset.capped(fitting)),
        "ignored": order_list.ignored(params, now),
        "filters": OrderFilters(params),
        "reset_url": reverse(LIST),
        **lists.pager(LIST, params, found),
    }


@page("orders")
@require_GET
def order(request: DeskRequest, number: str) -> HttpResponse:
    """Facts, what was given back, what is possible."""
    found, now = order_or_404(request, number), timezone.now()
    facts = order_page.facts(found, request.user)
    possible = applications.options(found, [each.line for each in facts.lines], now)
    context = {
        "may_open_goods": bool(request.user.roles & PAGES["goods_owed"]),
        "now": now,
        "order": found,
        "facts": facts,
        "may_tell": actor(request).role_for(rights.TELL_GOODS) is not None,
        "unknown": goods_told.unknown(found, now),
        "may_confirm": actor(request).role_for(rights.CONFIRM_EXCLUSION) is not None,
        "may_invoice": actor(request).role_for(rights.KEEP_INVOICE) is not None,
        "may_open": actor(request).role_for(rights.OPEN_WINDOW) is not None,
        "freight_note": applications.freight_note(found),
        **_ways(found, possible, may_apply=actor(request).role_for(acts.APPLY) is not None),
    }
    return render(request, "orders/order.html", context)


def _row(row: dict[str, Any], in_cases: set[int]) -> dict[str, Any]:
    named = {"status": OrderStatus(row["status"]).label, "source": Source(row["source"]).label}
    return {**row, **named, "has_open_case": row["id"] in in_cases}


def _ways(found: Order, possible: Options, *, may_apply: bool) -> dict[str, Any]:
    """The buttons that open the form, and the sentence for what is not possible."""
    ways, unavailable = list[Button](), list[dict[str, Any]]()
    for kind, option in possible.items():
        refusal = option.refusal if may_apply else _("Your role may not apply for a buyer.")
        if refusal:
            unavailable.append({"label": case_types.of(kind).wish, "reason": refusal})
        else:
            ways.append(_way(found, kind, css="" if ways else "primary"))
    return {"primary": ways[0] if ways else None, "others": ways[1:], "unavailable": unavailable}


def _way(found: Order, kind: CaseType, *, css: str) -> Button:
    asked = case_types.of(kind)
    address = f"{reverse('aftersales:order-apply', args=[found.number])}?{urlencode({'type': kind.value})}"
    return Button(str(asked.wish), address, asked.key, asked.icon, css=css)
