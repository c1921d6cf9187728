"""The page of one's own account: password, second factor, recovery codes; and the one-use link to a first password."""

from typing import Any, cast

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.people import accounts
from aftersales.actions.people import second_factor as factors
from aftersales.models import User
from aftersales.queries.people import second_factor as known
from aftersales.views.people import confirmation


class SetPassword(PasswordResetConfirmView):
    """Somebody sets their own password under a link that works once."""

    template_name = "people/password_set.html"
    token_generator = accounts.LINKS
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it; every session of the account ends."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is set: log in with it."))
        return response


@login_required
@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Password and second factor."""
    return _shown(request)


@login_required
@never_cache
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions end, this one stays."""
    form = PasswordChangeForm(cast(User, request.user), request.POST)
    if not form.is_valid():
        return _shown(request, form=form, status=422)
    update_session_auth_hash(request, form.save())
    messages.success(request, _("Your password is changed; you are logged out everywhere else."))
    return redirect("account")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmation.confirmed_again
def second_factor(request: HttpRequest) -> HttpResponse:
    """Scan the code with an app, then prove it; answers the recovery codes, this once."""
    user = cast(User, request.user)
    if known.is_set_up(user):
        return redirect("account")
    is_wrong = False
    if request.method == "POST":
        codes = factors.confirm(user, request.POST.get("code", "").strip())
        if codes:
            return render(request, "people/recovery_codes.html", {"codes": codes})
        is_wrong = True
    address = factors.begin(user).config_url
    drawn = segno.make(address, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=3)
    context = {"drawn": drawn, "secret": _secret(address), "is_wrong": is_wrong}
    return render(request, "people/second_factor.html", context, status=422 if is_wrong else 200)


@login_required
@never_cache
@require_POST
@confirmation.confirmed_again
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    user = cast(User, request.user)
    if not known.is_set_up(user):
        return redirect("account")
    return render(request, "people/recovery_codes.html", {"codes": factors.recovery_codes(user)})


@login_required
@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove one's own second factor, after a code of it."""
    user = cast(User, request.user)
    if not factors.matches(user, request.POST.get("code", "")):
        return _shown(request, wrong_code=True, status=422)
    factors.forget(user)
    request.session.pop("_has_second_factor", None)
    messages.success(request, _("The second factor is removed."))
    return redirect("account")


def _shown(
    request: HttpRequest, form: PasswordChangeForm | None = None, *, wrong_code: bool = False, status: int = 200
) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "form": form or PasswordChangeForm(user),
        "has_factor": known.is_set_up(user),
        "wrong_code": wrong_code,
        "touches": user.touches.select_related("by")[:10],
    }
    return render(request, "people/account.html", context, status=status)


def _secret(address: str) -> str:
    return address.partition("secret=")[2].partition("&")[0]
