"""When people of the desk were last seen: noted every few minutes at most, so that pages stay free of it."""

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
    """Note that somebody of the desk asked for a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            note(request.user, timezone.now())
        return get_response(request)

    return middleware


def note(user: User, at: datetime) -> None:
    """Somebody is at work at this moment; written down when the last note is older than five minutes."""
    if user.roles & AGENTS and (user.seen_at is None or at - user.seen_at >= EVERY):
        User.objects.filter(pk=user.pk).update(seen_at=at)
        user.seen_at = at
