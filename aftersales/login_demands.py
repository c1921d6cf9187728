"""Who moves money logs in with a second factor, where the settings demand it: without it no other page opens."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aftersales.models import User
from aftersales.queries.people import second_factor
from aftersales.rules.permissions import MONEY_ROLES

Handler = Callable[[HttpRequest], HttpResponseBase]
OPEN: Final = ("/account/", "/logout/", "/language/", "/theme/", "/static/", "/healthz")
HAS_FACTOR: Final = "_has_second_factor"


def second_factor_demanded(get_response: Handler) -> Handler:
    """Middleware: lead whoever still lacks the second factor to the page that sets it up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SECOND_FACTOR_DEMANDED and not request.path.startswith(OPEN) and _lacks_it(request):
            messages.warning(request, _("Your role moves money: set up a second factor first."))
            return redirect("account")
        return get_response(request)

    return middleware


def _lacks_it(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
        return False
    if not request.user.roles & MONEY_ROLES:
        return False
    # Kept in the session, which ends when an admin removes the factor: no page pays for a query.
    if not request.session.get(HAS_FACTOR):
        request.session[HAS_FACTOR] = second_factor.is_set_up(request.user)
    return not request.session[HAS_FACTOR]
