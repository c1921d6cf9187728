"""A payment that the buyer's bank disputes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.models.disputes.payment_dispute import DisputeKind
from orders import money
from orders.models import Payment


class DisputeForm(forms.Form):
    """What the bank has written: the sum, at most the payment, under its reference."""

    kind = forms.ChoiceField(label=_("What the bank says"), choices=DisputeKind.choices, widget=forms.RadioSelect)
    reference = PlainTextField(
        label=_("Bank's reference"), max_length=64, help_text=_("The number of the dispute in the bank's letter.")
    )
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        whole = money.rounded(payment.captured, payment.currency)
        kwargs.setdefault("initial", {"kind": DisputeKind.DISPUTED, "amount": whole})
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(payment.currency, largest=payment.captured, label=_("Sum disputed"))
        self.order_fields(["kind", "amount", "reference", "note"])
