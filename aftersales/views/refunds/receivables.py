"""Receivables: the list of finance, one receivable with the forms to settle or waive it, a claim on a carrier."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from aftersales import moves
from aftersales.actions.refunds import carrier_claims, receivables
from aftersales.forms.fields import plain
from aftersales.forms.refunds.receivables import ClaimForm, ReceivableFilters, SettleForm, WaiveForm
from aftersales.models import Case, Receivable, User
from aftersales.queries import keyset
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.queries.refunds import refund_preview
from aftersales.queries.refunds.receivables import ReceivableFilter
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
    """One list of receivables at a time, narrowed by kind and debtor."""
    at, name = timezone.now(), request.GET.get("list", "")
    name = name if name in receivable_queries.LISTS else next(iter(receivable_queries.LISTS))
    # Cut to what a kind or party can be: the words go back into the links of the page.
    filters = {field: plain(request.GET.get(field, ""))[:20] for field in ("kind", "debtor")}
    address = reverse("aftersales:finance-owed")
    rows = receivable_queries.page(request.user, name, at, ReceivableFilter(**filters), **marks(request))
    context = {
        "now": at,
        "list": name,
        "rows": [(each, each.is_overdue(at)) for each in rows.rows],
        "filters": ReceivableFilters(filters),
        **_summary(request.user, name, at, filters),
        **neighbours(rows, address, list=name, **filters),
    }
    return render(request, "refunds/receivables/list.html", context)


def _summary(user: User, name: str, at: datetime, filters: dict[str, str]) -> dict[str, Any]:
    """The tabs with their counts, and the sums of the list that is open."""
    narrowing = ReceivableFilter(**filters)
    counts = receivable_queries.counts(user, at, narrowing)
    return {
        "label": receivable_queries.LISTS[name].label,
        "tabs": _tabs(counts, name, filters, reverse("aftersales:finance-owed")),
        "sums": receivable_queries.sums(user, name, at, narrowing),
    }


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def receivable(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """One receivable; settled or waived by those who may."""
    case = case_or_404(request, number)
    if request.method == "POST":
        return _act(request, case, pk)
    return _shown(request, case, _found(case, pk))


def _act(request: DeskRequest, case: Case, pk: int) -> HttpResponse:
    found, act = _found(case, pk), request.POST.get("act", "")
    if act not in ACTS:
        return _shown(request, case, found, status=422)
    form_class, run = ACTS[act]
    form = form_class(request.POST)
    if not form.is_valid():
        return _shown(request, case, found, form, status=422)
    return submissions.perform(
        request,
        lambda: _address(case, run(pk, actor(request), timezone.now(), form.cleaned_data)),
        again=lambda refusal: _shown(request, case, _found(case, pk), form, refusal),
        done=_("Put on record."),
    )


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: DeskRequest, number: str) -> HttpResponse:
    """Claim on the carrier of a parcel; filled in where reason or inspection suggest a claim."""
    by = actor(request)
    insist(by, moves.money.CLAIM_CARRIER)
    case = case_or_404(request, number)
    suggested = receivable_queries.proposal(case)
    form = _claim_form(request, case, suggested)
    show = partial(_claim_page, request, case, form, suggested)
    if request.method != "POST" or not form.is_valid():
        return show(status=422 if request.method == "POST" else 200)
    return submissions.perform(
        request,
        lambda: _address(case, carrier_claims.claim(case.pk, by=by, at=timezone.now(), **form.cleaned_data)),
        again=lambda refusal: show(refusal),
        done=_("Claimed: finance sees when the carrier has to pay."),
    )


def _claim_form(request: HttpRequest, case: Case, suggested: tuple[str, str] | None) -> ClaimForm:
    parcels = receivable_queries.parcels_of(case)
    initial = {
        "kind": suggested[0] if suggested else None,
        "amount": money.rounded(case.requested_amount, case.currency),
        "parcel": parcels.first(),
    }
    return ClaimForm(request.POST or None, case=case, parcels=parcels, initial=initial)


def _claim_page(
    request: HttpRequest,
    case: Case,
    form: ClaimForm,
    suggested: tuple[str, str] | None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    why = refund_preview.explained(suggested[1]) if suggested else ""
    context = {"case": case, "form": form, "why": why, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "refunds/case/carrier_claim.html", context, status=status)


def _address(case: Case, receivable: Receivable) -> str:
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
    at = timezone.now()
    context = {
        "now": at,
        "case": case,
        "receivable": found,
        "is_overdue": found.is_overdue(at),
        "is_shared": found.kind == Receivable.Kind.INSURANCE and receivable_queries.is_shared(case),
        "rule": refund_preview.explained(found.rule),
        "settle_form": form if isinstance(form, SettleForm) else SettleForm(initial=_told(found, actor(request))),
        "waive_form": form if isinstance(form, WaiveForm) else WaiveForm(),
        **_rights(case, found, actor(request)),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "refunds/receivables/receivable.html", context, status=status)


def _told(found: Receivable, by: Actor) -> dict[str, str]:
    """What the first of two has named is there for the second to compare."""
    return {"reference": found.reference} if found.payment_told_by_id not in (None, by.user_id) else {}


def _rights(case: Case, found: Receivable, by: Actor) -> dict[str, bool]:
    """What this person may do with the receivable now."""
    is_open = found.status == Receivable.Status.OPEN
    return {
        "may_settle": is_open and receivables.may_settle(found, by, case),
        "may_waive": is_open and by.role_for(moves.money.WAIVE_RECEIVABLE) is not None,
        "is_mine": found.waiver_proposed_by_id is not None and found.waiver_proposed_by_id == by.user_id,
        "sees_finance": bool(by.roles & {Role.FINANCE, Role.SUPERVISOR}),
    }


def _tabs(counts: dict[str, int], present: str, filters: dict[str, str], address: str) -> list[dict[str, Any]]:
    narrowing = {name: value for name, value in filters.items() if value}
    return [
        {
            "url": f"{address}?{urlencode({'list': name, **narrowing})}",
            "label": each.label,
            "count": keyset.capped_text(counts[name]),
            "current": name == present,
        }
        for name, each in receivable_queries.LISTS.items()
    ]
