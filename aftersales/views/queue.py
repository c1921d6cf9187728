"""The queue of cases: filtered, searched, paged; the next case claimed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from aftersales.forms.filters import QueueFilters
from aftersales.models import User
from aftersales.queries import inbox, keyset, people, search, search_why, writing
from aftersales.queries.inbox import Params
from aftersales.queries.search import Found
from aftersales.queries.search_why import Reason
from aftersales.rules.permissions import DESK, MAY
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import WAITS_FOR, CaseType, DeadlineKind, Priority, Role
from aftersales.templatetags.desk import mask_name
from aftersales.views import acting, going_on, lists
from aftersales.views.access import DeskRequest, actor, page

LIST: Final = "aftersales:cases"
TABS: Final = {
    "desk": gettext_lazy("My desk"),
    "waiting": gettext_lazy("Waiting on us"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "due": gettext_lazy("Due in 4 hours"),
    "breached": gettext_lazy("Promise missed"),
    "clock": gettext_lazy("Agreed by the clock"),
    "ended": gettext_lazy("Ended"),
    "all": gettext_lazy("All"),
}
OF_THE_DESK: Final = frozenset({"desk", "mine", "unassigned"})
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
    params = lists.read(request, inbox.NAMES)
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
    if by.role_for("claim") is None:
        raise PermissionDenied(_("Your role takes no cases."))

    return acting.perform(
        request,
        lambda: going_on.next_case(request),
        again=lambda refusal: _shown(request, {}, refusal=str(refusal)),
    )


def _shown(request: DeskRequest, params: Params, refusal: str = "") -> HttpResponse:
    user, now, words = request.user, timezone.now(), _words()
    hits = search.cases(user, params["q"]) if params.get("q") else None
    found = inbox.page(user, params, now, found=hits)
    count, claiming = _counts(user, params, now, hits)
    reasons = search_why.of(hits, params["q"], [row["id"] for row in found.rows]) if hits else {}
    context = {
        "now": now,
        "view": inbox.view_of(user, params),
        "rows": [_row(row, user, words, reasons.get(row["id"])) for row in found.rows],
        "count": f"{count}+" if hits and not hits.is_whole else keyset.capped_text(count),
        "hits": hits,
        "ignored": inbox.ignored(params, now),
        "refusal": refusal,
        "reset_url": lists.link(LIST, {"view": params.get("view", "")}),
        **lists.pager(LIST, params, found),
        **_controls(user, params),
    }
    if not lists.wants_rows(request):
        context |= {"tabs": tabs(user, params), "going_out": writing.waiting(user.pk, now), **claiming}
    address = lists.link(LIST, params, **{mark: params.get(mark, "") for mark in lists.MARKS})
    return lists.answer(request, "queue/list.html", "queue/_rows.html", context, address=address)


def _words() -> dict[str, dict[str, str]]:
    """What the codes in rows are called, translated once a page."""
    return {
        "turn": {status: _("Turn: %(who)s") % {"who": role.label} for status, role in WAITS_FOR.items()},
        "type": {kind.value: str(kind.label) for kind in CaseType},
        "due_kind": {kind.value: str(kind.label) for kind in DeadlineKind},
    }


class Cells(NamedTuple):
    """What a row says whatever the time is: drawn once for all who see it."""

    number: str
    type: str
    subject: str
    merchant: str
    buyer: str
    status: str
    turn: str
    asked: str
    assignee: str
    is_mine: bool
    due_kind: str
    has_moment: bool
    is_high: bool
    reason: Reason | None  # why a search has found it


class Row(NamedTuple):
    """A row of the list: its cells, and the moment that is told in them."""

    cells: Cells
    due_at: datetime | None
    closed_at: datetime | None


def _row(row: Mapping[str, Any], user: User, words: dict[str, dict[str, str]], reason: Reason | None) -> Row:
    cells = Cells(
        number=row["number"],
        type=words["type"][row["type"]],
        subject=row["subject"],
        merchant=row["merchant__name"],
        buyer=mask_name(row["buyer__name"]),
        status=row["status"],
        turn=words["turn"].get(row["status"], ""),
        asked=money_text(row["requested_amount"] + row["freight_held"], row["currency"]),
        assignee=row["assignee__display_name"] or row["assignee__username"] or "",
        is_mine=row["assignee_id"] == user.pk,
        due_kind="" if row["closed_at"] else words["due_kind"].get(row["due_kind"], ""),
        has_moment=bool(row["closed_at"] or row["due_at"]),
        is_high=row["priority"] == Priority.HIGH,
        reason=reason,
    )
    return Row(cells, None if row["closed_at"] else row["due_at"], row["closed_at"])


def _counts(user: User, params: Params, at: datetime, hits: Found | None) -> tuple[int, dict[str, Any]]:
    """How many are in the list, and what the button for the next case says."""
    if not user.roles & MAY["claim"]:
        return inbox.count(user, params, at, hits), {}
    count, waiting = inbox.counts(user, params, at, hits)
    return count, {"waiting": waiting, "claim_key": acting.new_key()}


def tabs(user: User, params: Params) -> list[dict[str, object]]:
    """The views that the person has, as links."""
    current = inbox.view_of(user, params)
    return [
        {"url": lists.link(LIST, {"view": name}), "label": label, "current": name == current}
        for name, label in TABS.items()
        if name not in OF_THE_DESK or user.roles & DESK
    ]


def _controls(user: User, params: Params) -> dict[str, Any]:
    """The filters as controls; those that have none are kept beside them as chips to take away."""
    choices = _people(user)
    is_choice = params.get("assignee") in ("none", *dict(choices))
    shown = {"merchant": not params.get("merchant", "").isdigit(), "assignee": is_choice}
    beside = {name: text for name, text in params.items() if name in CHIPS and not shown.get(name)}
    return {
        "filters": QueueFilters({**params, **dict.fromkeys(beside, "")}, people=choices),
        "kept": {"view": inbox.view_of(user, params), **beside},
        "chips": list(_chips(user, beside, params)),
    }


def _chips(user: User, beside: Params, params: Params) -> Iterator[dict[str, object]]:
    names = inbox.names(user, beside)
    for name, text in beside.items():
        value = "" if name == "breached" else names.get(name, text)
        value = mask_name(value) if name == "buyer" and name in names else value
        yield {"label": CHIPS[name], "value": value, "without_url": lists.link(LIST, {**params, name: ""})}


def _people(user: User) -> list[tuple[str, str]]:
    me = [(str(user.pk), _("me"))] if user.roles & DESK else []
    if Role.SUPERVISOR not in user.roles:
        return me
    return me + [(str(person.pk), str(person)) for person in people.of_the_desk() if person.pk != user.pk]
