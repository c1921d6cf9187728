"""What a person may do only so often: show masked fields, search, upload, export. The numbers stand in the settings."""

import logging
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_ratelimit.core import get_usage
from redis import RedisError

from aftersales.rules.console import durations

Handler = Callable[[HttpRequest], HttpResponse]
EXPORTS: Final = (".csv", ".xlsx", "/export/")
SAID: Final = {
    "reveal": gettext_lazy("You have shown many masked names, phone numbers and addresses in a short time."),
    "search": gettext_lazy("You have searched very often in a short time."),
    "upload": gettext_lazy("You have sent many files in a short time."),
    "export": gettext_lazy("You have exported many times in a short time."),
}
logger = logging.getLogger(__name__)


class RateLimits:
    """Middleware: 429 with a sentence when somebody does too often what `kind_of` counts."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """The refusal, once the address is known and before the view has done anything."""
        kind = kind_of(request)
        # A stranger is led to the login by every page: what is counted is what people do.
        if kind is None or not request.user.is_authenticated:
            return None
        usage = _usage(request, kind)
        return _refused(request, kind, usage) if usage and usage["should_limit"] else None


def kind_of(request: HttpRequest) -> str | None:
    """What a request is counted as; most are counted as nothing."""
    if request.path.endswith("/reveal/"):
        return "reveal"
    if request.path.endswith(EXPORTS):
        return "export"
    if request.method == "POST":
        return "upload" if request.FILES else None
    return "search" if request.GET.get("q") else None


def _usage(request: HttpRequest, kind: str) -> dict[str, int] | None:
    try:
        return get_usage(request, group=kind, key="user", rate=settings.RATE_LIMITS[kind], increment=True)
    except RedisError:  # losing the cache loses nothing: nobody waits for it
        return None


def _refused(request: HttpRequest, kind: str, usage: dict[str, int]) -> HttpResponse:
    logger.warning(
        "%s: user %s has asked %d times, %d are allowed; refused for %d s",
        kind, request.user.pk, usage["count"], usage["limit"], usage["time_left"],
    )  # fmt: skip
    wait = durations.duration(max(usage["time_left"], 60))
    says = _("%(what)s It is possible again in %(wait)s.") % {"what": SAID[kind], "wait": wait}
    response = render(request, "429.html", {"says": says}, status=429)
    response["Retry-After"] = str(max(usage["time_left"], 1))
    return response
