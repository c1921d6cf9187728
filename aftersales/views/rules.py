"""The rules page: the transition table and the policy numbers in force, for everybody who works here."""

from typing import cast

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aftersales.models import Policy, Reason, User
from aftersales.queries import policies, states
from aftersales.queries.visibility import SEES_ALL
from aftersales.views.access import page


@require_safe
@page("rules")
def rules(request: HttpRequest) -> HttpResponse:
    """States, moves, reasons and numbers; `?policy=ID` shows them under another policy in force."""
    in_force = _shown_to(cast(User, request.user))
    chosen = request.GET.get("policy", "")
    policy = next((each for each in in_force if str(each.pk) == chosen), in_force.first())
    context = {
        "policies": in_force,
        "policy": policy,
        "states": states.states(policy) if policy else [],
        "moves": states.moves(policy) if policy else [],
        "numbers": states.policy_numbers(policy) if policy else [],
        "refund_life": states.refund_life(),
        "reasons": Reason.objects.filter(is_active=True),
    }
    return render(request, "rules/rules.html", context)


def _shown_to(user: User) -> QuerySet[Policy]:
    """Policies in force, the general one first; merchants see those that can concern them."""
    shown = policies.in_force(timezone.now()).order_by(F("merchant_id").asc(nulls_first=True), "name", "-version")
    if user.roles & SEES_ALL or user.merchant_id is None:
        return shown
    return shown.filter(Q(merchant__isnull=True) | Q(merchant=user.merchant_id))
