"""An outage as a supervisor declares it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import MomentField, PlainTextField


class OutageForm(forms.Form):
    """From when until when people could not reach us, and why."""

    started_at = MomentField(label=gettext_lazy("From"))
    ended_at = MomentField(label=gettext_lazy("Until"))
    reason = PlainTextField(label=gettext_lazy("What happened"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """It started before it ended, and is over."""
        data: dict[str, Any] = self.cleaned_data
        start: datetime | None = data.get("started_at")
        end: datetime | None = data.get("ended_at")
        if start and end and not start < end <= timezone.now():
            raise ValidationError(_("An outage starts before it ends, and has ended."))
        return data
