"""Saying again who one is before money or roles move; what was typed and attached is kept and goes on afterwards.

Which acts ask stands in their records (`asks_anew`); the actions insist on it, whatever page they are called from.
"""

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
from aftersales.actions.refusals import Unconfirmed
from aftersales.models import User
from aftersales.queries.people import second_factor
from aftersales.views.people import kept_files

View = Callable[..., HttpResponse]
CONFIRMED: Final = "_confirmed_at"
WRONG: Final = "_confirmation_is_wrong"
PASSWORD: Final = "confirm_password"  # noqa: S105 - the name of a field
CODE: Final = "confirm_code"
OWN: Final = {PASSWORD, CODE, kept_files.FIELD, "csrfmiddlewaretoken"}


class ConfirmedAgain:
    """Middleware: brings kept files back, and shows the page that asks where an action insists on it.

    What is written in the admin asks too, whatever it is: limits, policies, whose account is whose.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """The page that asks, where the address alone says so."""
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        kept_files.bring_back(request)
        is_admin = request.resolver_match is not None and "admin" in request.resolver_match.app_names
        return None if not is_admin or is_recent(request) else page(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that asks, where the act does; all that it had done is taken back by then."""
        return page(request) if isinstance(exception, Unconfirmed) else None


def confirmed_again(view: View) -> View:
    """Ask before a form of one's own account is acted on, where no action could insist on it."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_recent(request):
            return page(request)
        return view(request, *args, **kwargs)

    return guarded


def is_recent(request: HttpRequest) -> bool:
    """Whether the person has said a short while ago who they are, or says so with this request."""
    if not settings.CONFIRM_AGAIN:
        return True
    said = request.session.get(CONFIRMED)
    if said is not None and timezone.now() - datetime.fromisoformat(said) <= settings.CONFIRMED_FOR:
        return True
    # Tried once a request: a wrong password counts as a wrong login, and a code is taken once.
    if request.method != "POST" or PASSWORD not in request.POST or hasattr(request, WRONG):
        return False
    if _is_right(request, cast(User, request.user)):
        note(request, timezone.now())
        return True
    setattr(request, WRONG, True)
    return False


def page(request: HttpRequest) -> HttpResponse:
    """The page that asks, holding all that was typed and attached."""
    kept = [(name, text) for name in request.POST if name not in OWN for text in request.POST.getlist(name)]
    context = {
        "kept": kept,
        "kept_files": kept_files.keep(request),
        "file_count": sum(len(files) for _name, files in request.FILES.lists()),
        "has_factor": second_factor.is_set_up(cast(User, request.user)),
        "is_wrong": hasattr(request, WRONG),
    }
    name = "people/_confirm.html" if getattr(request, "htmx", False) else "people/confirm.html"
    return render(request, name, context, status=422)


def note(request: HttpRequest, at: datetime) -> None:
    """Remember that the person has said who they are."""
    request.session[CONFIRMED] = at.isoformat()


def forget(request: HttpRequest) -> None:
    """Ask again before the next act."""
    request.session.pop(CONFIRMED, None)


def _is_right(request: HttpRequest, user: User) -> bool:
    # Through the backends: wrong tries count as wrong logins.
    found = authenticate(request, username=user.username, password=request.POST[PASSWORD])
    has_factor = second_factor.is_set_up(user)
    return found is not None and (not has_factor or factors.matches(user, request.POST.get(CODE, "")))
