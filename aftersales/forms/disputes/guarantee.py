"""What moves on a guarantee account."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.models.disputes.guarantee_movement import MovementKind
from orders import money

CURRENCIES: Final = [(code, code) for code in sorted(money.MINOR_UNITS)]


class MovementForm(forms.Form):
    """A transfer by its sum and the bank's reference."""

    kind = forms.ChoiceField(label=_("What happened"), choices=MovementKind.choices, widget=forms.RadioSelect)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    reference = PlainTextField(
        label=_("Reference of the transfer"),
        max_length=64,
        help_text=_("From the bank's statement, so that anybody can look it up."),
    )
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = str(self.data.get("currency", "")) if self.is_bound else str(self.initial.get("currency", ""))
        self.fields["amount"] = AmountField(currency if currency in money.MINOR_UNITS else "CNY")
        self.order_fields(["kind", "currency", "amount", "reference", "note"])
