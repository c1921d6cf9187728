"""Policies: a new version is looked at before it is saved; one that decided cases is never rewritten."""

from typing import Any, TypeAlias

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.decorators import action

from aftersales.admin import policy_comparison
from aftersales.admin.forms import ChangedPolicyForm, PolicyForm
from aftersales.models import Policy
from aftersales.queries.policies import policy_choice, policy_fields, policy_preview, policy_standing
from aftersales.queries.policies.policy_fields import IDENTITY, RULES, SCOPE

CONFIRMED = "_preview_seen"
FieldSets: TypeAlias = "list[tuple[Any, Any]]"
DERIVED = ("standing", "since_before")


@admin.register(Policy)
class PolicyAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Versions of the rules; `?copy=ID` starts a new one from an old one."""

    form = PolicyForm
    list_display = ("name", "version", "scope", "effective_from", "effective_until", "copy_link")
    list_filter = ("name", "case_type", "merchant")
    list_select_related = ("merchant", "reason")
    search_fields = ("name",)
    actions_detail = ("new_version", "compare")
    fieldsets = (
        (None, {"fields": IDENTITY}),
        (_("Applies to (empty: to all)"), {"fields": SCOPE}),
        *((group.label, {"fields": names, "description": group.text}) for group, names in policy_fields.grouped()),
    )

    @admin.display(description=_("New version"))
    def copy_link(self, policy: Policy) -> str:
        """Leads to a new version that begins with the numbers of this one."""
        return format_html('<a href="{}">{}</a>', _copy_address(policy.pk), _("New version"))

    @admin.display(description=_("Where it stands"))
    def standing(self, policy: Policy) -> str:
        """Whether it is in force, until when, and how many cases were opened under it."""
        return policy_standing.sentence(policy, timezone.now())

    @admin.display(description=_("Changed since the version before"))
    def since_before(self, policy: Policy) -> str:
        """The rules in which it differs from the version before, each as it was and as it is."""
        before = policy_choice.version_before(policy)
        if before is None:
            return str(_("It is the first version."))
        rows = ((each.label, each.old, each.new) for each in policy_fields.changed(before, policy))
        return format_html_join("", "<div>{}: {} → <b>{}</b></div>", rows) or str(_("No rule is different."))

    @action(description=_("New version"), permissions=["new_version"])
    def new_version(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The button on the page of a version."""
        return redirect(_copy_address(object_id))

    @action(description=_("Compare versions"), url_path="compare")
    def compare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two versions side by side; `?with=ID` names the other, else it is what this one followed."""
        return policy_comparison.page(self, request, object_id)

    def has_new_version_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever may add a policy."""
        return self.has_add_permission(request)

    @admin.display(description=_("scope"))
    def scope(self, policy: Policy) -> str:
        """The parts of its scope in words, or that it applies to everything."""
        return policy_standing.scope(policy)

    def get_fieldsets(self, request: HttpRequest, obj: Policy | None = None) -> FieldSets:
        """A version that is stored says first where it stands and what it changed, and shows what it decides."""
        if obj is None:
            return [*super().get_fieldsets(request, obj)]
        groups = [
            (group.label, {"fields": names, "description": group.text}) for group, names in policy_fields.grouped(obj)
        ]
        why = () if request.method == "GET" and not self.has_change_permission(request, obj) else ("why",)
        head = [(None, {"fields": DERIVED}), (None, {"fields": (*IDENTITY, *why)}), self.fieldsets[1]]
        return [*head, *groups]

    def get_form(self, request: HttpRequest, obj: Policy | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Beside each rule what it does, and what a broader policy says instead; a change asks for its reason."""
        wider = policy_choice.broader(obj, timezone.now()) if obj else None
        kwargs = {"help_texts": policy_fields.help_texts(obj, wider)} | kwargs
        if obj is not None:
            kwargs["form"] = ChangedPolicyForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> tuple[str, ...]:
        """A version that decided cases keeps its numbers: only its end and its note may change."""
        if obj is None or not _has_decided(obj):
            return DERIVED
        # A case refers to the version by which it was decided; its numbers are the reason of that decision.
        return (*DERIVED, "name", "version", "effective_from", *SCOPE, *RULES)

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        """Only a version that decided no case, since cases refer to the one they were opened under."""
        return obj is not None and not _has_decided(obj) and super().has_delete_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A copy of the version named in the address, one version up and in force from now."""
        source = Policy.objects.filter(
            pk=request.GET.get("copy", "0") if request.GET.get("copy", "").isdigit() else 0
        ).first()
        if source is None:
            return {"version": 1, "effective_from": timezone.now()}
        last = Policy.objects.filter(name=source.name).order_by("-version").values_list("version", flat=True).first()
        identity = {"name": source.name, "version": (last or 0) + 1, "effective_from": timezone.now()}
        return policy_fields.copied(source) | identity

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what a valid version would decide differently, and save it when that was seen."""
        if request.method == "POST" and CONFIRMED not in request.POST and self.has_add_permission(request):
            candidate = self._candidate(request, object_id)
            if candidate is not None:
                return self._preview(request, candidate)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Policy, form: ModelForm, change: bool) -> None:
        """The version in force of the same name and scope ends where the new one starts."""
        with transaction.atomic():
            # First the old one ends, or the exclusion constraint refuses the new one: docs/adr/0004.
            if not change:
                _end_previous(obj)
            # Where simple-history looks for it; its stubs know no such attribute.
            setattr(obj, "_change_reason", form.cleaned_data.get("why") or obj.note[:100])  # noqa: B010 -- see above
            super().save_model(request, obj, form, change)

    def _candidate(self, request: HttpRequest, object_id: str | None) -> Policy | None:
        stored = self.get_object(request, object_id) if object_id else None
        form = self.get_form(request, stored, change=stored is not None)(request.POST, instance=stored)
        if not form.is_valid():
            return None
        with transaction.atomic():
            candidate: Policy = form.save(commit=False)
            if stored is None:
                _end_previous(candidate)
            candidate.save()
            # Saved for a moment only: the database alone knows whether another version of this scope is in force then.
            transaction.set_rollback(True)
        candidate.pk = stored.pk if stored else None
        return candidate

    def _preview(self, request: HttpRequest, candidate: Policy) -> HttpResponse:
        seen = policy_preview.preview(candidate, timezone.now())
        before = policy_choice.compared_with(candidate)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What %(policy)s would change") % {"policy": candidate},
            "before": before,
            "changed": policy_fields.changed(before, candidate) if before else [],
            "preview": seen,
            "changes": seen.changes[:100],
            "posted": [(key, value) for key, values in request.POST.lists() for value in values],
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "policies/admin_preview.html", context)


def _has_decided(policy: Policy) -> bool:
    return policy.cases.exists() or policy.case_lines.exists()


def _copy_address(pk: int | str) -> str:
    return f"{reverse('admin:aftersales_policy_add')}?copy={pk}"


def _end_previous(policy: Policy) -> None:
    scope = {name: getattr(policy, name) for name in SCOPE}
    running = Policy.objects.filter(name=policy.name, effective_from__lt=policy.effective_from, **scope).exclude(
        pk=policy.pk
    )
    running.filter(effective_until__isnull=True).update(effective_until=policy.effective_from)
