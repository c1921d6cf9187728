"""The warehouse's pages: scan, receive, inspect."""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.refunds import calculation
from aftersales.actions.returns import inspections, returns
from aftersales.forms.returns.warehouse import Inspection, ReceiveForm, all_as_new
from aftersales.models import Case, User
from aftersales.moves import admission, returning
from aftersales.moves.record import Move
from aftersales.queries import keyset
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import refund_preview
from aftersales.queries.refunds.refund_preview import Sheet
from aftersales.queries.returns import returned_goods, unidentified_parcels, warehouse
from aftersales.queries.returns.warehouse import Expected
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Status
from aftersales.views import submissions
from aftersales.views.access import actor, case_or_404, page
from aftersales.views.cases.moves import version_of
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


@page("warehouse")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Scan first: one hit opens its case at once; below, what is due in and what waits to be inspected."""
    user = cast(User, request.user)
    code, waybill = warehouse.code_of(request.GET.get("q", "")), warehouse.code_of(request.GET.get("waybill", ""))
    hits = warehouse.find(user, request.GET.get("q", ""))
    if len(hits) == 1:
        return redirect(_address(hits[0], waybill))
    lying = None if hits else unidentified_parcels.with_code(user, code)
    if lying is not None:
        return redirect("aftersales:parcel", lying.pk)
    name = request.GET.get("list", "inspect")
    name = name if name in warehouse.LISTS else "inspect"
    rows = warehouse.page(user, name, **marks(request))
    context = {
        "code": code,
        "waybill": waybill,
        "hits": [(case, _address(case, waybill)) for case in hits],
        "list": name,
        "tabs": tabs(user, name),
        "rows": rows,
        "row_url": "aftersales:case"
        if warehouse.LISTS[name].status in warehouse.ON_THEIR_CASE
        else "aftersales:warehouse-case",
        **neighbours(rows, reverse("aftersales:warehouse"), list=name),
    }
    return render(request, "returns/warehouse/desk.html", context)


@page("warehouse")
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """What is expected, and the forms to receive and to inspect it."""
    return _shown(request, case_or_404(request, number))


@page("warehouse")
@require_POST
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Count what arrived."""
    found, by = case_or_404(request, number), actor(request)
    form = ReceiveForm(request.POST, expected=warehouse.lines_of(found))
    if not form.is_valid():
        return _shown(request, found, receiving=form, status=422)
    data = form.cleaned_data
    said = {name: data[name] for name in ("carrier", "waybill", "note")}
    return submissions.perform(
        request,
        lambda: _address(
            returns.receive(found.pk, by=by, at=timezone.now(), units=form.units, version=version_of(request), **said)
        ),
        again=lambda refusal: _shown(request, found, receiving=form, refusal=refusal),
        done=_("Received. Now inspect each unit."),
    )


@page("warehouse")
@require_POST
def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """Pass what is good, or fail it all; the button that was pressed says which."""
    found, verdict = case_or_404(request, number), request.POST.get("verdict", "")
    expected = warehouse.lines_of(found)
    sheet = Inspection(
        expected, request.POST, request.FILES, must_say=verdict == "fail", gifts=returned_goods.gifts_of(found)
    )
    is_quick = verdict == "as_new"
    if not is_quick and not sheet.is_valid():
        return _shown(request, found, inspecting=sheet, status=422)
    findings = all_as_new(expected) if is_quick else sheet.findings()
    return submissions.perform(
        request,
        lambda: _judge(request, found, sheet, findings, is_failed=verdict == "fail"),
        again=lambda refusal: _shown(request, found, inspecting=sheet, refusal=refusal),
        done=_("Inspection of %(number)s stored.") % {"number": found.number},
    )


