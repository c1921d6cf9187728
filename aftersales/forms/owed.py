"""Money owed: what its list is narrowed by, how it was paid, why it is given up."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField
from aftersales.forms.filters import ANY, LeanSelect
from aftersales.models import Demand


class OwedFilters(forms.Form):
    """The controls of the list."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *Demand.Kind.choices], widget=LeanSelect)
    debtor = forms.ChoiceField(label=_("Owed by"), choices=[ANY, *Demand.Party.choices], widget=LeanSelect)

    def __init__(self, initial: dict[str, str]) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False)


class SettleForm(forms.Form):
    """Under which reference it was paid."""

    reference = PlainTextField(
        label=_("Reference of the payment"),
        max_length=128,
        help_text=_("From the bank or wallet, so that anybody can look it up."),
    )
    note = PlainTextField(label=_("Note"), max_length=500, required=False)


class WaiveForm(forms.Form):
    """Why it is not asked for any more."""

    why = PlainTextField(label=_("Why it is not asked for any more"), max_length=500, rows=2)
