"""Two versions of a policy side by side, rule by rule."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.models import Policy
from aftersales.queries.policies import policy_choice, policy_fields, policy_standing
from aftersales.queries.policies.policy_fields import SCOPE, Text


@dataclass(frozen=True)
class Row:
    """One rule in both versions."""

    name: str
    label: Text
    left: Text
    right: Text
    is_decided: bool

    @property
    def differs(self) -> bool:
        """Whether both decide it, and otherwise."""
        return self.is_decided and str(self.left) != str(self.right)


def page(admin: "ModelAdmin[Policy]", request: HttpRequest, object_id: str) -> HttpResponse:
    """The version of the address on the right, the other one that was chosen on the left."""
    policy = get_object_or_404(Policy, pk=object_id)
    if not admin.has_view_permission(request, policy):
        raise PermissionDenied
    chosen = request.GET.get("with", "")
    others = Policy.objects.exclude(pk=policy.pk).order_by("name", "-version")
    other = others.filter(pk=chosen if chosen.isdigit() else 0).first() or _usual(policy) or others.first()
    context = {
        **admin.admin_site.each_context(request),
        "opts": Policy._meta,
        "title": _("Compare versions"),
        "policy": policy,
        "other": other,
        "others": others,
        "standing": [policy_standing.sentence(each, timezone.now()) for each in (other, policy) if each],
        "groups": _groups(other, policy) if other else [],
    }
    return TemplateResponse(request, "policies/admin_comparison.html", context)


def _usual(policy: Policy) -> Policy | None:
    return policy_choice.version_before(policy) or policy_choice.broader(policy, timezone.now())


def _groups(left: Policy, right: Policy) -> list[tuple[Text, list[Row]]]:
    groups: list[tuple[Any, tuple[str, ...]]] = [(_("Applies to (empty: to all)"), SCOPE)]
    groups += [(group.label, names) for group, names in policy_fields.grouped()]
    return [(label, [_row(name, left, right) for name in names]) for label, names in groups]


def _row(name: str, left: Policy, right: Policy) -> Row:
    is_decided = name in SCOPE or (left.decides(name) and right.decides(name))
    label = policy_fields.FIELDS[name].verbose_name
    return Row(name, label, _said(left, name), _said(right, name), is_decided)


def _said(policy: Policy, name: str) -> Text:
    if name in SCOPE:
        return policy_fields.scoped(policy, name)
    return policy_fields.value(policy, name) if policy.decides(name) else _("not decided here")
