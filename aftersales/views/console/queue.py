"""The queue of cases: filtered, searched, paged; the next case claimed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from aftersales.forms.console.filters import QueueFilters
from aftersales.models import User
from aftersales.moves import acts
from aftersales.queries import keyset
from aftersales.queries.console import bulk, filter_names, queue, saved_views, search, search_reasons
from aftersales.queries.console.queue import Params
from aftersales.queries.console.search import Found
from aftersales.queries.conversation import drafts
from aftersales.rules.permissions import PAGES
from aftersales.templatetags.desk import mask_name
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.cases import next_case
from aftersales.views.console import queue_parts
from aftersales.views.console.queue_parts import LIST, Asked, Drawing
from aftersales.views.console.saved_views import tab_of

CHIPS: Final = {
    "q": gettext_lazy("Search"),
    "merchant": gettext_lazy("Merchant"),
    "assignee": gettext_lazy("Assigned to"),
    "team": gettext_lazy("Team"),
    "reason": gettext_lazy("Reason"),
    "buyer": gettext_lazy("Buyer"),
    "breached": gettext_lazy("Promise missed"),
    "clock_approved": gettext_lazy("Agreed by the clock"),
    "ended": gettext_lazy("Ended"),
    "opened": gettext_lazy("Opened"),
    "priority": gettext_lazy("Priority"),
}


@page("cases")
@require_GET
def cases(request: DeskRequest) -> HttpResponse:
    """The list; a whole number typed into the search leads straight to what it names."""
    params = lists.read(request, (*queue.NAMES, "saved"))
    if set(params) == {"q"}:
        hit = search.only_hit(request.user, params["q"], wanted="case")
        if hit is not None:
            return redirect(f"aftersales:{hit.kind}", hit.number)
    return _shown(request, params)


@page("cases")
@require_POST
def claim(request: DeskRequest) -> HttpResponse:
    """Take the case that is due first, and open it; a sentence when there is none."""
    by = actor(request)
    if by.role_for(acts.CLAIM) is None:
        raise PermissionDenied(_("Your role takes no cases."))

    return submissions.perform(
        request,
        lambda: next_case.next_case(request),
        again=lambda refusal: _shown(request, {}, refusal=str(refusal)),
    )


def _shown(request: DeskRequest, given: Params, refusal: str = "") -> HttpResponse:
    user, now = request.user, timezone.now()
    wanted = queue_parts.asked(user, given, now)
    params, columns = wanted.params, saved_views.columns_of(wanted.saved)
    hits = search.cases(user, params["q"]) if params.get("q") else None
    found = queue.page(user, params, now, more=saved_views.further(columns), found=hits)
    count, claiming = _counts(user, params, now, hits)
    reasons = search_reasons.of(hits, params["q"], [row["id"] for row in found.rows]) if hits else {}
    how = queue_parts.drawing(user, columns, may_pick=bool(user.roles & PAGES["bulk"]), is_boxed="pick" in request.GET)
    context = {
        "now": now,
        "view": queue.view_of(user, params),
        "columns": columns,
        "rows": [queue_parts.row_of(row, how, reasons.get(row["id"])) for row in found.rows],
        "count": f"{count}+" if hits and not hits.is_whole else keyset.capped_text(count),
        "hits": hits,
        "refusal": refusal,
        **lists.pager(LIST, wanted.address, found),
        **_controls(user, wanted),
        **_about_view(user, wanted),
        **_bulk(how, wanted, count),
    }
    if not lists.wants_rows(request):
        pinned = [tab_of(view, given.get("saved", "")) for view in wanted.pinned]
        context |= {"tabs": _tabs(user, wanted), "pinned": pinned, "saved_pk": given.get("saved", ""), **claiming}
        context |= {"going_out": drafts.waiting(user.pk, now)}
    address = lists.link(LIST, wanted.address, **{mark: params.get(mark, "") for mark in lists.MARKS})
    return lists.answer(request, "console/queue/list.html", "console/queue/_rows.html", context, address=address)


def _about_view(user: User, wanted: Asked) -> dict[str, Any]:
    """What the list says of the saved view it shows, and where it can be kept as one."""
    saved, bare = wanted.saved, {name: text for name, text in wanted.address.items() if name not in lists.MARKS}
    view = wanted.params.get("view", "")
    return {
        "ignored": wanted.wrong,
        "saved": saved,
        "is_missing": wanted.is_missing,
        "is_changed": wanted.is_changed,
        "may_change": saved is not None and saved_views.may_change(user, saved),
        "query": urlencode({name: text for name, text in bare.items() if name != "saved"}),
        "reset_url": lists.link(LIST, {"saved": str(saved.pk)} if saved else {"view": view}),
    }


def _bulk(how: Drawing, wanted: Asked, count: int) -> dict[str, Any]:
    """What the bar for selected cases offers; nothing for who has no acts for many."""
    if not how.may_pick:
        return {}
    every = min(count, bulk.MOST)
    return {
        "acts": bulk.acts_for(how.user.roles),
        "every": every,
        "is_boxed": how.is_boxed,
        "from": lists.link(LIST, wanted.address).partition("?")[2],
    }


def _counts(user: User, params: Params, at: datetime, hits: Found | None) -> tuple[int, dict[str, Any]]:
    """How many are in the list, and what the button for the next case says."""
    if not acts.CLAIM.is_granted_to(user.roles):
        return queue.count(user, params, at, hits), {}
    count, waiting = queue.counts(user, params, at, hits)
    return count, {"waiting": waiting, "claim_key": submissions.new_key()}


def _tabs(user: User, wanted: Asked) -> list[dict[str, object]]:
    current = "" if wanted.saved else queue.view_of(user, wanted.params)
    return [
        {"url": lists.link(LIST, {"view": name}), "label": label, "current": name == current}
        for name, label in queue_parts.tabs_of(user)
    ]


def _controls(user: User, wanted: Asked) -> dict[str, Any]:
    """The filters as controls; those that have none are kept beside them as chips to take away."""
    params, choices = wanted.params, queue_parts.people_of(user)
    is_choice = params.get("assignee") in ("none", *dict(choices))
    shown = {"merchant": not params.get("merchant", "").isdigit(), "assignee": is_choice}
    beside = {name: text for name, text in params.items() if name in CHIPS and not shown.get(name)}
    view, saved = queue.view_of(user, params), {"saved": str(wanted.saved.pk)} if wanted.saved else {}
    sorts = queue.sorts_of(view, params)
    return {
        "filters": QueueFilters({**params, **dict.fromkeys(beside, "")}, people=choices, sorts=sorts),
        "kept": {"view": view, **saved, **beside},
        "chips": list(_chips(user, beside, {**params, **saved})),
    }


def _chips(user: User, beside: Params, params: Params) -> Iterator[dict[str, object]]:
    names = filter_names.names(user, beside)
    for name, text in beside.items():
        value = "" if name == "breached" else names.get(name, text)
        value = mask_name(value) if name == "buyer" and name in names else value
        yield {"label": CHIPS[name], "value": value, "without_url": lists.link(LIST, {**params, name: ""})}
