"""The pages on which macros are made and changed; in a case they are run by `case_macros`."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.actions.conversation import tools as actions
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
    """The macros that the person may run; archived ones apart."""
    return tool_pages.render_list(request, Macro, macros.SEARCHED, "conversation/macros/list.html", "steps")


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a macro."""
    return _edit(request, None)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a macro."""
    return _edit(request, tool_pages.tool_or_404(request, Macro, pk))


@page("replies")
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a macro out of use, or back into use."""
    macro = tool_pages.tool_or_404(request, Macro, pk)
    return tool_pages.archive(
        request, macro, lambda refusal: _form(request, macro, MacroForm(user=request.user, tool=macro), refusal)
    )


def _edit(request: DeskRequest, macro: Macro | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, macro, MacroForm(user=request.user, tool=macro))
    if "more" in request.POST or "up" in request.POST:
        return _form(request, macro, rearranged(request.POST, request.user, macro))
    form = MacroForm(request.POST, user=request.user, tool=macro)
    return _save(request, macro, form) if form.is_valid() else _form(request, macro, form, status=422)


def _save(request: DeskRequest, macro: Macro | None, form: MacroForm) -> HttpResponse:
    def act() -> str:
        actions.store_macro(*form.macro(), by=actor(request), at=timezone.now(), seen=form.cleaned_data["seen"])
        return reverse("aftersales:macros")

    return submissions.perform(
        request, act, again=lambda refusal: _form(request, macro, form, refusal), done=_("Stored.")
    )


def _form(
    request: DeskRequest, macro: Macro | None, form: MacroForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "tool": macro, "may_add": len(form.steps) < MOST_STEPS}
    return tool_pages.render_form(request, Macro, context, refusal, status)
