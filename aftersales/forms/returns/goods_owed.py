"""Goods that go back to the buyer: sent, left to us, or set aside when they arrive."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.actions.returns.goods.goods_aside import Aside
from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.forms.returns.receipts import unit_count
from aftersales.forms.returns.unidentified_parcels import CODE
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import GoodsOwed
from aftersales.rules.vocabulary import Disposition
from orders.models import OrderLine


class SendForm(forms.Form):
    """The parcel that takes the goods to the buyer; what it cost, where the buyer has to pay it back."""

    carrier = PlainTextField(label=_("Carrier"), max_length=60)
    waybill = PlainTextField(label=_("Waybill"), max_length=64, widget=forms.TextInput(attrs=CODE))
    note = PlainTextField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, goods: GoodsOwed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if goods.payer == "buyer":
            self.fields["freight"] = AmountField(
                goods.case.currency,
                label=_("Freight paid for the buyer"),
                required=False,
                help_text=_("Empty if the buyer pays the carrier at the door. What you enter is owed by the buyer."),
            )
            self.order_fields(["carrier", "waybill", "freight", "note"])

    @property
    def freight(self) -> Decimal:
        """What was paid in the buyer's place."""
        return self.cleaned_data.get("freight") or Decimal(0)


class LeaveForm(forms.Form):
    """Where goods go that the buyer leaves to us, and how the buyer said so."""

    disposition = forms.ChoiceField(
        label=_("Goes to"), choices=[each for each in Disposition.choices if each[0] != Disposition.TO_BUYER]
    )
    note = PlainTextField(
        label=_("How the buyer agreed"), max_length=500, help_text=_("A message, a call, with its date.")
    )


class AsideForm(forms.Form):
    """Goods that the case does not take: units of the order, or something else by name; and the parcel they came in."""

    other = PlainTextField(label=_("Other goods"), max_length=300, required=False)
    other_units = unit_count(label=_("Units of the other goods"), required=False)
    carrier = PlainTextField(label=_("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(label=_("Waybill"), max_length=64, required=False, widget=forms.TextInput(attrs=CODE))
    photos = MultiplePhotoField(label=_("Photos"), required=False)
    note = PlainTextField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            title = " ".join(part for part in (line.title, line.variant) if part)
            label = _("Set aside: %(title)s") % {"title": title}
            self.fields[f"units-{line.pk}"] = unit_count(label=label, initial=0, required=False)
        self.order_fields([f"units-{line.pk}" for line in lines])

    @property
    def aside(self) -> Aside:
        """What is set aside, as it was typed."""
        said = self.cleaned_data
        return Aside(
            units={line.pk: said[f"units-{line.pk}"] or 0 for line in self.lines},
            other=said["other"],
            other_units=said["other_units"] or 0,
            carrier=said["carrier"],
            waybill=said["waybill"],
            note=said["note"],
            photos=said["photos"] or (),
        )
