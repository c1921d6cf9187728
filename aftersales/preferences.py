"""How the console looks and speaks to a person: stored with the login, in cookies for pages without one."""

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
    """Middleware: answer in the language of the person; where none is chosen, in that of the cookie or the browser."""

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
    """Middleware: show and read times in the zone of the person; deadlines and days of the shop stay in the shop's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return get_response(request)
        with timezone.override(zone_named(request.user.time_zone or home_zone(request.user))):
            return get_response(request)

    return middleware


def home_zone(user: User) -> str:
    """The zone of the shop somebody works for; empty for people of the platform, who are in the platform's."""
    return getattr(user, "shop_zone", None) or ""


@lru_cache(maxsize=512)
def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone with this name; None for an empty or unknown name."""
    # A zone may vanish with an update of the machine's time zone data: nobody may be locked out by it.
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def store_language(user: object, language: str) -> None:
    """Store the language of a person; one that we do not speak is ignored."""
    if isinstance(user, User) and language in LANGUAGES:
        User.objects.filter(pk=user.pk).update(language=language)


def remember(response: HttpResponseBase, name: str, value: str) -> None:
    """Set a cookie for pages on which nobody is logged in; it lasts a year."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE)


def store_theme(user: object, theme: str) -> None:
    """Store the theme of a person; anything but light and dark follows the system."""
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(theme=known_theme(theme))


def store_keys(user: object, *, are_on: bool) -> None:
    """Store whether single keys act for a person."""
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(single_keys=are_on)


def has_keys(request: HttpRequest) -> bool:
    """Whether single keys act: as the person chose, else as the cookie says, else yes."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.single_keys is not None:
        return user.single_keys
    return request.COOKIES.get(KEYS_COOKIE) != "off"


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or empty where the system decides."""
    user = getattr(request, "user", None)
    return user.theme if isinstance(user, User) else known_theme(request.COOKIES.get(THEME_COOKIE, ""))


def known_theme(name: str) -> str:
    """The name, if it is that of a theme; else empty."""
    return name if name in (Theme.LIGHT, Theme.DARK) else ""
