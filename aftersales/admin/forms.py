"""Forms of the admin that need more than their model says."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from aftersales.models import Policy, Reason
from aftersales.rules.vocabulary import CaseType, GoodsState

SCOPE = (
    "merchant", "reason", "category", "case_type", "channel", "currency", "buyer_level", "amount_from", "amount_below",
)  # fmt: skip
IDENTITY = ("name", "version", "effective_from", "effective_until", "note")
CLOCKS = (
    "response_hours", "response_clock", "response_floor_hours", "offer_hours", "ship_return_days", "intercept_hours",
    "receipt_days", "receipt_after_signature_hours", "inspection_hours", "refund_business_days", "rejected_days",
    "evidence_hours", "suspend_days", "first_reply_minutes", "confirm_days", "extension_days", "extension_count",
)  # fmt: skip
WINDOWS = (
    "no_reason_allowed", "no_reason_days", "quality_days", "application_count", "restocking_percent",
    "restocking_used_percent", "restocking_late_percent", "restocking_late_days", "deducts_missing_gifts",
    "reprices_bundles", "free_freight_from", "outbound_freight",
)  # fmt: skip
MONEY = (
    "returnless_below", "auto_approve_below", "authorise_below", "has_prepaid_label", "instant_below",
    "instant_buyer_level", "instant_quota", "instant_share_percent", "authority_agent", "authority_senior",
    "authority_supervisor", "authority_percent", "authority_agent_day", "authority_senior_day",
    "authority_supervisor_day", "release_above",
)  # fmt: skip
RISK = ("risk_days", "risk_case_count", "risk_refund_percent", "risk_dispute_percent")


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
        fields = (*IDENTITY, *SCOPE, *CLOCKS, *WINDOWS, *MONEY, *RISK)

    def clean(self) -> dict[str, Any]:
        """A sentence at the field for what the database would refuse: an end before the start, a scope twice."""
        data = super().clean() or {}
        since, until = data.get("effective_from"), data.get("effective_until")
        if since and until and until <= since:
            self.add_error("effective_until", _("A policy ends after it starts."))
        low, high = data.get("amount_from"), data.get("amount_below")
        if low is not None and high is not None and high <= low:
            self.add_error("amount_below", _("The upper amount lies above the lower one."))
        if not self.errors and self.instance.pk is None:
            rival = overlapping(data)
            if rival is not None:
                self.add_error("effective_from", _("%(rival)s is in force for the same scope then.") % {"rival": rival})
        return data


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
