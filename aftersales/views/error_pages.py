"""Pages for requests that are refused before a view answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftersales.rules.actor import BY_POWER
from aftersales.rules.vocabulary import Role


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason, if there is one, and the roles that may do it."""
    may: frozenset[Role] = getattr(exception, "roles", frozenset())
    who = [role.label for role in BY_POWER if role in may]
    return render(request, "403.html", {"reason": str(exception), "may": who}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid CSRF token: it is too old, or came from another site."""
    text = _("This form has expired, or came from another site. Load the page again; cookies must be allowed.")
    return render(request, "403.html", {"reason": text}, status=403)
