"""Logging in, the start page of each role, language and colours."""

import time
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from aftersales import preferences
from aftersales.actions.console import distribution
from aftersales.actions.people import second_factor as factors
from aftersales.forms.people.login import LoginForm
from aftersales.models import User
from aftersales.queries.people import second_factor
from aftersales.rules.permissions import AGENTS, AGENTS_AND_MERCHANT
from aftersales.rules.vocabulary import Availability, Role
from aftersales.views.people import confirmation

DEMO_LOGINS: Final = (
    "agent", "agent2", "senior", "supervisor", "supervisor2", "finance", "finance2", "warehouse",
    "merchant", "merchant2", "admin", "admin2",
)  # fmt: skip

HALF: Final = "_half_logged_in"  # name and password were right, the second factor is awaited
HALF_SECONDS: Final = 300
DESK_BACKEND: Final = "aftersales.queries.people.actors.DeskBackend"
# Where each role begins; whoever has several begins at the first that fits.
HOMES: Final = (
    (frozenset({Role.SUPERVISOR}), "aftersales:now"),
    (AGENTS_AND_MERCHANT, "aftersales:cases"),
    (frozenset({Role.WAREHOUSE}), "aftersales:warehouse"),
    (frozenset({Role.FINANCE}), "aftersales:finance"),
    (frozenset({Role.ADMIN}), "admin:index"),
)


class Login(LoginView):
    """The page to log in; a new session key with each login, so that one known before is worth nothing."""

    template_name = "people/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in; who has a second factor is asked for it first."""
        user = form.get_user()
        if not second_factor.is_set_up(user):
            confirmation.note(self.request, timezone.now())
            return super().form_valid(form)
        self.request.session[HALF] = [user.pk, int(time.time()), self.get_success_url()]
        return redirect("login-code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the logins of the demo shop, where there is one."""
        return super().get_context_data(**kwargs, demo_logins=demo_logins())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of a login: a code of the app, or a recovery code."""
    user_id, begun, place = request.session.get(HALF, (0, 0, ""))
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or time.time() - begun > HALF_SECONDS:
        return redirect("login")
    if request.method != "POST":
        return render(request, "people/code.html")
    if not factors.matches(user, request.POST.get("code", "")):
        return render(request, "people/code.html", {"is_wrong": True}, status=422)
    del request.session[HALF]
    login(request, user, DESK_BACKEND)
    confirmation.note(request, timezone.now())
    return redirect(place)


def demo_logins() -> list[str]:
    """Names of the demo's people that exist; none in production."""
    # A real shop may have somebody called agent; a page for strangers must not say so.
    if settings.IS_PRODUCTION:
        return []
    found = set(User.objects.filter(username__in=DEMO_LOGINS, is_active=True).values_list("username", flat=True))
    return [name for name in DEMO_LOGINS if name in found]


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead everybody to the page their work begins on."""
    roles = request.user.roles  # type: ignore[union-attr]  # logged in: checked by the decorator
    place = next((name for homes, name in HOMES if roles & homes), None)
    if place is None:
        raise PermissionDenied(_("Your login has no role yet: ask an admin."))
    return redirect(place)


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Speak another language, from now on and after the next login."""
    preferences.store_language(request.user, request.POST.get("language", ""))
    return set_language(request)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Change the colours of the console; kept with the login, or in a cookie for strangers."""
    chosen = request.POST.get("theme", "")
    preferences.store_theme(request.user, chosen)
    response = HttpResponseRedirect(_safe_next(request))
    preferences.remember(response, preferences.THEME_COOKIE, preferences.known_theme(chosen) or "auto")
    return response


@login_required
@require_POST
def availability(request: HttpRequest) -> HttpResponse:
    """Whether an agent is given cases; agents only."""
    user, chosen = cast(User, request.user), request.POST.get("availability", "")
    if not user.roles & AGENTS:
        raise PermissionDenied
    if chosen in Availability.values:
        distribution.set_availability(user, Availability(chosen), at=timezone.now())
    return HttpResponseRedirect(_safe_next(request))


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    # `next` comes from the form: without this, a link from elsewhere could lead on to its own site.
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("home")
