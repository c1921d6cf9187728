"""What somebody chose of how the console looks and speaks: kept with the login, in a cookie for strangers."""

import zoneinfo
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from aftersales.models import User
from aftersales.models.people.staff import Theme

Handler = Callable[[HttpRequest], HttpResponseBase]
THEME_COOKIE, KEYS_COOKIE = "theme", "shortcuts"
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
YEAR = 365 * 24 * 3600  # seconds


def speak_their_language(get_response: Handler) -> Handler:
    """Answer in the language kept with the login; before one is chosen, in that of the cookie or the browser."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Without a session cookie nobody is logged in, and pages for strangers stay free of a database read.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            chosen = request.user.language
            if chosen in LANGUAGES and chosen != translation.get_language():
                return _answered_in(chosen, request, get_response)
        return get_response(request)

    return middleware


def _answered_in(language: str, request: HttpRequest, get_response: Handler) -> HttpResponseBase:
    with translation.override(language):
        request.LANGUAGE_CODE = language
        response = get_response(request)
    response.headers.setdefault("Content-Language", language)
    return response


def keep_their_time(get_response: Handler) -> Handler:
    """Show and read moments in the zone kept with the login; what the business counts stays in the shop's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return get_response(request)
        with timezone.override(zone_named(request.user.time_zone)):
            return get_response(request)

    return middleware


@lru_cache(maxsize=512)
def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone with this name; nothing for no name, or for one that this machine does not know any more."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def keep_language(user: object, language: str) -> None:
    """Keep a language with the login; a language that we do not speak is not kept."""
    if isinstance(user, User) and language in LANGUAGES:
        User.objects.filter(pk=user.pk).update(language=language)


def remember(response: HttpResponseBase, name: str, value: str) -> None:
    """A cookie for pages on which nobody is logged in."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE)


def keep_theme(user: object, theme: str) -> None:
    """Keep the colours with the login; anything but light and dark follows the system."""
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(theme=known_theme(theme))


def keep_keys(user: object, *, are_on: bool) -> None:
    """Keep with the login whether single keys act."""
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(single_keys=are_on)


def has_keys(request: HttpRequest) -> bool:
    """Whether single keys act: as kept with the login, else as this browser was told."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.single_keys is not None:
        return user.single_keys
    return request.COOKIES.get(KEYS_COOKIE) != "off"


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or nothing where the system decides."""
    user = getattr(request, "user", None)
    return user.theme if isinstance(user, User) else known_theme(request.COOKIES.get(THEME_COOKIE, ""))


def known_theme(name: str) -> str:
    """The theme with this name, or nothing."""
    return name if name in (Theme.LIGHT, Theme.DARK) else ""
