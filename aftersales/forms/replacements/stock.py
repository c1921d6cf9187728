"""Stock: filters of its lists, and the forms of a count."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.forms.console.filters import ANY, EMPTY, LeanSelect
from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.rules.vocabulary import Disposition
from orders.models import Merchant

MOST_UNITS: Final = 1_000_000


class ShelfFilters(forms.Form):
    """Filters of the stock on hand."""

    sku = forms.CharField(label=_("SKU"), widget=forms.TextInput(attrs=EMPTY))
    merchant = forms.CharField(label=_("Merchant"), widget=forms.TextInput(attrs=EMPTY))

    def __init__(self, initial: dict[str, str]) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False)


class CameBackFilters(ShelfFilters):
    """Filters of the units that came back."""

    disposition = forms.ChoiceField(label=_("Goes to"), choices=[ANY, *Disposition.choices], widget=LeanSelect)
    since = forms.CharField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.CharField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ("disposition", "sku", "merchant", "since", "until")


class CountForm(forms.Form):
    """How many units were counted, and why the stock said otherwise."""

    counted = forms.IntegerField(
        label=_("Units counted"),
        min_value=0,
        max_value=MOST_UNITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 8}),
    )
    why = PlainTextField(
        label=_("Reason"),
        max_length=500,
        rows=2,
        help_text=_("Stays on record with your name: a count, breakage, a delivery, a mistake."),
    )


class FirstCountForm(CountForm):
    """The first count of a SKU: from then on its stock is kept here."""

    merchant = forms.ModelChoiceField(label=_("Merchant"), queryset=Merchant.objects.none())
    sku = PlainTextField(label=_("SKU"), max_length=128, help_text=_("Exactly as it stands on order lines."))
    title = PlainTextField(label=_("Item"), max_length=500, required=False)

    field_order = ("merchant", "sku", "title", "counted", "why")

    def __init__(self, *args: Any, merchants: QuerySet[Merchant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "merchant", merchants.order_by("name"))
