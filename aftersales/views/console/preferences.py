"""How somebody wants the console: one page of settings, the switch of single keys, the tour."""

from typing import cast

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from aftersales import preferences
from aftersales.forms.console.alerts import AlertsForm
from aftersales.forms.console.preferences import PreferencesForm
from aftersales.models import User
from aftersales.rules.permissions import PAGES


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Everything that can be chosen; saved at once, in force on the next page."""
    user = cast(User, request.user)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        instance=User.objects.get(pk=user.pk),  # one of its own: a refused choice must not show on this page
        at=timezone.now(),
        has_keys=preferences.has_keys(request),
    )
    context = {"form": form, "alerts": AlertsForm(instance=user) if user.roles & PAGES["cases"] else None}
    if request.method != "POST":
        return render(request, "console/settings.html", context)
    if not form.is_valid():
        return render(request, "console/settings.html", context, status=422)
    return _kept(request, form.save())


def _kept(request: HttpRequest, user: User) -> HttpResponse:
    response = redirect("settings")
    with translation.override(user.language or translation.get_language()):
        messages.success(request, _("Your settings are kept."))
    preferences.remember(response, preferences.THEME_COOKIE, user.theme or "auto")
    preferences.remember(response, preferences.KEYS_COOKIE, "on" if user.single_keys else "off")
    if user.language:
        preferences.remember(response, site.LANGUAGE_COOKIE_NAME, user.language)
    return response


@login_required
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Single keys on or off, from the list of keys."""
    are_on = request.POST.get("keys") == "on"
    preferences.keep_keys(request.user, are_on=are_on)
    response = HttpResponse(status=204)
    preferences.remember(response, preferences.KEYS_COOKIE, "on" if are_on else "off")
    return response
