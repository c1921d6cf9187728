"""Asking for a role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField
from aftersales.models import User
from aftersales.models.people.accounts import GRANTED


class AskRoleForm(forms.Form):
    """Who gets which role, and why."""

    account = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("username"), label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=GRANTED)
    why = PlainTextField(label=_("Why"), max_length=300)
