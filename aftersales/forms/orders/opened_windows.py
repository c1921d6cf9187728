"""For which reason a buyer may ask once more, until which day, and why."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.models import Reason
from aftersales.models.policies.opened_window import LONGEST
from aftersales.rules.policies import shop_day

DAY: Final = {"type": "date"}


class OpenWindowForm(forms.Form):
    """A reason, the last day, and the cause in writing."""

    reason = forms.ModelChoiceField(label=gettext_lazy("Reason"), queryset=Reason.objects.none(), empty_label=None)
    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("It ends by itself."),
    )
    why = PlainTextField(
        label=gettext_lazy("Why it is opened"), max_length=500, rows=2, help_text=gettext_lazy("This goes on record.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer_rows(self, "reason", Reason.objects.filter(is_active=True))

    def clean_until(self) -> date:
        """A day from today on, within a year: the year is easily mistyped."""
        day: date = self.cleaned_data["until"]
        if not self.today <= day < self.today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    @property
    def until_moment(self) -> datetime:
        """The end of the chosen day, by the shop's clock."""
        last: datetime = shop_day.start(self.cleaned_data["until"] + timedelta(days=1))
        return last
