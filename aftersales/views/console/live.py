"""What changes while a page is open: the event stream, a poll in its place, and the parts that a page fetches then."""

import re
from collections.abc import Iterator
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
from aftersales.live.hub import HUB, Full, Stream
from aftersales.moves import acts
from aftersales.queries.cases import case_links, case_page, timeline
from aftersales.queries.console import changes, queue
from aftersales.queries.console.changes import Cursor
from aftersales.queries.conversation import unread
from aftersales.views import lists
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.console import queue_list

HAND_OVER: Final = "desk.hand_over"  # set by config.process.worker: it can take the socket from the thread
RETRY_AFTER: Final = 60  # seconds
NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{2}-[0-9]{4,12}")
MOST: Final = 100
NO_CONTENT: Final = 204


@page("cases")
@require_GET
@never_cache
def stream(request: DeskRequest) -> HttpResponseBase:
    """Numbers of cases as they change; 503 when this process has no place left, and the browser polls."""
    hands_over = HAND_OVER in request.META
    most = settings.LIVE_STREAMS if hands_over else settings.LIVE_STREAMS_IN_THREADS
    try:
        # Opened before the logs are read: what is committed in between is told twice rather than not at all.
        opened = HUB.open(request.user, request.session.session_key or "", most=most)
    except Full:
        full = _("As many pages are listening as this server has places for.")
        return HttpResponse(full, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    headers = {"X-Accel-Buffering": "no"}  # nginx would collect frames before it sends them on
    body = _body(request, opened, hands_over=hands_over)
    return StreamingHttpResponse(body, content_type="text/event-stream; charset=utf-8", headers=headers)


def _body(request: DeskRequest, opened: Stream, *, hands_over: bool) -> Iterator[bytes]:
    found, cursor = changes.since(_cursor(request))
    summary = {**changes.summary_for(request.user, found), "presence": []}
    opening = wire.OPENING + wire.frame("changes", summary, cursor)
    if hands_over:
        is_chunked = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"
        return streaming.handed_over(opened, opening, is_chunked=is_chunked)
    return streaming.in_a_thread(opened, opening)


@page("cases")
@require_GET
@never_cache
def poll(request: DeskRequest) -> HttpResponse:
    """What the stream would have told since a cursor, and the next cursor."""
    found, cursor = changes.since(_cursor(request))
    return JsonResponse({**changes.summary_for(request.user, found), "cursor": str(cursor)})


def _cursor(request: HttpRequest) -> Cursor:
    """How far the browser has heard; else when its page was made; else now."""
    known = changes.read_cursor(request.headers.get("Last-Event-ID", "") or request.GET.get("since", ""))
    if known is not None:
        return known
    at = _moment(request.GET.get("at", ""))
    return changes.newest() if at is None else changes.until(at)


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
    events = case_page.changes(found, int(version) if version.isdecimal() and len(version) < 10 else 0, since.at)
    told = timeline.entries_of(found, events, is_insider=timeline.is_insider(by.roles))
    written = len(unread.messages(case_links.family(found.pk), since, user_id=by.user_id))
    if not told and not written:
        return HttpResponse(status=NO_CONTENT)
    context = {"case": found, "change": told[-1] if told else None, "more": len(told) - 1, "written": written}
    return render(request, "console/live/_case.html", context | {"now": timezone.now()})


@page("cases")
@require_GET
@never_cache
def listing(request: DeskRequest) -> HttpResponse:
    """How many rows of a list are new or have changed; the list stays as it is, and nothing moves under the mouse."""
    wanted = queue_list.read(request.user, lists.read(request, (*queue.NAMES, "saved")), timezone.now())
    marks = {mark: wanted.params.get(mark, "") for mark in lists.MARKS}
    context = {
        "count": len(set(numbers_of(request, "shown")) | _new(request, wanted)),
        "is_much": "more" in request.GET,
        "address": lists.link(queue_list.LIST, wanted.address, **marks),
        "beside": next(iter(numbers_of(request, "beside")), ""),
    }
    return render(request, "console/live/_list.html", context)


def _new(request: DeskRequest, wanted: queue_list.QueueList) -> set[str]:
    """Those of the changed cases that belong into the list and are not shown in it."""
    changed = numbers_of(request, "n")
    if not changed:
        return set()
    fitting = queue.filtered(request.user, wanted.params, timezone.now()).filter(number__in=changed)
    return set(fitting.values_list("number", flat=True))


@page("cases")
@require_GET
@never_cache
def waiting(request: DeskRequest) -> HttpResponse:
    """How many cases wait, when the first is due, and how many of the person's own are due within 15 minutes."""
    if not acts.CLAIM.is_granted_to(request.user.roles):
        return HttpResponse(status=NO_CONTENT)
    now = timezone.now()
    soon = queue.count(request.user, {"view": "mine", "due": "15m"}, now)
    context = {"waiting": queue.waiting(request.user), "due_soon": soon, "now": now}
    return render(request, "console/queue/_waiting.html", context)


def numbers_of(request: HttpRequest, name: str) -> list[str]:
    """Numbers of cases in a parameter, at most a hundred; what is no number of a case is left out."""
    return [number for number in request.GET.get(name, "").split(",")[:MOST] if NUMBER.fullmatch(number)]
