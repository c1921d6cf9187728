"""The rules: the transition table and the policy numbers in force, for everybody who works here; one rule alone."""

from typing import Any, cast

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.models import Policy, Reason, User
from aftersales.queries.policies import policy_choice, rule_text, state_tables
from aftersales.queries.visibility import SEES_ALL
from aftersales.rules.policies import exclusions
from aftersales.rules.refunds import freight
from aftersales.views.access import DeskRequest, page


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
        "refund_life": state_tables.refund_life(),
        "reasons": Reason.objects.filter(is_active=True),
        **(_tables(policy, _of_cases(policy)) if policy else {"states": [], "moves": [], "groups": []}),
    }
    return render(request, "policies/rules/rules.html", context)


def _of_cases(policy: Policy) -> Policy:
    """Whose clocks are shown: those of a category or a reason come from the policy for all."""
    return (policy_choice.general(timezone.now()) or policy) if policy.is_for_items else policy


def _tables(policy: Policy, of_cases: Policy) -> dict[str, Any]:
    exclusion = exclusions.SENTENCES[policy.ground] if policy.ground else ""
    return {
        "states": state_tables.states(of_cases),
        "moves": state_tables.moves(of_cases),
        "groups": state_tables.policy_groups(policy),
        "of_cases": of_cases,
        "exclusion": exclusion,
    }


@require_safe
@page("rules")
@vary_on_headers("HX-Request")
def rule(request: DeskRequest, topic: str, pk: int) -> HttpResponse:
    """One rule in the words and numbers of a policy, in force or not any more; to a script the words alone."""
    policy = get_object_or_404(_may_read(request.user), pk=pk)
    text = rule_text.of(topic, policy)
    if text is None:
        raise Http404
    applied = freight.why(request.GET.get("rule", "")) if topic == "freight" else ""
    is_over = policy.effective_until is not None and policy.effective_until <= timezone.now()
    context = {"text": text, "policy": policy, "applied": applied, "is_over": is_over}
    return render(request, "policies/rules/_rule.html" if request.htmx else "policies/rules/rule.html", context)


def _may_read(user: User) -> QuerySet[Policy]:
    """Policies of any time whose rules a person may read; merchants read those that can concern them."""
    return _concerning(user, Policy.objects.all())


def _shown_to(user: User) -> QuerySet[Policy]:
    """Policies in force, the general one first; merchants see those that can concern them."""
    shown = policy_choice.in_force(timezone.now()).order_by(
        F("merchant_id").asc(nulls_first=True),
        "ground",
        "category",
        F("reason").asc(nulls_first=True),
        "name",
        "-version",
    )
    return _concerning(user, shown)


def _concerning(user: User, policies: QuerySet[Policy]) -> QuerySet[Policy]:
    # What another shop was granted is between that shop and the platform.
    if user.roles & SEES_ALL or user.merchant_id is None:
        return policies
    return policies.filter(Q(merchant__isnull=True) | Q(merchant=user.merchant_id))
