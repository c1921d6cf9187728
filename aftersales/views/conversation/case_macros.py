"""Macros in a case: chosen, rehearsed, run; as pages, or as dialogs on the same addresses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.actions import gate
from aftersales.actions.conversation import macros as actions
from aftersales.actions.conversation import tools as tool_actions
from aftersales.actions.conversation.macros import Rehearsal, Run
from aftersales.forms.conversation.macros import RunForm
from aftersales.models import Case, Macro
from aftersales.moves import rights
from aftersales.queries.cases import case_page, timeline
from aftersales.queries.conversation import macros, tools
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases.moves import version_of
from aftersales.views.conversation.canned_replies import LANGUAGES, language_of
from aftersales.views.conversation.tool_pages import picker_template
from orders.refusals import Refused


@page("cases")
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def offered(request: DeskRequest, number: str) -> HttpResponse:
    """Macros that fit this case as it is, searched by title."""
    case = _case(request, number)
    q = lists.clean(request.GET.get("q", ""))
    fitting = macros.fitting(case, request.user).filter(tools.found_by(q, *macros.SEARCHED))
    found = tools.ranked(fitting, case).prefetch_related("steps")[: tools.MOST_AT_HAND]
    return render(request, picker_template(request, "macros"), {"case": case, "found": found, "q": q})


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def run(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Show the rehearsal of a macro, or run it."""
    case = _case(request, number)
    if request.method != "POST":
        macro = get_object_or_404(macros.fitting(case, request.user), pk=pk)
        return _shown(request, case, macro, RunForm({}, steps=[]))
    # What was offered a moment ago may not fit any more: that is no missing page, but a case that has moved on.
    macro = get_object_or_404(tools.usable(Macro, request.user, case), pk=pk)
    form = RunForm(request.POST, steps=list(macro.steps.order_by("position")))
    if not form.is_valid():
        return _shown(request, case, macro, form, status=422)
    return submissions.perform(
        request,
        lambda: _perform(request, case, macro, form),
        again=lambda refusal: _shown(request, case, macro, form, refusal),
        done=_("Done: %(macro)s") % {"macro": macro.title},
    )


def _case(request: DeskRequest, number: str) -> Case:
    if actor(request).role_for(rights.USE_TOOLS) is None:
        raise PermissionDenied
    return case_or_404(request, number)


def _run_of(request: DeskRequest, case: Case, texts: dict[int, str]) -> Run:
    return Run(actor(request), request.user, timezone.now(), language_of(request, case), texts)


def _perform(request: DeskRequest, case: Case, macro: Macro, form: RunForm) -> str:
    seen = request.POST.get("macro_version", "")
    macro_version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    run = _run_of(request, case, form.texts())
    actions.perform(case.pk, macro.pk, run, version=version_of(request), macro_version=macro_version)
    return reverse("aftersales:case", args=[case.number])


def _shown(
    request: DeskRequest, case: Case, macro: Macro, form: RunForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    if refusal is not None:
        case, macro = case_or_404(request, case.number), Macro.objects.get(pk=macro.pk)
    # A macro that somebody has changed is shown as it is now, with its own texts.
    run = _run_of(request, case, {} if isinstance(refusal, tool_actions.Changed) else form.texts())
    rehearsal, busy = _rehearsed(case, macro, run)
    context: dict[str, Any] = {
        "case": case,
        "macro": macro,
        "form": form,
        "rehearsal": rehearsal,
        "refusal": refusal or busy,
        "meanwhile": _meanwhile(request, case, refusal),
        "language": run.language,
        "languages": LANGUAGES,
        "once": submissions.new_key(),
        "is_dialog": bool(request.htmx),
    }
    template = "conversation/macros/_run.html" if request.htmx else "conversation/macros/run.html"
    return render(request, template, context, status=409 if busy else status)


def _rehearsed(case: Case, macro: Macro, run: Run) -> tuple[Rehearsal | None, Refused | None]:
    """The rehearsal, or the refusal where somebody else holds the case at this moment."""
    try:
        return actions.rehearse(case.pk, macro, run), None
    except gate.Busy as busy:
        return None, busy


def _meanwhile(request: DeskRequest, case: Case, refusal: Refused | None) -> list[timeline.Entry]:
    if not isinstance(refusal, gate.Stale):
        return []
    seen = version_of(request)
    version = case.version - 1 if seen is None or seen < 0 else seen
    events = case_page.events_since(case, version)
    return timeline.entries_of(case, events, is_insider=timeline.is_insider(actor(request).roles))
