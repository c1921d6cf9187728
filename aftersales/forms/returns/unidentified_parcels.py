"""Parcels without a case: what is recorded of one, and the ways to settle it."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.forms.returns.receipts import unit_count
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.rules.vocabulary import Disposition
from orders.models import Merchant, OrderLine

CODE: Final = {"autocomplete": "off", "spellcheck": "false", "class": "mono"}


class RecordForm(forms.Form):
    """What can be seen of a parcel that nobody announced."""

    merchant = forms.ModelChoiceField(label=_("Merchant"), queryset=Merchant.objects.none())
    carrier = PlainTextField(label=_("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(label=_("Waybill"), max_length=64, widget=forms.TextInput(attrs=CODE))
    contents = PlainTextField(label=_("What is inside"), max_length=500, rows=2)
    note = PlainTextField(
        label=_("Note"), max_length=500, required=False, help_text=_("Names, numbers, a slip inside.")
    )
    photos = MultiplePhotoField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, merchants: QuerySet[Merchant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "merchant", merchants.order_by("name"))

    def clean_waybill(self) -> str:
        """The waybill in upper case and without spaces, as scanners read it."""
        return "".join(self.cleaned_data["waybill"].split()).upper()


class MatchForm(forms.Form):
    """The number of a case or an order."""

    number = PlainTextField(label=_("Case number or order number"), max_length=160, widget=forms.TextInput(attrs=CODE))


class SendBackForm(forms.Form):
    """In which way the parcel goes back to its sender."""

    note = PlainTextField(
        label=_("How it goes back"), max_length=500, help_text=_("Carrier and waybill, or who takes it.")
    )


class PutAwayForm(forms.Form):
    """Units of the parcel's order that go into stock without a refund, and their disposition."""

    disposition = forms.ChoiceField(label=_("Goes to"), choices=Disposition.choices)
    note = PlainTextField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            title = " ".join(part for part in (line.title, line.variant) if part)
            self.fields[f"units-{line.pk}"] = unit_count(label=title, initial=0, required=False)
        self.order_fields([*(f"units-{line.pk}" for line in lines), "disposition", "note"])

    @property
    def units(self) -> dict[int, int]:
        """Units by id of the order line."""
        return {line.pk: self.cleaned_data[f"units-{line.pk}"] or 0 for line in self.lines}
