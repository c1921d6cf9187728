"""The procedure of a case, step by step."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from aftersales.actions.cases import checklist
from aftersales.forms.fields import plain
from aftersales.models import Case
from aftersales.moves import rights
from aftersales.queries.cases import case_checklist
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.cases import case_page
from orders.refusals import Refused


@page("cases")
@require_POST
@vary_on_headers("HX-Request")
def tick(request: DeskRequest, number: str) -> HttpResponse:
    """Tick a step off, or take that back."""
    case, by = case_or_404(request, number), actor(request)
    insist(by, rights.TICK)
    is_done = "done" in request.POST
    step = plain(request.POST.get("done" if is_done else "undone", ""))

    def act() -> str:
        checklist.tick(case.pk, step, is_done=is_done, by=by, at=timezone.now())
        return f"{reverse('aftersales:case', args=[case.number])}#procedure"

    def again(refusal: Refused) -> HttpResponse:
        return _shown(request, case, 422, refusal=str(refusal))

    response = submissions.perform(request, act, again=again)
    return _shown(request, case, 200) if request.htmx and response.status_code < 400 else response


def _shown(request: DeskRequest, case: Case, status: int, refusal: str = "") -> HttpResponse:
    if request.htmx:
        context = {"case": case, "procedure": case_checklist.of(case), "may_tick": True, "refusal": refusal}
        return render(request, "cases/page/_procedure.html", context, status=status)
    context = case_page.page_context(request, case) | {"refusal": refusal}
    return render(request, "cases/case.html", context, status=status)
