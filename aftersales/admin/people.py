"""Users, their roles and teams."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from aftersales.models import Skill, Team, User
from aftersales.rules.vocabulary import CaseType

# Django registers groups by itself, without our look and with rights that nobody here reads.
admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):
    """Roles; the table of rights belongs to the product, so their names are fixed."""

    def has_add_permission(self, request: object) -> bool:
        """No: the table of rights in the product names the roles."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """No: the table of rights in the product names the roles."""
        return False


@admin.register(User)
class DeskUserAdmin(UserAdmin, ModelAdmin):
    """People who log in; somebody who leaves is switched off, never deleted."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "display_name", "merchant", "is_active", "last_login")
    list_filter = ("groups", "teams", "is_active")
    list_select_related = ("merchant",)
    search_fields = ("username", "display_name", "email")
    filter_horizontal = ("groups", "teams", "skills")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (
            _("Person"),
            {"fields": ("display_name", "email", "language", "theme", "time_zone", "alert_sound", "alert_desktop")},
        ),
        (_("Work"), {"fields": ("groups", "teams", "merchant", "skills", "capacity", "availability")}),
        (_("Admin"), {"fields": ("is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

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
