"""What changes while a page is open: the event stream, the poll in its place, the pieces that a page fetches then."""

import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from aftersales.live import streaming, wire
from aftersales.live.hub import HUB, Full
from aftersales.moves import acts
from aftersales.queries.cases import case_links, case_page, timeline
from aftersales.queries.console import changes as change_queries
from aftersales.queries.console import queue
from aftersales.queries.console.changes import Mark
from aftersales.queries.conversation import unread
from aftersales.views import lists
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.console import queue_parts

OFFER: Final = "desk.hand_over"  # said by config.process.worker in each request
RETRY_AFTER: Final = 60  # seconds
NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{2}-[0-9]{4,12}")
MOST: Final = 100
NOTHING: Final = 204


@page("cases")
@require_GET
@never_cache
def stream(request: DeskRequest) -> HttpResponseBase:
    """Numbers of cases as they change; 503 when this process has no place left, and the browser polls."""
    hands_over = OFFER in request.META
    most = settings.LIVE_STREAMS if hands_over else settings.LIVE_STREAMS_IN_THREADS
    try:
        opened = HUB.open(request.user, request.session.session_key or "", most=most)
    except Full:
        full = _("As many pages are listening as this server has places for.")
        return HttpResponse(full, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    found, mark = change_queries.since(_mark(request))
    opening = wire.OPENING + wire.frame("news", {**change_queries.told(request.user, found), "presence": []}, mark)
    if hands_over:
        body = streaming.handed_over(opened, opening, is_chunked=request.META.get("SERVER_PROTOCOL") == "HTTP/1.1")
    else:
        body = streaming.in_a_thread(opened, opening)
    headers = {"X-Accel-Buffering": "no"}  # nginx would wait for more
    return StreamingHttpResponse(body, content_type="text/event-stream; charset=utf-8", headers=headers)


@page("cases")
@require_GET
@never_cache
def poll(request: DeskRequest) -> HttpResponse:
    """What the stream would have told since a mark, and the next mark."""
    found, mark = change_queries.since(_mark(request))
    return JsonResponse({**change_queries.told(request.user, found), "mark": str(mark)})


def _mark(request: HttpRequest) -> Mark:
    """Where the browser has heard to; else when its page was made; else now."""
    known = change_queries.read_mark(request.headers.get("Last-Event-ID", "") or request.GET.get("since", ""))
    if known is not None:
        return known
    at = _moment(request.GET.get("at", ""))
    return change_queries.newest() if at is None else change_queries.until(at)


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo else None


@page("cases")
@require_GET
@never_cache
def case(request: DeskRequest, number: str) -> HttpResponse:
    """What happened to a case after its page was made: by whom, what; and messages nobody here has read."""
    found, by = case_or_404(request, number), actor(request)
    since = unread.read(request.GET.get("seen", "")) or unread.Seen(timezone.now())
    version = request.GET.get("version", "")
    changes = case_page.changes(found, int(version) if version.isdecimal() and len(version) < 10 else 0, since.at)
    told = timeline.told(found, changes, is_insider=timeline.is_insider(by.roles))
    written = len(unread.messages(case_links.family(found.pk), since, user_id=by.user_id))
    if not told and not written:
        return HttpResponse(status=NOTHING)
    context = {"case": found, "change": told[-1] if told else None, "more": len(told) - 1, "written": written}
    return render(request, "console/live/_case.html", context | {"now": timezone.now()})


@page("cases")
@require_GET
@never_cache
def listing(request: DeskRequest) -> HttpResponse:
    """How many rows of a list are new or no longer as they are shown; the list itself stays as it is."""
    now = timezone.now()
    wanted = queue_parts.asked(request.user, lists.read(request, (*queue.NAMES, "saved")), now)
    changed, shown = numbers_of(request, "n"), set(numbers_of(request, "shown"))
    fitting = queue.filtered(request.user, wanted.params, now).filter(number__in=changed) if changed else None
    new = set() if fitting is None else set(fitting.values_list("number", flat=True))
    context = {
        "count": len(shown | new),
        "is_much": "more" in request.GET,
        "address": lists.link(
            queue_parts.LIST, wanted.address, **{mark: wanted.params.get(mark, "") for mark in lists.MARKS}
        ),
        "beside": next(iter(numbers_of(request, "beside")), ""),
    }
    return render(request, "console/live/_list.html", context)


@page("cases")
@require_GET
@never_cache
def waiting(request: DeskRequest) -> HttpResponse:
    """How many wait, when the first is due, and how many of the person's own are due within a quarter of an hour."""
    if not acts.CLAIM.is_granted_to(request.user.roles):
        return HttpResponse(status=NOTHING)
    now = timezone.now()
    soon = queue.count(request.user, {"view": "mine", "due": "15m"}, now)
    context = {"waiting": queue.waiting(request.user), "due_soon": soon, "now": now}
    return render(request, "console/queue/_waiting.html", context)


def numbers_of(request: HttpRequest, name: str) -> list[str]:
    """Numbers of cases in the address, at most a hundred; what is none is left out."""
    return [number for number in request.GET.get(name, "").split(",")[:MOST] if NUMBER.fullmatch(number)]
