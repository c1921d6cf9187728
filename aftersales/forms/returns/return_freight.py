"""What the buyer paid for the way back, with the receipt."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import Case


class ReturnFreightForm(forms.Form):
    """A sum up to the ceiling of the policy, and a photo of the carrier's receipt."""

    photos = MultiplePhotoField(label=_("The carrier's receipt"))
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ceiling = case.policy.return_freight_ceiling
        self.fields["amount"] = AmountField(case.currency, largest=ceiling, label=_("Paid to the carrier"))
        self.order_fields(["amount", "photos", "note"])
