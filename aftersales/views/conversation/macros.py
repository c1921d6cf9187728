"""Macros where people keep them; in a case they are offered and run by `case_macros`."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.actions.conversation import tools as keeping
from aftersales.forms.conversation.macros import MOST_STEPS, MacroForm, rearranged
from aftersales.models import Macro
from aftersales.queries.conversation import macros
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.conversation import tool_pages
from orders.refusals import Refused


@page("replies")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Those that the person may run; archived ones apart."""
    return tool_pages.listed(request, Macro, macros.SEARCHED, "conversation/macros/list.html", "steps")


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a macro."""
    return _edit(request, None)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a macro."""
    return _edit(request, tool_pages.found(request, Macro, pk))


@page("replies")
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a macro out of use, or back into use."""
    macro = tool_pages.found(request, Macro, pk)
    return tool_pages.archive(
        request, macro, lambda refusal: _form(request, macro, MacroForm(user=request.user, kept=macro), refusal)
    )


def _edit(request: DeskRequest, macro: Macro | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, macro, MacroForm(user=request.user, kept=macro))
    if "more" in request.POST or "up" in request.POST:
        return _form(request, macro, rearranged(request.POST, request.user, macro))
    form = MacroForm(request.POST, user=request.user, kept=macro)
    if not form.is_valid():
        return _form(request, macro, form, status=422)

    def act() -> str:
        keeping.keep_macro(*form.macro(), by=actor(request), at=timezone.now(), seen=form.cleaned_data["seen"])
        return reverse("aftersales:macros")

    return submissions.perform(
        request, act, again=lambda refusal: _form(request, macro, form, refusal), done=_("Stored.")
    )


def _form(
    request: DeskRequest, macro: Macro | None, form: MacroForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "kept": macro, "may_add": len(form.steps) < MOST_STEPS}
    return tool_pages.form(request, Macro, context, refusal, status)
