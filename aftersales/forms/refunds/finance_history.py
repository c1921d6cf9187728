"""What finance looks for in its history."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.console.filters import ANY, LeanSelect
from aftersales.forms.fields import PlainTextField, offer_choices
from aftersales.rules.vocabulary import RefundStatus
from orders import money
from orders.models import Merchant
from orders.models.posting import Account

CURRENCIES: Final = [ANY, *((code, code) for code in sorted(money.MINOR_UNITS))]
DAY: Final = {"type": "date"}


class HistoryForm(forms.Form):
    """The controls above the history: period, state, gateway, merchant, sum, reference."""

    reference = PlainTextField(
        label=_("Reference"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("refund, case, order, bank"), "size": 18}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    state = forms.ChoiceField(label=_("State"), choices=[ANY, *RefundStatus.choices], required=False, widget=LeanSelect)
    account = forms.ChoiceField(label=_("Account"), choices=[ANY, *Account.choices], required=False, widget=LeanSelect)
    gateway = forms.ChoiceField(label=_("Gateway"), required=False, widget=LeanSelect)
    merchant = forms.ChoiceField(label=_("Merchant"), required=False, widget=LeanSelect)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, required=False, widget=LeanSelect)
    least = forms.DecimalField(label=_("Sum from"), min_value=0, max_digits=16, decimal_places=4, required=False)
    most = forms.DecimalField(label=_("Sum to"), min_value=0, max_digits=16, decimal_places=4, required=False)

    def __init__(self, data: Mapping[str, Any], *, gateways: Iterable[str], has_entries: bool) -> None:
        super().__init__(data, auto_id="f_%s", use_required_attribute=False)
        offer_choices(self, "gateway", [ANY, *((name, name) for name in gateways)])
        shops = Merchant.objects.order_by("name").values_list("pk", "name")
        offer_choices(self, "merchant", [ANY, *((str(pk), name) for pk, name in shops)])
        # An entry has no state and came through no gateway; a refund stands on no account.
        for name in ("state", "gateway") if has_entries else ("account",):
            del self.fields[name]
        for name in ("least", "most"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8})

    def clean(self) -> dict[str, Any]:
        """The period and the sums run upwards."""
        found = super().clean() or {}
        for low, high in (("since", "until"), ("least", "most")):
            if None not in (found.get(low), found.get(high)) and found[low] > found[high]:
                self.add_error(high, _("This comes before the beginning."))
        return found

    @property
    def chosen(self) -> dict[str, Any]:
        """What is asked for and could be read; what could not stands beside its field."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "merchant" in found:
            found["merchant"] = int(found["merchant"])
        return found

    @property
    def address(self) -> dict[str, str]:
        """The same as texts, for the links of the page."""
        return {name: _text(value) for name, value in self.chosen.items()}


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
