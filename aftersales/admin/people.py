"""Users, their roles and teams."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from aftersales.actions.people import accounts
from aftersales.models import AccountTouch, RoleRequest, Skill, Team, User
from aftersales.models.people.accounts import TouchKind
from aftersales.rules.vocabulary import CaseType, Role
from orders.readonly import ReadOnlyAdmin

# Django registers groups by itself, without our look and with rights that nobody here reads.
admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):
    """Roles; the table of rights belongs to the product, so their names are fixed."""

    def has_add_permission(self, request: object) -> bool:
        """No: the table of rights in the product names the roles."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """No: a role under another's name would be that one's."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """No: the table of rights in the product names the roles."""
        return False


class PersonForm(UserChangeForm):
    """An account; its password and roles have their own ways, in which an admin is never both persons."""

    password = None  # type: ignore[assignment]  # how Django takes a field away

    def clean_merchant(self) -> Any:
        """The merchant; ValidationError when somebody of a merchant would have none."""
        merchant = self.cleaned_data["merchant"]
        if merchant is None and Role.MERCHANT in self.instance.roles:
            raise forms.ValidationError(_("Somebody with the role of a merchant needs the merchant they work for."))
        return merchant


class NewPersonForm(forms.ModelForm):
    """A new account, without password and roles: the page “People” leads on."""

    class Meta:
        model = User
        fields = ("username", "display_name", "email", "merchant", "language")

    def save(self, commit: bool = True) -> Any:
        """The account, with which nobody can log in yet."""
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class DeskUserAdmin(UserAdmin, ModelAdmin):
    """People who log in; somebody who leaves is switched off, never deleted."""

    form = PersonForm
    add_form = NewPersonForm
    add_fieldsets = ((None, {"fields": NewPersonForm.Meta.fields}),)
    list_display = ("username", "display_name", "merchant", "is_active", "last_login")
    list_filter = ("groups", "teams", "is_active")
    list_select_related = ("merchant",)
    search_fields = ("username", "display_name", "email")
    filter_horizontal = ("teams", "skills")
    fieldsets = (
        (None, {"fields": ("username", "is_active")}),
        (
            _("Person"),
            {"fields": ("display_name", "email", "language", "theme", "time_zone", "alert_sound", "alert_desktop")},
        ),
        (_("Work"), {"fields": ("groups", "teams", "merchant", "skills", "capacity", "availability")}),
        (_("Admin"), {"fields": ("is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("groups", "is_staff", "is_superuser", "last_login", "date_joined")

    def get_urls(self) -> list[URLPattern]:
        """Those of any model: Django's own page would set another's password."""
        return ModelAdmin.get_urls(self)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; that somebody was switched on or off is on record."""
        super().save_model(request, obj, form, change)
        if not change or "is_active" in form.changed_data:
            note = "+" if obj.is_active else "-"
            accounts.touch(obj.pk, TouchKind.ACCESS, request.user.pk, at=timezone.now(), note=note)

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """No: the log of cases names people for ever."""
        return False


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    """Teams and the merchants they serve."""

    list_display = ("name", "distribution", "absent_minutes", "idle_minutes")
    filter_horizontal = ("merchants",)


class SkillForm(forms.ModelForm):
    """Types of cases as boxes to tick."""

    types = forms.MultipleChoiceField(
        label=_("types of cases"), choices=CaseType.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Skill
        fields = ("name_en", "name_zh", "types")


@admin.register(Skill)
class SkillAdmin(ModelAdmin):
    """What people are trained for; cases of these types are handed only to them."""

    form = SkillForm
    list_display = ("name_en", "name_zh", "types")


@admin.register(AccountTouch)
class AccountTouchAdmin(ReadOnlyAdmin):
    """Who changed whose password, second factor, roles or access."""

    list_display = ("at", "account", "kind", "by", "note")
    list_filter = ("kind",)
    list_select_related = ("account", "by")


@admin.register(RoleRequest)
class RoleRequestAdmin(ReadOnlyAdmin):
    """Who asked for which role, and who granted it; acted on in the page “People”."""

    list_display = ("asked_at", "account", "role", "asked_by", "status", "decided_by", "decided_at", "taken_at", "why")
    list_filter = ("status", "role")
    list_select_related = ("account", "asked_by", "decided_by")
