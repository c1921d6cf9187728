"""Canned replies and macros of everybody; what is no longer used is archived, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from aftersales.models import Macro, MacroStep, Reason, Reply
from aftersales.rules.conversation import placeholders
from aftersales.rules.vocabulary import OPEN, CaseType

TICKED = UnfoldAdminCheckboxSelectMultipleWidget
COUNTED = ("used_count", "last_used_at", "changed_at", "changed_by")


class ToolForm(forms.ModelForm):
    """Types and reasons are ticked; placeholders in texts must be known ones."""

    case_types = forms.MultipleChoiceField(choices=CaseType.choices, widget=TICKED, required=False)
    reasons = forms.MultipleChoiceField(widget=TICKED, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("case_types", "reasons"):
            self.fields[name].label = self._meta.model._meta.get_field(name).verbose_name
        reasons: Any = self.fields["reasons"]
        reasons.choices = [(reason.code, reason.name) for reason in Reason.objects.filter(is_active=True)]


class ReplyForm(ToolForm):
    """A canned reply in both languages."""

    class Meta:
        model = Reply
        fields = (
            "scope", "owner", "team", "title_zh", "body_zh", "title_en", "body_en", "shortcut", "case_types",
            "reasons", "categories", "archived_at",
        )  # fmt: skip

    def clean_body_zh(self) -> str:
        """ValidationError when a placeholder in braces is none that we fill in."""
        return _known_placeholders(self.cleaned_data["body_zh"])

    def clean_body_en(self) -> str:
        """ValidationError when a placeholder in braces is none that we fill in."""
        return _known_placeholders(self.cleaned_data["body_en"])


class MacroForm(ToolForm):
    """A macro with the states it is offered in."""

    statuses = forms.MultipleChoiceField(
        choices=[(status.value, status.label) for status in OPEN], widget=TICKED, required=False
    )

    class Meta:
        model = Macro
        fields = ("scope", "owner", "team", "title_zh", "title_en", "case_types", "statuses", "reasons", "archived_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statuses"].label = _("states")


class StepForm(forms.ModelForm):
    """One step; the database says which fields its kind has."""

    class Meta:
        model = MacroStep
        fields = (
            "position", "kind", "text_zh", "text_en", "percent", "amount", "currency", "terms", "reject_reason", "whom",
            "team", "ticks",
        )  # fmt: skip

    def clean_text_zh(self) -> str:
        """ValidationError when a placeholder in braces is none that we fill in."""
        return _known_placeholders(self.cleaned_data["text_zh"])

    def clean_text_en(self) -> str:
        """ValidationError when a placeholder in braces is none that we fill in."""
        return _known_placeholders(self.cleaned_data["text_en"])


def _known_placeholders(text: str) -> str:
    wrong = placeholders.misspelt(text)
    if wrong:
        raise forms.ValidationError(wrong)
    return text


class StepInline(StackedInline):
    """The steps of a macro, in the order in which they are done."""

    model = MacroStep
    form = StepForm
    extra = 0


class ToolAdmin(ModelAdmin):
    """Tools record who changed them last; they are archived and never deleted."""

    list_display = ("title", "scope", "owner", "team", "used_count", "last_used_at", "changed_by", "archived_at")
    list_filter = ("scope", "team")
    list_select_related = ("owner", "team", "changed_by")
    search_fields: tuple[str, ...] = ("title_en", "title_zh")
    readonly_fields = COUNTED

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """No: a tool is archived instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who changed it, and when."""
        obj.changed_by, obj.changed_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Reply)
class ReplyAdmin(ToolAdmin):
    """Canned replies."""

    form = ReplyForm
    search_fields = ("title_en", "title_zh", "shortcut", "body_en", "body_zh")


@admin.register(Macro)
class MacroAdmin(ToolAdmin):
    """Macros with their steps."""

    form = MacroForm
    inlines = (StepInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Count the version up, so that a rehearsal that somebody is looking at is refused as out of date."""
        obj.version += bool(change)
        super().save_model(request, obj, form, change)
