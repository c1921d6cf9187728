"""When people of the desk were last seen: written at most every five minutes, so that few pages pay for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from aftersales.models import User
from aftersales.rules.permissions import AGENTS

Handler = Callable[[HttpRequest], HttpResponseBase]
EVERY: Final = timedelta(minutes=5)


def note_who_is_here(get_response: Handler) -> Handler:
    """Middleware: note that a person of the desk has asked for a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Without a session cookie nobody is logged in: pages for strangers stay free of a database read.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            note(request.user, timezone.now())
        return get_response(request)

    return middleware


def note(user: User, at: datetime) -> None:
    """Note that a person is at work, if the last note is older than five minutes; only for agents."""
    if user.roles & AGENTS and (user.seen_at is None or at - user.seen_at >= EVERY):
        User.objects.filter(pk=user.pk).update(seen_at=at)
        user.seen_at = at
