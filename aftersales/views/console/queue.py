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
from aftersales.queries.console import bulk, filter_names, queue, saved_views
from aftersales.queries.console.queue import Params
from aftersales.queries.console.search import reasons, search
from aftersales.queries.console.search.search import Found
from aftersales.queries.conversation import outbox
from aftersales.rules.parties.masks import mask_name
from aftersales.rules.permissions import PAGES
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.cases import next_case
from aftersales.views.console import queue_list, queue_rows
from aftersales.views.console.queue_list import LIST, QueueList
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
    """Claim the most pressing case and open it; a sentence where there is none."""
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
    wanted = queue_list.read(user, given, now)
    hits = search.cases(user, wanted.params["q"]) if wanted.params.get("q") else None
    count, claiming = _counts(user, wanted.params, now, hits)
    context = {
        "now": now,
        "view": queue.view_of(user, wanted.params),
        "count": f"{count}+" if hits and not hits.is_whole else keyset.capped_text(count),
        "hits": hits,
        "refusal": refusal,
        **_rows(request, wanted, now, hits),
        **_controls(user, wanted),
        **_about_view(user, wanted),
        **_bulk(request, wanted, count),
    }
    if not lists.wants_rows(request):
        context |= _above_rows(user, wanted, given.get("saved", ""), now) | claiming
    address = lists.link(LIST, wanted.address, **{mark: wanted.params.get(mark, "") for mark in lists.MARKS})
    return lists.answer(request, "console/queue/list.html", "console/queue/_rows.html", context, address=address)


def _counts(user: User, params: Params, at: datetime, hits: Found | None) -> tuple[int, dict[str, Any]]:
    """How many cases are in the list, and what the button for the next case says."""
    if not acts.CLAIM.is_granted_to(user.roles):
        return queue.count(user, params, at, hits), {}
    count, waiting = queue.counts(user, params, at, hits)
    return count, {"waiting": waiting, "claim_key": submissions.new_key()}


def _rows(request: DeskRequest, wanted: QueueList, at: datetime, hits: Found | None) -> dict[str, Any]:
    user, columns = request.user, saved_views.columns_of(wanted.saved)
    found = queue.page(user, wanted.params, at, more=saved_views.further(columns), found=hits)
    why = reasons.of(hits, wanted.params["q"], [row["id"] for row in found.rows]) if hits else {}
    drawn = queue_rows.row_context(user, columns, may_pick=_may_pick(user), is_boxed=_is_boxed(request))
    rows = [queue_rows.row_of(row, drawn, why.get(row["id"])) for row in found.rows]
    return {"columns": columns, "rows": rows, **lists.pager(LIST, wanted.address, found)}


def _may_pick(user: User) -> bool:
    return bool(user.roles & PAGES["bulk"])


def _is_boxed(request: DeskRequest) -> bool:
    # With scripts the rows need no boxes; a link draws them for who has none.
    return "pick" in request.GET


def _above_rows(user: User, wanted: QueueList, saved_pk: str, at: datetime) -> dict[str, Any]:
    """What stands above the part that htmx swaps: tabs, and messages that can still be taken back."""
    return {
        "tabs": _tabs(user, wanted),
        "pinned": [tab_of(view, saved_pk) for view in wanted.pinned],
        "saved_pk": saved_pk,
        "going_out": outbox.waiting(user.pk, at),
    }


def _about_view(user: User, wanted: QueueList) -> dict[str, Any]:
    """What the page says of the saved view that it shows, and how the list can be saved as one."""
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


def _bulk(request: DeskRequest, wanted: QueueList, count: int) -> dict[str, Any]:
    """What the bar for selected cases offers; nothing where the roles have no acts for many."""
    if not _may_pick(request.user):
        return {}
    return {
        "acts": bulk.acts_for(request.user.roles),
        "every": min(count, bulk.MOST),
        "is_boxed": _is_boxed(request),
        "from": lists.link(LIST, wanted.address).partition("?")[2],
    }


def _tabs(user: User, wanted: QueueList) -> list[dict[str, object]]:
    current = "" if wanted.saved else queue.view_of(user, wanted.params)
    return [
        {"url": lists.link(LIST, {"view": name}), "label": label, "current": name == current}
        for name, label in queue_list.tabs_of(user)
    ]


def _controls(user: User, wanted: QueueList) -> dict[str, Any]:
    """The filters as controls; those without a control stand beside them as chips that can be taken away."""
    params, choices = wanted.params, queue_list.people_of(user)
    is_choice = params.get("assignee") in ("none", *dict(choices))
    shown = {"merchant": not params.get("merchant", "").isdigit(), "assignee": is_choice}
    beside = {name: text for name, text in params.items() if name in CHIPS and not shown.get(name)}
    view, saved = queue.view_of(user, params), {"saved": str(wanted.saved.pk)} if wanted.saved else {}
    sorts = queue.sorts_of(view, params)
    return {
        "filters": QueueFilters({**params, **dict.fromkeys(beside, "")}, people=choices, sorts=sorts),
        "hidden": {"view": view, **saved, **beside},
        "chips": list(_chips(user, beside, {**params, **saved})),
    }


def _chips(user: User, beside: Params, params: Params) -> Iterator[dict[str, object]]:
    names = filter_names.names(user, beside)
    for name, text in beside.items():
        value = "" if name == "breached" else names.get(name, text)
        # The name of a buyer is personal data: a list shows it masked wherever it stands.
        value = mask_name(value) if name == "buyer" and name in names else value
        yield {"label": CHIPS[name], "value": value, "without_url": lists.link(LIST, {**params, name: ""})}