@page("warehouse")
@require_http_methods(["POST"])
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What the inspection as filled in would give back; nothing is stored."""
    found = case_or_404(request, number)
    expected = warehouse.lines_of(found)
    sheet = Inspection(expected, request.POST, request.FILES, gifts=returned_goods.gifts_of(found))
    if request.htmx:  # type: ignore[attr-defined]  # set by the middleware of htmx
        context = {"case": found, "sheet": _sheet(found, expected, sheet.accepted(), sheet)}
        return render(request, "returns/warehouse/_result.html", context)
    return _shown(request, found, inspecting=sheet)


def _judge(
    request: HttpRequest, case: Case, sheet: Inspection, findings: list[inspections.Finding], *, is_failed: bool
) -> str:
    by, at, version = actor(request), timezone.now(), version_of(request)
    if is_failed:
        data = sheet.verdict.cleaned_data
        inspections.fail_inspection(
            case.pk, findings, by=by, at=at, reason=data["reason"], note=data["reject_note"], version=version
        )
    else:
        inspections.pass_inspection(case.pk, findings, by=by, at=at, gifts=sheet.missing_gifts(), version=version)
    return reverse("aftersales:warehouse")


def _shown(
    request: HttpRequest,
    case: Case,
    *,
    receiving: ReceiveForm | None = None,
    inspecting: Inspection | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        case = case_or_404(request, case.number)
    expected, by, at = warehouse.lines_of(case), actor(request), timezone.now()
    sheet = inspecting or Inspection(expected, gifts=returned_goods.gifts_of(case))
    is_inspecting = case.status == Status.INSPECTING
    accepted = sheet.accepted() if sheet.is_bound else _all_received(expected)
    context = {
        "case": case,
        "now": at,
        "expected": expected,
        "parcels": warehouse.parcels_of(case),
        "receiving": receiving or ReceiveForm(expected=expected, initial=_scanned(request, case)),
        "cannot_receive": _against(case, returning.RECEIVE, by, at),
        "inspecting": sheet if is_inspecting else None,
        "has_units": any(each.line.units_received for each in expected),
        "missing": sum(each.missing for each in expected),
        "sheet": _sheet(case, expected, accepted, sheet) if is_inspecting else None,
        "best": _sheet(case, expected, _all_received(expected)) if is_inspecting else None,
        "leads_to": chains.after_inspection(case),
        "is_repair": chains.of(case).repairs,
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "returns/warehouse/case.html", context, status=status)


def _against(case: Case, move: Move, by: Actor, at: datetime) -> str | None:
    role = by.role_for(move)
    if role is None:
        return _("You may look at this return, not change it.")
    facts = CaseFacts(case, by, role, at)
    return admission.wrong_state(case, move) or admission.first_refusal(case, move, by, role, at, facts)


def _sheet(case: Case, expected: list[Expected], accepted: dict[int, int], said: Inspection | None = None) -> Sheet:
    """What an inspection gives back: as filled in, or with everything as new and no gift missing."""
    sold = [each.line.order_line for each in expected] + [line for line, _left in returned_goods.gifts_of(case)]
    payments = list(case.order.payments.order_by("pk"))
    filled = said if said is not None and said.is_bound else None
    drafts = calculation.trial(
        case, accepted, used=filled.used() if filled else {}, gifts=filled.missing_gifts() if filled else {}
    )
    return refund_preview.preview(case, drafts, sold, payments)


def _all_received(expected: list[Expected]) -> dict[int, int]:
    return {each.line.pk: each.line.units_received for each in expected if each.line.units_received}


def _scanned(request: HttpRequest, case: Case) -> dict[str, Any]:
    waybill = warehouse.code_of(request.GET.get("waybill", ""))
    return {"waybill": waybill[:64]} if waybill else {}


def _address(case: Case, waybill: str = "") -> str:
    """Receiving and inspecting have a page of their own; what is sent out is worked on its case."""
    if case.status in warehouse.ON_THEIR_CASE:
        return reverse("aftersales:case", args=[case.number])
    address = reverse("aftersales:warehouse-case", args=[case.number])
    return f"{address}?{urlencode({'waybill': waybill})}" if waybill else address


def tabs(user: User, present: str) -> list[dict[str, Any]]:
    """The lists of the warehouse, with how long they are."""
    counts = warehouse.counts(user)
    lists = [
        {
            "url": f"{reverse('aftersales:warehouse')}?list={name}",
            "label": each.label,
            "count": keyset.capped_text(counts[name]),
            "current": name == present,
        }
        for name, each in warehouse.LISTS.items()
    ]
    lying = {
        "url": reverse("aftersales:parcels"),
        "label": _("Without a case"),
        "count": keyset.capped_text(keyset.capped(unidentified_parcels.waiting(user))),
        "current": present == "parcels",
    }
    return [*lists, lying]
