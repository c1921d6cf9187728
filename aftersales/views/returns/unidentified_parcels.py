"""Parcels without a case: recorded, matched to a case or an order, sent back, put away."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from aftersales.actions.returns import unidentified_parcels as actions
from aftersales.forms.returns.unidentified_parcels import MatchForm, PutAwayForm, RecordForm, SendBackForm
from aftersales.queries import keyset
from aftersales.queries.replacements import stock
from aftersales.queries.returns import unidentified_parcels, warehouse
from aftersales.rules.vocabulary import Disposition, Role
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.disputes import evidence
from aftersales.views.paging import marks, neighbours
from aftersales.views.returns.warehouse import tabs
from logistics.models import UnidentifiedParcel
from orders.models import Order
from orders.refusals import Refused

DONE: Final = {
    "match": gettext_lazy("Matched."),
    "back": gettext_lazy("Noted: it goes back to the sender."),
    "away": gettext_lazy("Put away. Nobody was paid."),
}


@page("parcels")
@require_GET
def parcels(request: DeskRequest) -> HttpResponse:
    """The unsettled ones, the oldest first; or the settled ones, the latest first."""
    settled = request.GET.get("list") == "settled"
    found = unidentified_parcels.listed(request.user, settled=settled)
    order = ("-settled_at", "-id") if settled else ("recorded_at", "id")
    rows = keyset.page(found, *order, **marks(request))
    address = reverse("aftersales:parcels")
    context = {
        "rows": rows.rows,
        "settled": settled,
        "tabs": tabs(request.user, "parcels"),
        "other_url": address if settled else f"{address}?list=settled",
        **neighbours(rows, address, list="settled" if settled else ""),
    }
    return render(request, "returns/unidentified_parcels/list.html", context)


@page("parcels")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: DeskRequest) -> HttpResponse:
    """Record one; a form with the scanned waybill, then the record."""
    if request.method != "POST":
        return _record_page(request, _empty_record(request))
    form = RecordForm(request.POST, request.FILES, merchants=stock.merchants_for(request.user))
    if not form.is_valid():
        return _record_page(request, form, status=422)
    data = dict(form.cleaned_data)
    merchant = data.pop("merchant")
    return submissions.perform(
        request,
        lambda: _address(actions.record(merchant.pk, by=actor(request), at=timezone.now(), **data)),
        again=lambda refusal: _record_page(request, form, refusal=refusal),
        done=_("Recorded. It stands under “Without a case” until somebody knows where it belongs."),
    )


def _empty_record(request: DeskRequest) -> RecordForm:
    """The form with the waybill of the address, and with the merchant where the person sees only one."""
    merchants = stock.merchants_for(request.user)
    only = merchants.first() if merchants.count() == 1 else None
    known = {"waybill": warehouse.code_of(request.GET.get("waybill", ""))[:64], "merchant": only}
    return RecordForm(merchants=merchants, initial=known)


@page("parcels")
@require_GET
def parcel(request: DeskRequest, pk: int) -> HttpResponse:
    """One parcel, with the ways to settle it."""
    return _parcel_page(request, _parcel_or_404(request, pk))


@page("parcels")
@require_POST
def settle(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """Match a parcel, send it back or put it away; `act` in the address says which."""
    found = _parcel_or_404(request, pk)
    if act not in DONE:
        raise Http404
    form = _forms(found, act, request.POST)[act]
    if not form.is_valid():
        return _parcel_page(request, found, act=act, form=form, status=422)
    return submissions.perform(
        request,
        lambda: ACTS[act](request, found, form),
        again=lambda refusal: _parcel_page(request, _parcel_or_404(request, pk), act=act, form=form, refusal=refusal),
        done=DONE[act],
    )


@page("parcels")
@require_safe
def photo(request: DeskRequest, pk: int, photo_pk: int) -> HttpResponseBase:
    """A photo of a parcel."""
    found = _parcel_or_404(request, pk)
    row = get_object_or_404(found.photos, pk=photo_pk)
    by = stock.names_of([found]).get(found.by_id or 0) or str(Role(found.recorded_by).label)
    return evidence.photo_response(request, row, name=f"parcel-{pk}-{row.pk}", by=by, at=found.recorded_at)


def _match(request: DeskRequest, found: UnidentifiedParcel, form: forms.Form) -> str:
    """Match by number: to a case, which is then received, or to an order, for which a case can be opened."""
    number, by, at = form.cleaned_data["number"], actor(request), timezone.now()
    case = unidentified_parcels.case_named(request.user, found, number)
    if case is not None:
        actions.match_case(found.pk, case.pk, by=by, at=at)
        query = urlencode({"waybill": found.parcel.waybill})
        return f"{reverse('aftersales:warehouse-case', args=[case.number])}?{query}"
    order = _order_named(found, number)
    return _address(actions.match_order(found.pk, order, by=by, at=at))


def _order_named(found: UnidentifiedParcel, number: str) -> Order:
    order = unidentified_parcels.order_named(found, number)
    if order is None:
        sentence = _("%(merchant)s has no case and no order with the number %(number)s.")
        raise Refused(sentence % {"merchant": found.parcel.merchant.name, "number": number})
    return order


def _send_back(request: DeskRequest, found: UnidentifiedParcel, form: forms.Form) -> str:
    actions.send_back(found.pk, by=actor(request), at=timezone.now(), note=form.cleaned_data["note"])
    return reverse("aftersales:parcels")


def _put_away(request: DeskRequest, found: UnidentifiedParcel, form: PutAwayForm) -> str:
    goes_to, note = Disposition(form.cleaned_data["disposition"]), form.cleaned_data["note"]
    actions.put_away(found.pk, by=actor(request), at=timezone.now(), units=form.units, disposition=goes_to, note=note)
    return reverse("aftersales:parcels")


# By name in the address of the form.
ACTS: Final[dict[str, Callable[..., str]]] = {"match": _match, "back": _send_back, "away": _put_away}


def _forms(found: UnidentifiedParcel, act: str = "", data: Any = None) -> dict[str, Any]:
    """The three forms; `data` fills in the one that was sent."""
    lines = unidentified_parcels.lines_of(found)
    return {
        "match": MatchForm(data if act == "match" else None, auto_id="match_%s"),
        "back": SendBackForm(data if act == "back" else None, auto_id="back_%s"),
        "away": PutAwayForm(data if act == "away" else None, lines=lines, auto_id="away_%s"),
    }


def _parcel_page(
    request: DeskRequest,
    found: UnidentifiedParcel,
    *,
    act: str = "",
    form: forms.Form | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "unidentified": found,
        "candidates": unidentified_parcels.candidates(request.user, found) if found.is_waiting else [],
        "forms": _forms(found) | ({act: form} if form else {}),
        "act": act,
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "returns/unidentified_parcels/parcel.html", context, status=status)


def _record_page(
    request: DeskRequest, form: RecordForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "returns/unidentified_parcels/record.html",
        {"form": form, "refusal": refusal, "once": submissions.new_key()},
        status=status,
    )


def _parcel_or_404(request: DeskRequest, pk: int) -> UnidentifiedParcel:
    # An address may hold a number larger than the database's bigint, which would be a fault of its own.
    found = unidentified_parcels.one(request.user, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _address(unidentified: UnidentifiedParcel) -> str:
    return reverse("aftersales:parcel", args=[unidentified.pk])
