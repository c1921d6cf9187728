"""A return on the pages of the warehouse: received, inspected, with a preview of what is refunded."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.refunds import calculation
from aftersales.actions.returns import inspections, receipts
from aftersales.forms.returns.inspections import InspectionSheet, all_as_new
from aftersales.forms.returns.receipts import ReceiveForm
from aftersales.models import Case
from aftersales.moves import admission, goods, returning
from aftersales.moves.record import Move
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import refund_preview
from aftersales.queries.refunds.refund_preview import Sheet
from aftersales.queries.returns import returned_goods, warehouse
from aftersales.queries.returns.warehouse import Expected
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Status
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases.moves import version_of
from aftersales.views.returns.warehouse import address_of
from orders.refusals import Refused


@page("warehouse")
@require_GET
def case(request: DeskRequest, number: str) -> HttpResponse:
    """What is expected, with the form to receive it or the one to inspect it."""
    return _case_page(request, case_or_404(request, number))


@page("warehouse")
@require_POST
def receive(request: DeskRequest, number: str) -> HttpResponse:
    """Record what arrived."""
    found, by, version = case_or_404(request, number), actor(request), version_of(request)
    form = ReceiveForm(request.POST, expected=warehouse.expected_of(found))
    if not form.is_valid():
        return _case_page(request, found, receiving=form, status=422)
    parcel = {name: form.cleaned_data[name] for name in ("carrier", "waybill", "found", "note")}
    return submissions.perform(
        request,
        lambda: address_of(
            receipts.receive(found.pk, by=by, at=timezone.now(), units=form.units, version=version, **parcel)
        ),
        again=lambda refusal: _case_page(request, found, receiving=form, refusal=refusal),
        done=_("Received. Now inspect each unit."),
    )


@page("warehouse")
@require_POST
def inspect(request: DeskRequest, number: str) -> HttpResponse:
    """Pass the inspection, fail it, or pass everything as new: the button that was pressed says which."""
    found, verdict = case_or_404(request, number), request.POST.get("verdict", "")
    is_quick = verdict == "as_new"
    expected, gifts = warehouse.expected_of(found), [] if is_quick else returned_goods.gifts_of(found)
    sheet = InspectionSheet(expected, request.POST, request.FILES, case=found, must_say=verdict == "fail", gifts=gifts)
    if not is_quick and not sheet.is_valid():
        return _case_page(request, found, inspecting=sheet, status=422)
    findings = all_as_new(expected) if is_quick else sheet.findings()
    return submissions.perform(
        request,
        lambda: _store(request, found, sheet, findings, verdict=verdict),
        again=lambda refusal: _case_page(request, found, inspecting=sheet, refusal=refusal),
        done=_("Inspection of %(number)s stored.") % {"number": found.number},
    )


@page("warehouse")
@require_http_methods(["POST"])
def preview(request: DeskRequest, number: str) -> HttpResponse:
    """What the inspection as filled in would refund; nothing is stored."""
    found = case_or_404(request, number)
    expected = warehouse.lines_of(found)
    gifts = returned_goods.gifts_of(found)
    sheet = InspectionSheet(expected, request.POST, request.FILES, case=found, gifts=gifts)
    if request.htmx:
        context = {"case": found, "sheet": _refund(found, expected, sheet.accepted(), sheet)}
        return render(request, "returns/warehouse/_result.html", context)
    return _case_page(request, found, inspecting=sheet)


def _store(
    request: DeskRequest, case: Case, sheet: InspectionSheet, findings: list[inspections.Finding], *, verdict: str
) -> str:
    by, at, version = actor(request), timezone.now(), version_of(request)
    fault = None if verdict == "as_new" else sheet.fault_found()
    if verdict == "fail":
        data = sheet.verdict.cleaned_data
        reason, note = data["reason"], data["reject_note"]
        inspections.fail_inspection(
            case.pk, findings, by=by, at=at, reason=reason, note=note, fault=fault, version=version
        )
    else:
        gifts = sheet.missing_gifts()
        inspections.pass_inspection(case.pk, findings, by=by, at=at, gifts=gifts, fault=fault, version=version)
    return reverse("aftersales:warehouse")


def _case_page(
    request: DeskRequest,
    case: Case,
    *,
    receiving: ReceiveForm | None = None,
    inspecting: InspectionSheet | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        # The effect may have changed the case in memory before it was refused: the page shows what is stored.
        case = case_or_404(request, case.number)
    expected = warehouse.lines_of(case)
    context = {
        "case": case,
        "now": timezone.now(),
        "may_set_aside": actor(request).role_for(goods.SET_ASIDE) is not None,
        "expected": expected,
        "parcels": warehouse.parcels_of(case),
        **_receiving_context(request, case, expected, receiving),
        **_inspecting_context(case, expected, inspecting),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "returns/warehouse/case.html", context, status=status)


def _receiving_context(
    request: DeskRequest, case: Case, expected: list[Expected], form: ReceiveForm | None
) -> dict[str, Any]:
    waybill = warehouse.code_of(request.GET.get("waybill", ""))[:64]
    scanned = {"waybill": waybill} if waybill else {}
    return {
        "receiving": form or ReceiveForm(expected=expected, initial=scanned),
        "cannot_receive": _why_not(case, returning.RECEIVE, actor(request), timezone.now()),
        "has_units": any(each.line.units_received for each in expected),
        "missing": sum(each.missing for each in expected),
    }


def _inspecting_context(case: Case, expected: list[Expected], bound: InspectionSheet | None) -> dict[str, Any]:
    """The sheet and two refunds: `sheet` as filled in so far, `best` with every unit as new."""
    facts = {"leads_to": chains.after_inspection(case), "is_repair": chains.of(case).repairs}
    if case.status != Status.INSPECTING:
        return {**facts, "inspecting": None, "sheet": None, "best": None}
    sheet = bound or InspectionSheet(expected, case=case, gifts=returned_goods.gifts_of(case))
    accepted = sheet.accepted() if sheet.is_bound else _all_received(expected)
    return {
        **facts,
        "inspecting": sheet,
        "sheet": _refund(case, expected, accepted, sheet),
        "best": _refund(case, expected, _all_received(expected)),
    }


def _why_not(case: Case, move: Move, by: Actor, at: datetime) -> str | None:
    role = by.role_for(move)
    if role is None:
        return _("You may look at this return, not change it.")
    facts = CaseFacts(case, by, role, at)
    return admission.wrong_state(case, move) or admission.first_refusal(case, move, by, role, at, facts)


def _refund(
    case: Case, expected: list[Expected], accepted: dict[int, int], sheet: InspectionSheet | None = None
) -> Sheet:
    """What would be refunded: as filled in, or with everything as new and no gift missing."""
    sold = [each.line.order_line for each in expected] + [line for line, _left in returned_goods.gifts_of(case)]
    payments = list(case.order.payments.order_by("pk"))
    filled = sheet if sheet is not None and sheet.is_bound else None
    used, gifts = (filled.used(), filled.missing_gifts()) if filled else ({}, {})
    supposed = filled.supposed(case) if filled else case
    drafts = calculation.trial(supposed, accepted, used=used, gifts=gifts)
    return refund_preview.preview(case, drafts, sold, payments)


def _all_received(expected: list[Expected]) -> dict[int, int]:
    return {each.line.pk: each.line.units_received for each in expected if each.line.units_received}
