"""Stock on hand by SKU: the list, one item with its movements, and counts by hand."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aftersales.actions.replacements import stock_counts
from aftersales.forms.replacements.stock import CountForm, FirstCountForm, ShelfFilters
from aftersales.queries import keyset
from aftersales.queries.replacements import stock
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.replacements.stock import SHELF, address_of, tabs, with_recorder
from logistics.models import StockItem
from orders.refusals import Refused

ITEM = "aftersales:stock-item"


@page("stock")
@require_GET
def shelf(request: DeskRequest) -> HttpResponse:
    """Units on hand by SKU."""
    params, now = lists.read(request, stock.OF_SKU), timezone.now()
    found = stock.shelf(request.user, params, now)
    rows = stock.shelf_page(found, params)
    context = {
        "tabs": tabs(SHELF),
        "rows": rows.rows,
        "count": keyset.capped_text(keyset.capped(found)),
        "ignored": stock.ignored(params, now, of_sku=True),
        "filters": ShelfFilters(params),
        "list_url": reverse(SHELF),
        **lists.pager(SHELF, params, rows),
    }
    whole, partial = "replacements/stock/shelf.html", "replacements/stock/_shelf.html"
    return lists.answer(request, whole, partial, context, address=address_of(SHELF, params))


@page("stock")
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: DeskRequest, pk: int) -> HttpResponse:
    """One SKU with all its movements; the form counts it again."""
    found = _item_or_404(request, pk)
    if request.method != "POST":
        return _item_page(request, found, CountForm(initial={"counted": found.on_hand}))
    form = CountForm(request.POST)
    if not form.is_valid():
        return _item_page(request, found, form, status=422)
    return submissions.perform(
        request,
        lambda: _correct(request, form, merchant_id=found.merchant_id, sku=found.sku),
        again=lambda refusal: _item_page(request, _item_or_404(request, pk), form, refusal=refusal),
        done=_("Corrected."),
    )


@page("stock")
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: DeskRequest) -> HttpResponse:
    """The first count of a SKU; a SKU that is known already is corrected."""
    if request.method != "POST":
        return _count_page(request, _empty_count(request))
    form = FirstCountForm(request.POST, merchants=stock.merchants_for(request.user))
    if not form.is_valid():
        return _count_page(request, form, status=422)
    data = form.cleaned_data
    return submissions.perform(
        request,
        lambda: _correct(request, form, merchant_id=data["merchant"].pk, sku=data["sku"], title=data["title"]),
        again=lambda refusal: _count_page(request, form, refusal=refusal),
        done=_("Counted: the stock of this SKU is kept here from now on."),
    )


def _empty_count(request: DeskRequest) -> FirstCountForm:
    """The form with the SKU of the address, and with the merchant where the person sees only one."""
    merchants = stock.merchants_for(request.user)
    only = merchants.first() if merchants.count() == 1 else None
    known = {"sku": lists.clean(request.GET.get("sku", "")), "merchant": only}
    return FirstCountForm(merchants=merchants, initial=known)


def _correct(request: DeskRequest, form: CountForm, *, merchant_id: int, sku: str, title: str = "") -> str:
    """Store the count; returns the address of the item."""
    counted, why = form.cleaned_data["counted"], form.cleaned_data["why"]
    corrected = stock_counts.correct(
        merchant_id, sku, counted, by=actor(request), at=timezone.now(), why=why, title=title
    )
    return reverse(ITEM, args=[corrected.pk])


def _item_page(
    request: DeskRequest, found: StockItem, form: CountForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    rows = stock.page(stock.movements_of(found), lists.read(request, ()))
    address = reverse(ITEM, args=[found.pk])
    context = {
        "item": found,
        "form": form,
        "rows": with_recorder(rows.rows),
        "refusal": refusal,
        "once": submissions.new_key(),
        "newer_url": f"{address}?before={rows.before}" if rows.before else "",
        "older_url": f"{address}?after={rows.after}" if rows.after else "",
    }
    return render(request, "replacements/stock/item.html", context, status=status)


def _count_page(
    request: DeskRequest, form: FirstCountForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "replacements/stock/count.html", context, status=status)


def _item_or_404(request: DeskRequest, pk: int) -> StockItem:
    # An address may hold a number larger than the database's bigint, which would be a fault of its own.
    found = stock.item_for(request.user, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
