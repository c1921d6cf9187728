"""The pages of stock: what came back, what lies on the shelf, one item, a count, a table to take away."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.replacements import stock_counts
from aftersales.forms.replacements.stock import CameBackFilters, CountForm, FirstCountForm, ShelfFilters
from aftersales.queries import keyset
from aftersales.queries.replacements import stock
from aftersales.rules.console import spreadsheets
from aftersales.rules.vocabulary import Disposition, Role
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from logistics.models import StockItem, StockMovement
from orders.refusals import Refused

LIST, SHELF, ITEM = "aftersales:stock", "aftersales:stock-shelf", "aftersales:stock-item"
MOST_ROWS: Final = 20_000
HEAD: Final = (
    gettext_lazy("Time"),
    gettext_lazy("Merchant"),
    gettext_lazy("SKU"),
    gettext_lazy("Item"),
    gettext_lazy("Goes to"),
    gettext_lazy("Units"),
    gettext_lazy("Serial number"),
    gettext_lazy("Case"),
    gettext_lazy("Recorded by"),
)


@page("stock")
@require_GET
def came_back(request: DeskRequest) -> HttpResponse:
    """Judged units by where they went; each number opens its list, each row its case."""
    params, now = lists.read(request, stock.FILTERS), timezone.now()
    return _listed(request, params, now)


@page("stock")
@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """The list as a table; who took it stays on record."""
    format = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    params, now = _filters(request), timezone.now()
    rows = stock.came_back(request.user, params, now)
    count = keyset.capped(rows, MOST_ROWS)
    if count > MOST_ROWS:
        refusal = _("A table holds at most %(most)d rows: narrow the list, to fewer days for example.")
        return _listed(request, params, now, refusal=refusal % {"most": MOST_ROWS}, status=422)
    stock_counts.export(params, count, format, by=actor(request), at=now)
    found = list(rows.select_related("merchant").order_by("-at", "-pk")[:MOST_ROWS])
    content = spreadsheets.file_of(format, [str(title) for title in HEAD], _cells(found))
    name = f"stock-{timezone.localtime(now):%Y%m%d-%H%M}.{format}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES[format], headers=disposition)


@page("stock")
@require_GET
def shelf(request: DeskRequest) -> HttpResponse:
    """Sellable units by SKU."""
    params, now = lists.read(request, stock.OF_SKU), timezone.now()
    found = stock.shelf(request.user, params, now)
    rows = stock.shelf_page(found, params)
    context = {
        "tabs": _tabs(SHELF),
        "rows": rows.rows,
        "count": keyset.capped_text(keyset.capped(found)),
        "ignored": stock.ignored(params, now, of_sku=True),
        "filters": ShelfFilters(params),
        "list_url": reverse(SHELF),
        **lists.pager(SHELF, params, rows),
    }
    return lists.answer(
        request,
        "replacements/stock/shelf.html",
        "replacements/stock/_shelf.html",
        context,
        address=_address(SHELF, params),
    )


@page("stock")
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: DeskRequest, pk: int) -> HttpResponse:
    """One SKU with all its movements; counted again by a form."""
    found = _found(request, pk)
    if request.method != "POST":
        return _item(request, found, CountForm(initial={"counted": found.on_hand}))
    form = CountForm(request.POST)
    if not form.is_valid():
        return _item(request, found, form, status=422)
    by, data = actor(request), form.cleaned_data
    return submissions.perform(
        request,
        lambda: _counted(
            stock_counts.correct(
                found.merchant_id, found.sku, data["counted"], by=by, at=timezone.now(), why=data["why"]
            )
        ),
        again=lambda refusal: _item(request, _found(request, pk), form, refusal=refusal),
        done=_("Corrected."),
    )


@page("stock")
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: DeskRequest) -> HttpResponse:
    """The first count of a SKU; one that is known is corrected."""
    merchants = stock.merchants_for(request.user)
    if request.method != "POST":
        only = merchants.first() if merchants.count() == 1 else None
        known = {"sku": lists.clean(request.GET.get("sku", "")), "merchant": only}
        return _first(request, FirstCountForm(merchants=merchants, initial=known))
    form = FirstCountForm(request.POST, merchants=merchants)
    if not form.is_valid():
        return _first(request, form, status=422)
    by, data = actor(request), form.cleaned_data
    said = {"why": data["why"], "title": data["title"]}
    return submissions.perform(
        request,
        lambda: _counted(
            stock_counts.correct(data["merchant"].pk, data["sku"], data["counted"], by=by, at=timezone.now(), **said)
        ),
        again=lambda refusal: _first(request, form, refusal=refusal),
        done=_("Counted: the stock of this SKU is kept here from now on."),
    )


def _listed(
    request: DeskRequest, params: dict[str, str], now: datetime, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = stock.came_back(request.user, params, now)
    rows = stock.page(found, params)
    wanted = {name: text for name, text in params.items() if name not in lists.MARKS}
    context = {
        "tabs": _tabs(LIST),
        "rows": _signed(rows.rows),
        "tiles": _tiles(request, wanted, now),
        "count": keyset.capped_text(keyset.capped(found)),
        "ignored": stock.ignored(params, now),
        "filters": CameBackFilters(params),
        "wanted": wanted,
        "refusal": refusal,
        "list_url": reverse(LIST),
        **lists.pager(LIST, params, rows),
    }
    address = _address(LIST, params)
    response = lists.answer(
        request, "replacements/stock/came_back.html", "replacements/stock/_came_back.html", context, address=address
    )
    response.status_code = status
    return response


def _tiles(request: DeskRequest, wanted: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "name": Disposition(total.kind).label,
            "value": total.units,
            "url": lists.link(LIST, wanted, disposition=total.kind),
            "hint": _("shown below") if wanted.get("disposition") == total.kind else "",
        }
        for total in stock.totals(request.user, wanted, now)
    ]


def _item(
    request: DeskRequest, found: StockItem, form: CountForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    params = lists.read(request, ())
    moved = stock.movements_of(found)
    rows = stock.page(moved, params)
    address = reverse(ITEM, args=[found.pk])
    context = {
        "item": found,
        "form": form,
        "rows": _signed(rows.rows),
        "refusal": refusal,
        "once": submissions.new_key(),
        "newer_url": f"{address}?before={rows.before}" if rows.before else "",
        "older_url": f"{address}?after={rows.after}" if rows.after else "",
    }
    return render(request, "replacements/stock/item.html", context, status=status)


def _first(
    request: DeskRequest, form: FirstCountForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "replacements/stock/count.html", context, status=status)


def _found(request: DeskRequest, pk: int) -> StockItem:
    found = stock.item_for(request.user, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _counted(item: StockItem) -> str:
    return reverse(ITEM, args=[item.pk])


def _filters(request: DeskRequest) -> dict[str, str]:
    """The filters that the form of an export carries, read like those of an address."""
    given = {name: lists.clean(request.POST.get(name, "")) for name in stock.FILTERS}
    return {name: text for name, text in given.items() if text}


def _address(view: str, params: dict[str, str]) -> str:
    return lists.link(view, params, **{mark: params.get(mark, "") for mark in lists.MARKS})


def _signed(rows: Sequence[StockMovement]) -> list[tuple[StockMovement, str]]:
    """Movements with the name of who recorded them, or the role where nobody did."""
    people, roles = stock.names_of(rows), {role.value: str(role.label) for role in Role}
    return [(row, people.get(row.by_id or 0) or roles.get(row.recorded_by, row.recorded_by)) for row in rows]


def _cells(rows: Sequence[StockMovement]) -> Iterator[list[spreadsheets.Cell]]:
    for row, by in _signed(rows):
        when = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
        goes_to = str(Disposition(row.kind).label)
        yield [when, row.merchant.name, row.sku, row.title, goes_to, row.units, row.serial, row.reference, by]


def _tabs(present: str) -> list[dict[str, Any]]:
    labels = {LIST: _("What came back"), SHELF: _("On the shelf")}
    return [{"url": reverse(view), "label": label, "current": view == present} for view, label in labels.items()]
