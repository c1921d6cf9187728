"""Language and colours that somebody chose: kept with the login, in a cookie for strangers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from aftersales.models import User
from aftersales.models.staff import Theme

Handler = Callable[[HttpRequest], HttpResponseBase]
THEME_COOKIE = "theme"
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


def keep_language(user: object, language: str) -> None:
    """Keep a language with the login; a language that we do not speak is not kept."""
    if isinstance(user, User) and language in LANGUAGES:
        User.objects.filter(pk=user.pk).update(language=language)


def keep_theme(user: object, theme: str) -> None:
    """Keep the colours with the login; anything but light and dark follows the system."""
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(theme=known_theme(theme))


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or nothing where the system decides."""
    user = getattr(request, "user", None)
    return user.theme if isinstance(user, User) else known_theme(request.COOKIES.get(THEME_COOKIE, ""))


def known_theme(name: str) -> str:
    """The theme with this name, or nothing."""
    return name if name in (Theme.LIGHT, Theme.DARK) else ""
