"""Policies: a new version is looked at before it is saved; one that decided cases is never rewritten."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from aftersales.admin.forms import CLOCKS, IDENTITY, MONEY, RISK, SCOPE, WINDOWS, PolicyForm
from aftersales.models import Policy
from aftersales.queries.policies import policy_preview

CONFIRMED = "_preview_seen"


@admin.register(Policy)
class PolicyAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Versions of the rules; `?copy=ID` starts a new one from an old one."""

    form = PolicyForm
    list_display = ("name", "version", "scope", "effective_from", "effective_until")
    list_filter = ("name", "case_type", "merchant")
    list_select_related = ("merchant", "reason")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": IDENTITY}),
        (_("Applies to (empty: to all)"), {"fields": SCOPE}),
        (_("Clocks"), {"fields": CLOCKS}),
        (_("Windows and fees"), {"fields": WINDOWS}),
        (_("Money and authority"), {"fields": MONEY}),
        (_("A buyer's record"), {"fields": RISK}),
    )

    @admin.display(description=_("scope"))
    def scope(self, policy: Policy) -> str:
        """The parts of its scope in words, or that it applies to everything."""
        named = [str(getattr(policy, name)) for name in SCOPE if getattr(policy, name) not in (None, "")]
        return " · ".join(named) or str(_("everything"))

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> tuple[str, ...]:
        """A version that decided cases keeps its numbers: only its end and its note may change."""
        if obj is None or not obj.cases.exists():
            return ()
        # A case refers to the version by which it was decided; its numbers are the reason of that decision.
        return ("name", "version", "effective_from", *SCOPE, *CLOCKS, *WINDOWS, *MONEY, *RISK)

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        """Only a version that decided no case, since cases refer to the one they were opened under."""
        return obj is not None and not obj.cases.exists() and super().has_delete_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A copy of the version named in the address, one version up and in force from now."""
        source = Policy.objects.filter(
            pk=request.GET.get("copy", "0") if request.GET.get("copy", "").isdigit() else 0
        ).first()
        if source is None:
            return {"version": 1, "effective_from": timezone.now()}
        copied = {name: getattr(source, name) for name in (*SCOPE, *CLOCKS, *WINDOWS, *MONEY, *RISK)}
        copied |= {"merchant": source.merchant_id, "reason": source.reason_id, "name": source.name}
        last = Policy.objects.filter(name=source.name).order_by("-version").values_list("version", flat=True).first()
        return copied | {"version": (last or 0) + 1, "effective_from": timezone.now()}

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
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What %(policy)s would change") % {"policy": candidate},
            "preview": seen,
            "changes": seen.changes[:100],
            "posted": [(key, value) for key, values in request.POST.lists() for value in values],
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "policies/admin_preview.html", context)


def _end_previous(policy: Policy) -> None:
    scope = {name: getattr(policy, name) for name in SCOPE}
    running = Policy.objects.filter(name=policy.name, effective_from__lt=policy.effective_from, **scope).exclude(
        pk=policy.pk
    )
    running.filter(effective_until__isnull=True).update(effective_until=policy.effective_from)
