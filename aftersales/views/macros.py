"""Macros: offered and rehearsed in a case, then run; and the pages where people keep them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.actions import tools as keeping
from aftersales.forms.macros import MOST_STEPS, MacroForm, rearranged
from aftersales.models import Macro
from aftersales.queries import keyset, macros, tools
from aftersales.rules import placeholders
from aftersales.views import acting, lists
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


@page("replies")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Those that the person may run; archived ones apart."""
    archived = request.GET.get("list") == "archived"
    q, address = lists.clean(request.GET.get("q", "")), reverse("aftersales:macros")
    found = tools.kept(Macro, request.user, archived=archived).filter(tools.found_by(q, *macros.SEARCHED))
    rows = keyset.page(found.prefetch_related("steps"), "-id", **marks(request))
    context = {
        "rows": [(macro, tools.may_change(request.user, macro)) for macro in rows.rows],
        "archived": archived,
        "q": q,
        **neighbours(rows, address, list="archived" if archived else "", q=q),
    }
    return render(request, "tools/macros.html", context)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a macro."""
    return _edit(request, None)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a macro."""
    return _edit(request, _found(request, pk))


@page("replies")
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a macro out of use, or back into use."""
    macro, is_archived = _found(request, pk), "restore" not in request.POST
    return acting.perform(
        request,
        lambda: _kept(keeping.archive(macro, is_archived=is_archived, by=actor(request), at=timezone.now())),
        again=lambda refusal: _form(request, macro, MacroForm(user=request.user, kept=macro), refusal),
        done=_("Archived.") if is_archived else _("In use again."),
    )


def _edit(request: DeskRequest, macro: Macro | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, macro, MacroForm(user=request.user, kept=macro))
    if "more" in request.POST or "up" in request.POST:
        return _form(request, macro, rearranged(request.POST, request.user, macro))
    form = MacroForm(request.POST, user=request.user, kept=macro)
    if not form.is_valid():
        return _form(request, macro, form, status=422)
    by, seen = actor(request), form.cleaned_data["seen"]
    return acting.perform(
        request,
        lambda: _kept(keeping.keep_macro(*form.macro(), by=by, at=timezone.now(), seen=seen)),
        again=lambda refusal: _form(request, macro, form, refusal),
        done=_("Stored."),
    )


def _kept(_macro: Macro) -> str:
    return reverse("aftersales:macros")


def _found(request: DeskRequest, pk: int) -> Macro:
    """A macro that the person sees, and may change."""
    seen = tools.kept(Macro, request.user, archived=False) | tools.kept(Macro, request.user, archived=True)
    macro: Macro = get_object_or_404(seen, pk=pk)
    if not tools.may_change(request.user, macro):
        raise PermissionDenied
    return macro


def _form(
    request: DeskRequest, macro: Macro | None, form: MacroForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "kept": macro,
        "refusal": refusal,
        "dictionary": placeholders.DICTIONARY,
        "may_add": len(form.steps) < MOST_STEPS,
        "once": acting.new_key(),
        "archive_key": acting.new_key(),
    }
    return render(request, "tools/macro.html", context, status=status)
