"""Pages of canned replies and of macros: their lists, the form of one, archiving; and the dialog in a case."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.actions.conversation import tools as actions
from aftersales.models import Macro, Reply
from aftersales.queries import keyset
from aftersales.queries.conversation import tools
from aftersales.rules.conversation import placeholders
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused

Kind = TypeVar("Kind", Reply, Macro)
PLACES: Final = {Reply: "aftersales:replies", Macro: "aftersales:macros"}
TEMPLATES: Final = {Reply: "conversation/replies/reply.html", Macro: "conversation/macros/macro.html"}


def render_list(
    request: DeskRequest, model: type[Kind], searched: Sequence[str], template: str, *prefetched: str
) -> HttpResponse:
    """The tools that the person uses, newest first; archived ones apart. `prefetched` names relations of each."""
    archived = request.GET.get("list") == "archived"
    q, address = lists.clean(request.GET.get("q", "")), reverse(PLACES[model])
    found = tools.listed(model, request.user, archived=archived).filter(tools.found_by(q, *searched))
    rows = keyset.page(found.prefetch_related(*prefetched), "-id", **marks(request))
    context = {
        "rows": [(tool, tools.may_change(request.user, tool)) for tool in rows.rows],
        "archived": archived,
        "q": q,
        **neighbours(rows, address, list="archived" if archived else "", q=q),
    }
    return render(request, template, context)


def tool_or_404(request: DeskRequest, model: type[Kind], pk: int) -> Kind:
    """The tool with this id, in use or archived, if the person sees it; 403 where they may not change it."""
    in_use, archived = (tools.listed(model, request.user, archived=archived) for archived in (False, True))
    tool = get_object_or_404(in_use | archived, pk=pk)
    if not tools.may_change(request.user, tool):
        raise PermissionDenied
    return tool


def archive(request: DeskRequest, tool: Kind, again: submissions.Again) -> HttpResponse:
    """Archive a tool, or take it back into use; `again` shows its page with a refusal."""
    is_archived = "restore" not in request.POST

    def act() -> str:
        actions.archive(tool, is_archived=is_archived, by=actor(request), at=timezone.now())
        return reverse(PLACES[type(tool)])

    return submissions.perform(request, act, again=again, done=_("Archived.") if is_archived else _("In use again."))


def render_form(
    request: DeskRequest, model: type[Kind], context: dict[str, Any], refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The page on which a tool is made or changed, with the dictionary of placeholders."""
    shared = {
        "refusal": refusal,
        "dictionary": placeholders.DICTIONARY,
        "once": submissions.new_key(),
        "archive_key": submissions.new_key(),
    }
    return render(request, TEMPLATES[model], {**shared, **context}, status=status)


def picker_template(request: DeskRequest, kind: str) -> str:
    """The template of the choice in a case: the list alone while searching, the dialog to htmx, else the page."""
    if request.headers.get("HX-Target") == "picked":
        return f"conversation/{kind}/_list.html"
    return f"conversation/{kind}/_pick.html" if request.htmx else f"conversation/{kind}/pick.html"
