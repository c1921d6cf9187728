"""Forms of the admin that need more than their model says."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from aftersales.models import Policy, Reason
from aftersales.queries.policies import policy_fields
from aftersales.queries.policies.policy_fields import SCOPE
from aftersales.rules.vocabulary import CaseType, GoodsState


class ReasonForm(forms.ModelForm):
    """Types and states of goods are ticked."""

    case_types = forms.MultipleChoiceField(
        label=_("case types"), choices=CaseType.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    goods_states = forms.MultipleChoiceField(
        label=_("when the goods are"), choices=GoodsState.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = Reason
        fields = (
            "code", "name_en", "name_zh", "problem_class", "case_types", "goods_states", "categories", "fault",
            "freight_payer", "compensation_percent", "needs_photo", "is_no_reason", "sop_en", "sop_zh", "position",
            "is_active",
        )  # fmt: skip


class PolicyForm(forms.ModelForm):
    """A version of a policy; periods of one scope may not overlap."""

    class Meta:
        model = Policy
        fields = tuple(policy_fields.FIELDS)

    def clean(self) -> dict[str, Any]:
        """A sentence at the field for what the database would refuse: an end before the start, a scope twice."""
        data = super().clean() or {}
        since, until = data.get("effective_from"), data.get("effective_until")
        if since and until and until <= since:
            self.add_error("effective_until", _("A policy ends after it starts."))
        low, high = data.get("amount_from"), data.get("amount_below")
        if low is not None and high is not None and high <= low:
            self.add_error("amount_below", _("The upper amount lies above the lower one."))
        if data.get("ground"):
            data["no_reason_allowed"] = False
        self._refuse_known_version(data)
        if not self.errors and self.instance.pk is None:
            rival = overlapping(data)
            if rival is not None:
                self.add_error("effective_from", _("%(rival)s is in force for the same scope then.") % {"rival": rival})
        return data

    def _refuse_known_version(self, data: dict[str, Any]) -> None:
        """A name and version that stand already; said here, so that it says what to do."""
        others = Policy.objects.filter(name=data.get("name", "")).exclude(pk=self.instance.pk)
        versions = set(others.values_list("version", flat=True))
        if data.get("version") not in versions:
            return
        words = {"policy": f"{data['name']} v{data['version']}", "next": max(versions) + 1}
        self.add_error(
            "version",
            _(
                "%(policy)s is there already, and cases may have been decided by it. The next version is %(next)d: "
                "“New version” in the list of policies begins it with the numbers that are in force."
            )
            % words,
        )


class ChangedPolicyForm(PolicyForm):
    """A version that is stored: whoever changes it says why, and the history keeps it."""

    why = forms.CharField(
        label=_("Reason for the change"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The history shows it beside what was changed, by whom and when."),
    )


def overlapping(data: dict[str, Any]) -> Policy | None:
    """A version of the same scope in force at the same time; one that this one will end is none."""
    since, until = data["effective_from"], data.get("effective_until")
    in_force_then = Q(effective_until__isnull=True) | Q(effective_until__gt=since)
    rivals = Policy.objects.filter(in_force_then, _same_scope(data), _same_amounts(data))
    # An open end of the same policy is closed when this version is saved.
    replaced = Q(name=data["name"], effective_from__lt=since, effective_until__isnull=True)
    return (rivals.filter(effective_from__lt=until) if until else rivals).exclude(replaced).first()


def _same_scope(data: dict[str, Any]) -> Q:
    scope = {name: data.get(name) for name in SCOPE if name not in ("amount_from", "amount_below")}
    # NULL is equal to nothing in SQL, so what is not set is asked for by itself.
    absent = {f"{name}__isnull": True for name, value in scope.items() if value is None}
    return Q(**{name: value for name, value in scope.items() if value is not None}, **absent)


def _same_amounts(data: dict[str, Any]) -> Q:
    """Versions whose range of amounts meets this one; for any amount at all only those for any amount, too."""
    low, high = data.get("amount_from"), data.get("amount_below")
    # A policy for a range beats one for any amount, so these two never collide.
    any_amount = Q(amount_from__isnull=True, amount_below__isnull=True)
    if low is None and high is None:
        return any_amount
    found = ~any_amount
    if high is not None:
        found &= Q(amount_from__isnull=True) | Q(amount_from__lt=high)
    if low is not None:
        found &= Q(amount_below__isnull=True) | Q(amount_below__gt=low)
    return found
