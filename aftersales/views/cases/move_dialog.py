"""The form of a move, as a page or as a dialog on the same address: what it will do, what stands against it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftersales.actions import current_goods, gate
from aftersales.forms.cases import moves as forms
from aftersales.forms.cases.consents import ConsentForm
from aftersales.models import Case
from aftersales.moves import approving
from aftersales.moves.record import Act, Move
from aftersales.queries.cases import possible_moves, timeline
from aftersales.rules.actor import Actor
from aftersales.views import conflicts, submissions
from aftersales.views.access import case_or_404
from aftersales.views.cases import outcomes
from orders.refusals import Refused


def is_for_buyer(case: Case, act: Act, by: Actor) -> bool:
    """Whether the person would do what is the buyer's to do, or ask a second person for it."""
    role, acts = by.role_for(act), approving.asked_while(case.status) if act is approving.REQUEST_APPROVAL else (act,)
    return role is not None and any(each.is_for_buyer(role) for each in acts)


def bring_up_to_now(case: Case, act: Act, at: datetime) -> None:
    """Show the case as the gate would see it: where its goods are now decides what agreeing leads to."""
    if isinstance(act, Move) and act.shows_goods:
        current_goods.look(case, at)


def version_of(request: HttpRequest) -> int | None:
    """The version the page was made from; what is no number fits no version."""
    sent = request.POST.get("version", "")
    return (int(sent) if sent.isdecimal() and len(sent) < 10 else -1) if sent else None


def shown(
    request: HttpRequest,
    case: Case,
    act: Act,
    form: forms.MoveForm,
    refusal: Refused | None = None,
    consent: ConsentForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The form, with what was typed and why it was not done."""
    if refusal is not None:  # somebody else may have moved it meanwhile
        case = case_or_404(request, case.number)
        bring_up_to_now(case, act, form.at)
    is_dialog = bool(request.htmx)  # type: ignore[attr-defined]  # set by the middleware of htmx
    if consent is None and is_for_buyer(case, act, form.by):
        consent = ConsentForm(case=case)
    context = _context(case, act, form, refusal) | {
        "is_dialog": is_dialog,
        "consent": consent,
        **conflicts.meanwhile(case, act.name, form, refusal, version_of(request)),
    }
    return render(request, "cases/_move.html" if is_dialog else "cases/case_move.html", context, status=status)


def _context(case: Case, act: Act, form: forms.MoveForm, refusal: Refused | None) -> dict[str, Any]:
    return {
        "case": case,
        "timeline_icons": timeline.ALL_ICONS,
        "act": act,
        "label": possible_moves.label_of(case, act),
        "form": form,
        "refusal": refusal,
        "may_ask": act in approving.WITH_TERMS and isinstance(refusal, gate.AboveLimit),
        "against": _against(case, act, form, refusal),
        "preview": outcomes.preview(case, act, form.at),
        "once": submissions.new_key(),
    }


def _against(case: Case, act: Act, form: forms.MoveForm, refusal: Refused | None) -> str:
    """Why it is not possible now; after a refusal its own sentence says so, unless only the page was too old."""
    if refusal is not None and not isinstance(refusal, gate.Stale):
        return ""
    return possible_moves.refusal(case, act, form.by, form.at) or ""
