"""A macro in a case: chosen, rehearsed, run; a page, or a dialog on the same address."""

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
from aftersales.actions.conversation import macros as running
from aftersales.actions.conversation import tools as keeping
from aftersales.actions.conversation.macros import Rehearsal
from aftersales.forms.conversation.macros import RunForm
from aftersales.models import Case, Macro
from aftersales.moves import rights
from aftersales.queries.cases import case_page, timeline
from aftersales.queries.conversation import macros, tools
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases.moves import version_of
from aftersales.views.conversation.canned_replies import LANGUAGES, language_of
from orders.refusals import Refused


@page("cases")
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def offered(request: DeskRequest, number: str) -> HttpResponse:
    """Macros for this case as it stands."""
    case = _case(request, number)
    q = lists.clean(request.GET.get("q", ""))
    fitting = macros.fitting(case, request.user).filter(tools.found_by(q, *macros.SEARCHED))
    found = tools.ranked(fitting, case).prefetch_related("steps")[: tools.MOST_AT_HAND]
    rows = request.headers.get("HX-Target") == "picked"
    template = (
        "conversation/macros/_list.html"
        if rows
        else "conversation/macros/_pick.html"
        if request.htmx
        else "conversation/macros/pick.html"
    )
    return render(request, template, {"case": case, "found": found, "q": q})


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def run(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Show what a macro would do, or do all of it."""
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
        lambda: _run(request, case, macro, form),
        again=lambda refusal: _shown(request, case, macro, form, refusal),
        done=_("Done: %(macro)s") % {"macro": macro.title},
    )


def _case(request: DeskRequest, number: str) -> Case:
    if actor(request).role_for(rights.USE_TOOLS) is None:
        raise PermissionDenied
    return case_or_404(request, number)


def _run(request: DeskRequest, case: Case, macro: Macro, form: RunForm) -> str:
    seen = request.POST.get("macro_version", "")
    running.run(
        case.pk,
        macro.pk,
        form.texts(),
        by=actor(request),
        user=request.user,
        at=timezone.now(),
        language=language_of(request, case),
        version=version_of(request),
        macro_version=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1,
    )
    return reverse("aftersales:case", args=[case.number])


def _shown(
    request: DeskRequest, case: Case, macro: Macro, form: RunForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    if refusal is not None:
        case = case_or_404(request, case.number)
        macro = Macro.objects.get(pk=macro.pk)
    # A macro that somebody has changed is shown as it is now, with its own texts.
    texts = {} if isinstance(refusal, keeping.Changed) else form.texts()
    language = language_of(request, case)
    rehearsal, busy = _rehearsed(request, case, macro, texts, language)
    context: dict[str, Any] = {
        "case": case,
        "macro": macro,
        "form": form,
        "rehearsal": rehearsal,
        "refusal": refusal or busy,
        "meanwhile": _meanwhile(request, case, refusal),
        "language": language,
        "languages": LANGUAGES,
        "once": submissions.new_key(),
        "is_dialog": bool(request.htmx),
    }
    template = "conversation/macros/_run.html" if request.htmx else "conversation/macros/run.html"
    return render(request, template, context, status=409 if busy else status)


def _rehearsed(
    request: DeskRequest, case: Case, macro: Macro, texts: dict[int, str], language: str
) -> tuple[Rehearsal | None, Refused | None]:
    """The rehearsal, or the sentence that somebody else holds the case at this moment."""
    by, at = actor(request), timezone.now()
    try:
        return running.rehearse(case.pk, macro, texts, by=by, user=request.user, at=at, language=language), None
    except gate.Busy as busy:
        return None, busy


def _meanwhile(request: DeskRequest, case: Case, refusal: Refused | None) -> list[timeline.Entry]:
    if not isinstance(refusal, gate.Stale):
        return []
    seen = version_of(request)
    version = case.version - 1 if seen is None or seen < 0 else seen
    events = case_page.events_since(case, version)
    return timeline.told(case, events, is_insider=timeline.is_insider(actor(request).roles))
