"""Parcels without a case: what stands on one and lies in it, and what becomes of it."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.rules.vocabulary import Disposition
from orders.models import Merchant, OrderLine

MOST_UNITS: Final = 10_000
CODE: Final = {"autocomplete": "off", "spellcheck": "false", "class": "mono"}


class RecordForm(forms.Form):
    """What somebody at the door sees."""

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
        """As scanners read it: upper case, no spaces."""
        return "".join(self.cleaned_data["waybill"].split()).upper()


class MatchForm(forms.Form):
    """A case or an order, by its number."""

    number = PlainTextField(label=_("Case number or order number"), max_length=160, widget=forms.TextInput(attrs=CODE))


class SendBackForm(forms.Form):
    """How it goes back."""

    note = PlainTextField(
        label=_("How it goes back"), max_length=500, help_text=_("Carrier and waybill, or who takes it.")
    )


class PutAwayForm(forms.Form):
    """Units of the order that are taken in, and where to; nobody is paid."""

    disposition = forms.ChoiceField(label=_("Goes to"), choices=Disposition.choices)
    note = PlainTextField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            attrs = {"inputmode": "numeric", "autocomplete": "off", "size": 6}
            self.fields[f"units-{line.pk}"] = forms.IntegerField(
                label=" ".join(part for part in (line.title, line.variant) if part),
                min_value=0,
                max_value=MOST_UNITS,
                initial=0,
                required=False,
                widget=forms.TextInput(attrs=attrs),
            )
        self.order_fields([*(f"units-{line.pk}" for line in lines), "disposition", "note"])

    @property
    def units(self) -> dict[int, int]:
        """Units per order line."""
        return {line.pk: self.cleaned_data[f"units-{line.pk}"] or 0 for line in self.lines}
