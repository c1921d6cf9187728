"""Units that came back, by where they went: a list with its sums, and the same list as a table to take away."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from aftersales.actions.replacements import stock_counts
from aftersales.forms.replacements.stock import CameBackFilters
from aftersales.queries import keyset
from aftersales.queries.replacements import stock
from aftersales.rules.console import spreadsheets
from aftersales.rules.vocabulary import Disposition, Role
from aftersales.views import lists
from aftersales.views.access import DeskRequest, actor, page
from logistics.models import StockMovement

LIST, SHELF = "aftersales:stock", "aftersales:stock-shelf"
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
    """Inspected units by disposition; each sum opens its list, each row its case."""
    return _list_page(request, lists.read(request, stock.FILTERS), timezone.now())


@page("stock")
@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """The list as a CSV or XLSX file; who took it stays on record."""
    format = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    params, now = _filters(request), timezone.now()
    rows = stock.came_back(request.user, params, now)
    count = keyset.capped(rows, MOST_ROWS)
    if count > MOST_ROWS:
        refusal = _("A table holds at most %(most)d rows: narrow the list, to fewer days for example.")
        return _list_page(request, params, now, refusal=refusal % {"most": MOST_ROWS}, status=422)
    stock_counts.export(params, count, format, by=actor(request), at=now)
    return _file(format, list(rows.select_related("merchant").order_by("-at", "-pk")[:MOST_ROWS]), now)


def _filters(request: DeskRequest) -> dict[str, str]:
    """The filters that the form of an export carries, read like those of an address."""
    given = {name: lists.clean(request.POST.get(name, "")) for name in stock.FILTERS}
    return {name: text for name, text in given.items() if text}


def _file(format: str, rows: Sequence[StockMovement], now: datetime) -> HttpResponse:
    content = spreadsheets.file_of(format, [str(title) for title in HEAD], _cells(rows))
    name = f"stock-{timezone.localtime(now):%Y%m%d-%H%M}.{format}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES[format], headers=disposition)


def _cells(rows: Sequence[StockMovement]) -> Iterator[list[spreadsheets.Cell]]:
    for row, by in with_recorder(rows):
        when = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
        goes_to = str(Disposition(row.kind).label)
        yield [when, row.merchant.name, row.sku, row.title, goes_to, row.units, row.serial, row.reference, by]


def _list_page(
    request: DeskRequest, params: dict[str, str], now: datetime, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    response = lists.answer(
        request,
        "replacements/stock/came_back.html",
        "replacements/stock/_came_back.html",
        {**_list_context(request, params, now), "refusal": refusal},
        address=address_of(LIST, params),
    )
    response.status_code = status
    return response


def _list_context(request: DeskRequest, params: dict[str, str], now: datetime) -> dict[str, Any]:
    found = stock.came_back(request.user, params, now)
    rows = stock.page(found, params)
    wanted = {name: text for name, text in params.items() if name not in lists.MARKS}
    return {
        "tabs": tabs(LIST),
        "rows": with_recorder(rows.rows),
        "tiles": _tiles(request, wanted, now),
        "count": keyset.capped_text(keyset.capped(found)),
        "ignored": stock.ignored(params, now),
        "filters": CameBackFilters(params),
        "wanted": wanted,
        "list_url": reverse(LIST),
        **lists.pager(LIST, params, rows),
    }


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


def address_of(view: str, params: dict[str, str]) -> str:
    """The address of a list with these parameters, its place in the pages included."""
    return lists.link(view, params, **{mark: params.get(mark, "") for mark in lists.MARKS})


def with_recorder(rows: Sequence[StockMovement]) -> list[tuple[StockMovement, str]]:
    """Movements with the name of who recorded them, or the role where it was no person."""
    people, roles = stock.names_of(rows), {role.value: str(role.label) for role in Role}
    return [(row, people.get(row.by_id or 0) or roles.get(row.recorded_by, row.recorded_by)) for row in rows]


def tabs(present: str) -> list[dict[str, Any]]:
    """The two lists of stock."""
    labels = {LIST: _("What came back"), SHELF: _("On the shelf")}
    return [{"url": reverse(view), "label": label, "current": view == present} for view, label in labels.items()]
