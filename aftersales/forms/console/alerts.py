"""How somebody wants to be told of what happens while they look elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.models import User


class AlertsForm(forms.ModelForm):
    """A sound, a message of the desktop, both or neither."""

    class Meta:
        model = User
        fields = ("alert_sound", "alert_desktop")
        help_texts = {
            "alert_sound": _("Two soft tones."),
            "alert_desktop": _("Shows the number of the case, nothing of what was written. The browser asks once."),
        }
