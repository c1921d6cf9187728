"""People: links for passwords, requests for roles and the second admin's answer; admins only."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from aftersales.actions.people import accounts
from aftersales.forms.people.roles import AskRoleForm
from aftersales.models import AccountTouch, RoleRequest, User
from aftersales.models.people.accounts import RoleStatus
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from aftersales.views import submissions
from aftersales.views.access import actor, page
from orders.refusals import Refused

Verb = Callable[[int, Actor, datetime, HttpRequest], object]


def _take(pk: int, by: Actor, at: datetime, request: HttpRequest) -> object:
    name = request.POST.get("role", "")
    if name not in Role.values:
        raise Refused(_("Choose a role."))
    return accounts.take_role(pk, Role(name), by=by, at=at)


ACTS: Final[dict[str, tuple[Verb, object]]] = {
    "take": (_take, gettext_lazy("The role is taken; every session of this person has ended.")),
    "factor": (
        lambda pk, by, at, _request: accounts.remove_second_factor(pk, by=by, at=at),
        gettext_lazy("The second factor is removed; every session of this person has ended."),
    ),
}


@page("people")
@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Everybody with a login, what waits for a second admin, and what was changed lately."""
    return _shown(request)


@page("people")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a role for somebody."""
    form = AskRoleForm(request.POST)
    if not form.is_valid():
        return _shown(request, form=form, status=422)
    asked, by, at = form.cleaned_data, actor(request), timezone.now()
    return submissions.perform(
        request,
        lambda: _done(accounts.ask_role(asked["account"].pk, Role(asked["role"]), by=by, at=at, why=asked["why"])),
        again=lambda refusal: _shown(request, refusal, form),
        done=_("Asked: another admin has to grant it."),
    )


@page("people")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or decline a request for a role."""
    get_object_or_404(RoleRequest, pk=pk)
    is_granted = request.POST.get("verdict") == "grant"
    verb = accounts.grant if is_granted else accounts.decline
    return submissions.perform(
        request,
        lambda: _done(verb(pk, by=actor(request), at=timezone.now())),
        again=lambda refusal: _shown(request, refusal),
        done=_("Granted.") if is_granted else _("Declined."),
    )


@page("people")
@never_cache
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Make a link for a password, take a role, remove a lost second factor."""
    account, by, at = get_object_or_404(User, pk=pk), actor(request), timezone.now()
    if act == "link":
        return _link(request, account, by, at)
    if act not in ACTS:
        raise Http404
    run, done = ACTS[act]
    return submissions.perform(
        request,
        lambda: _done(run(pk, by, at, request)),
        again=lambda refusal: _shown(request, refusal),
        done=done,
    )


def _link(request: HttpRequest, account: User, by: Actor, at: datetime) -> HttpResponse:
    """The link, on this answer only: nobody finds it again."""
    try:
        link = request.build_absolute_uri(accounts.make_link(account.pk, by=by, at=at))
    except Refused as refusal:
        return _shown(request, refusal, status=submissions.status_of(refusal))
    if settings.MAIL_IS_SET_UP and account.email:
        send_mail(_("Set your password"), link, None, [account.email])
        return _shown(request, linked=account, mailed=True)
    return _shown(request, linked=account, link=link)


def _done(_result: object) -> str:
    return reverse("people")


def _shown(
    request: HttpRequest,
    refusal: Refused | None = None,
    form: AskRoleForm | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    people = User.objects.prefetch_related("groups").select_related("merchant").order_by("-is_active", "username")
    context = {
        "people": [(user, user.roles_of(group.name for group in user.groups.all())) for user in people],
        "waiting": RoleRequest.objects.filter(status=RoleStatus.PENDING).select_related("account", "asked_by"),
        "touches": AccountTouch.objects.select_related("account", "by")[:20],
        "form": form or AskRoleForm(),
        "refusal": refusal,
        **more,
    }
    return render(request, "people/people.html", context, status=status)
