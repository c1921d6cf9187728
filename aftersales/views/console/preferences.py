"""The settings of a person: language, time, look, keys."""

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
    """All settings on one page; they hold from the next page on."""
    user = cast(User, request.user)
    form = _form(request, user)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form.save())
    alerts = AlertsForm(instance=user) if user.roles & PAGES["cases"] else None
    context = {"form": form, "alerts": alerts}
    return render(request, "console/settings.html", context, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, user: User) -> PreferencesForm:
    return PreferencesForm(
        request.POST if request.method == "POST" else None,
        instance=User.objects.get(pk=user.pk),  # not the request's own: a refused choice must not show on this page
        at=timezone.now(),
        has_keys=preferences.has_keys(request),
        home=preferences.home_zone(user) or site.TIME_ZONE,
    )


def _saved(request: HttpRequest, user: User) -> HttpResponse:
    """Back to the page; the cookies tell pages on which nobody is logged in, the login page above all."""
    response = redirect("settings")
    # The message is shown on the next page, which is in the new language already.
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
    """Turn single keys on or off, from the list of keys."""
    are_on = request.POST.get("keys") == "on"
    preferences.store_keys(request.user, are_on=are_on)
    response = HttpResponse(status=204)
    preferences.remember(response, preferences.KEYS_COOKIE, "on" if are_on else "off")
    return response
