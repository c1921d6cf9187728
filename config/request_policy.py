"""Small rules about requests: what no text can hold, when a session is renewed, whose address one came from."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase, QueryDict

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict

Handler = Callable[[HttpRequest], HttpResponseBase]

RENEW_EVERY = 60  # seconds; a session write per request would cost more than the page
BY_ITSELF = "/live/"  # what open pages ask by themselves does not show that anybody is there
SEEN = "_seen_at"
NUL = "\0"  # a text of the database never holds it


def without_nul(get_response: Handler) -> Handler:
    """Take NUL out of parameters and drop cookies that hold it: no list, ours or the admin's, has to think of it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _cleaned(request.GET)
        # Between quotes a cookie may write it as \000.
        for name in [name for name, text in request.COOKIES.items() if NUL in text]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def _cleaned(given: QueryDict) -> "_ImmutableQueryDict":
    pairs = [(name.replace(NUL, ""), text.replace(NUL, "")) for name in given for text in given.getlist(name)]
    return QueryDict(urlencode(pairs), encoding=given.encoding)


def renew_session(get_response: Handler) -> Handler:
    """Push the session's end forward while its owner is active, at most once a minute."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path.startswith(BY_ITSELF):
            _renew(request.session, time.time())
        return response

    return middleware


def _renew(session: SessionBase, now: float) -> None:
    # accessed: pages that never looked at the session stay free of a database read
    if session.accessed and not session.is_empty() and now - session.get(SEEN, 0) > RENEW_EVERY:
        session[SEEN] = int(now)


def client_address(request: HttpRequest) -> str:
    """Address of the person: what the last trusted proxy saw, never what the person wrote."""
    # Whoever asks may write the header, too: only the last parts, which our own proxies added, are believed.
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    if count and len(forwarded) >= count:
        return str(forwarded[-count])
    return str(request.META.get("REMOTE_ADDR", ""))


class NotHealth(logging.Filter):
    """Keeps Django from reporting as an error each 503 of /healthz, whose reason config.health says, and of /live/."""

    def filter(self, record: logging.LogRecord) -> bool:
        request, status = getattr(record, "request", None), getattr(record, "status_code", 0)
        is_expected = request is not None and (
            request.path.startswith("/healthz") or (request.path == BY_ITSELF and status == 503)
        )
        return not is_expected
