"""Where people keep canned replies and macros: the list of one kind, one of them to change, in and out of use."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.actions.conversation import tools as keeping
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


def listed(
    request: DeskRequest, model: type[Kind], searched: Sequence[str], template: str, *reads: str
) -> HttpResponse:
    """Those that the person uses, the newest first; archived ones apart. `reads` are read with each page."""
    archived = request.GET.get("list") == "archived"
    q, address = lists.clean(request.GET.get("q", "")), reverse(PLACES[model])
    found = tools.kept(model, request.user, archived=archived).filter(tools.found_by(q, *searched))
    rows = keyset.page(found.prefetch_related(*reads), "-id", **marks(request))
    context = {
        "rows": [(tool, tools.may_change(request.user, tool)) for tool in rows.rows],
        "archived": archived,
        "q": q,
        **neighbours(rows, address, list="archived" if archived else "", q=q),
    }
    return render(request, template, context)


def found(request: DeskRequest, model: type[Kind], pk: int) -> Kind:
    """One that the person sees, and may change."""
    seen: QuerySet[Kind] = tools.kept(model, request.user, archived=False) | tools.kept(
        model, request.user, archived=True
    )
    tool = get_object_or_404(seen, pk=pk)
    if not tools.may_change(request.user, tool):
        raise PermissionDenied
    return tool


def archive(request: DeskRequest, tool: Kind, again: submissions.Again) -> HttpResponse:
    """Take one out of use, or back into use."""
    is_archived = "restore" not in request.POST

    def act() -> str:
        keeping.archive(tool, is_archived=is_archived, by=actor(request), at=timezone.now())
        return reverse(PLACES[type(tool)])

    return submissions.perform(request, act, again=again, done=_("Archived.") if is_archived else _("In use again."))


def form(
    request: DeskRequest, model: type[Kind], context: dict[str, Any], refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The page on which one is made or changed, with the words that stand for facts."""
    shared = {
        "refusal": refusal,
        "dictionary": placeholders.DICTIONARY,
        "once": submissions.new_key(),
        "archive_key": submissions.new_key(),
    }
    return render(request, TEMPLATES[model], {**shared, **context}, status=status)
