"""Saying again who one is before money or roles move; what was typed is kept and goes on afterwards."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from aftersales.actions.people import second_factor as factors
from aftersales.models import User
from aftersales.queries.people import second_factor

View = Callable[..., HttpResponse]
CONFIRMED: Final = "_confirmed_at"
PASSWORD: Final = "confirm_password"  # noqa: S105 - the name of a field
CODE: Final = "confirm_code"
OWN: Final = {PASSWORD, CODE, "csrfmiddlewaretoken"}


def confirmed_again(view: View) -> View:
    """Ask for the password (and code) before a form is acted on, unless it was said some minutes ago."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = asked(request) if request.method == "POST" else None
        return page or view(request, *args, **kwargs)

    return guarded


def asked(request: HttpRequest) -> HttpResponse | None:
    """The page that asks, holding all that was typed; nothing where the person has just said who they are."""
    user = cast(User, request.user)
    if not settings.CONFIRM_AGAIN or _is_recent(request):
        return None
    has_factor, is_wrong = second_factor.is_set_up(user), False
    if PASSWORD in request.POST:
        if _is_right(request, user, has_factor=has_factor):
            note(request, timezone.now())
            return None
        is_wrong = True
    context = {
        "kept": [(name, text) for name in request.POST if name not in OWN for text in request.POST.getlist(name)],
        "has_factor": has_factor,
        "is_wrong": is_wrong,
        "lost_files": bool(request.FILES),
    }
    name = "people/_confirm.html" if getattr(request, "htmx", False) else "people/confirm.html"
    return render(request, name, context, status=422)


def note(request: HttpRequest, at: datetime) -> None:
    """Remember that the person has said who they are."""
    request.session[CONFIRMED] = at.isoformat()


def forget(request: HttpRequest) -> None:
    """Ask again before the next act."""
    request.session.pop(CONFIRMED, None)


def _is_recent(request: HttpRequest) -> bool:
    said = request.session.get(CONFIRMED)
    return said is not None and timezone.now() - datetime.fromisoformat(said) <= settings.CONFIRMED_FOR


def _is_right(request: HttpRequest, user: User, *, has_factor: bool) -> bool:
    # Through the backends: wrong tries count as wrong logins.
    found = authenticate(request, username=user.username, password=request.POST[PASSWORD])
    return found is not None and (not has_factor or factors.matches(user, request.POST.get(CODE, "")))
