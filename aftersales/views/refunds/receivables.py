"""Money owed: the list of finance, and one sum with the forms to settle or waive it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from aftersales.actions.refunds import claims, receivables
from aftersales.forms.fields import plain
from aftersales.forms.refunds.receivables import ClaimForm, OwedFilters, SettleForm, WaiveForm
from aftersales.models import Case, Receivable
from aftersales.moves import acts
from aftersales.queries import keyset
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.queries.refunds import refund_preview
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.paging import marks, neighbours
from orders import money
from orders.refusals import Refused

Act = Callable[[int, Actor, datetime, dict[str, Any]], Receivable]
ACTS: Final[dict[str, tuple[type[forms.Form], Act]]] = {
    "settle": (
        SettleForm,
        lambda pk, by, at, data: receivables.settle(pk, by=by, at=at, reference=data["reference"], note=data["note"]),
    ),
    "waive": (WaiveForm, lambda pk, by, at, data: receivables.waive_one(pk, by=by, at=at, why=data["why"])),
}


@page("finance")
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """What is owed, by what became of it."""
    at, user = timezone.now(), request.user
    name = request.GET.get("list", "")
    name = name if name in receivable_queries.LISTS else next(iter(receivable_queries.LISTS))
    filters = {field: plain(request.GET.get(field, ""))[:20] for field in ("kind", "debtor")}
    narrowed = receivable_queries.Narrowed(**filters)
    address = reverse("aftersales:finance-owed")
    rows = receivable_queries.page(user, name, at, narrowed, **marks(request))
    context = {
        "now": at,
        "list": name,
        "label": receivable_queries.LISTS[name].label,
        "tabs": _tabs(receivable_queries.counts(user, at, narrowed), name, filters, address),
        "rows": [(each, each.is_overdue(at)) for each in rows.rows],
        "sums": receivable_queries.sums(user, name, at, narrowed),
        "filters": OwedFilters(filters),
        **neighbours(rows, address, list=name, **filters),
    }
    return render(request, "refunds/receivables/list.html", context)


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def receivable(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """One sum that is owed; settled or waived by those who may."""
    case = case_or_404(request, number)
    found = _found(case, pk)
    act = request.POST.get("act", "")
    if request.method != "POST":
        return _shown(request, case, found)
    if act not in ACTS:
        return _shown(request, case, found, status=422)
    form_class, run = ACTS[act]
    form = form_class(request.POST)
    if not form.is_valid():
        return _shown(request, case, found, form, status=422)
    by = actor(request)
    return submissions.perform(
        request,
        lambda: _done(request, case, run(pk, by, timezone.now(), form.cleaned_data)),
        again=lambda refusal: _shown(request, case, _found(case, pk), form, refusal),
        done=_("Put on record."),
    )


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: DeskRequest, number: str) -> HttpResponse:
    """A claim on the carrier; filled in where reason or inspection suggest one."""
    by = actor(request)
    insist(by, acts.CLAIM_CARRIER)
    case = case_or_404(request, number)
    parcels, suggested = receivable_queries.parcels_of(case), receivable_queries.proposal(case)
    known = {"kind": suggested[0] if suggested else None, "amount": money.rounded(case.requested_amount, case.currency)}
    form = ClaimForm(request.POST or None, case=case, parcels=parcels, initial={**known, "parcel": parcels.first()})
    context = {"case": case, "form": form, "why": refund_preview.explained(suggested[1]) if suggested else ""}
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return render(
            request, "refunds/case/carrier_claim.html", context | {"once": submissions.new_key()}, status=status
        )
    data = form.cleaned_data
    return submissions.perform(
        request,
        lambda: _done(request, case, claims.claim(case.pk, by=by, at=timezone.now(), **data)),
        again=lambda refusal: render(
            request, "refunds/case/carrier_claim.html", context | {"refusal": refusal, "once": submissions.new_key()}
        ),
        done=_("Claimed: finance sees when the carrier has to pay."),
    )


def _done(request: HttpRequest, case: Case, receivable: Receivable) -> str:
    return reverse("aftersales:case-receivable", args=[case.number, receivable.pk])


def _found(case: Case, pk: int) -> Receivable:
    found = receivable_queries.one(case, pk)
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest,
    case: Case,
    found: Receivable,
    form: forms.Form | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = actor(request), timezone.now()
    is_open = found.status == Receivable.Status.OPEN
    context = {
        "now": at,
        "case": case,
        "receivable": found,
        "is_overdue": found.is_overdue(at),
        "is_shared": found.kind == Receivable.Kind.INSURANCE and receivable_queries.is_shared(case),
        "rule": refund_preview.explained(found.rule),
        "settle_form": form if isinstance(form, SettleForm) else SettleForm(),
        "waive_form": form if isinstance(form, WaiveForm) else WaiveForm(),
        "may_settle": is_open and receivables.may_settle(found, by, case),
        "may_waive": is_open and by.role_for(acts.WAIVE_RECEIVABLE) is not None,
        "is_mine": found.waiver_proposed_by_id is not None and found.waiver_proposed_by_id == by.user_id,
        "sees_finance": bool(by.roles & {Role.FINANCE, Role.SUPERVISOR}),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "refunds/receivables/receivable.html", context, status=status)


def _tabs(counts: dict[str, int], present: str, filters: dict[str, str], address: str) -> list[dict[str, Any]]:
    kept = {name: value for name, value in filters.items() if value}
    return [
        {
            "url": f"{address}?{urlencode({'list': name, **kept})}",
            "label": each.label,
            "count": keyset.capped_text(counts[name]),
            "current": name == present,
        }
        for name, each in receivable_queries.LISTS.items()
    ]
