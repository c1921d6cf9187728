"""Switches and balances of the test bank."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import AmountField, PlainTextField
from orders.gateways import sandbox
from orders.gateways.base import PLATFORM_ACCOUNT
from orders.models import Merchant
from orders.money import MINOR_UNITS


class FaultsForm(forms.Form):
    """One field per fault: when it strikes, and how much."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = sandbox.faults()
        for name, label in sandbox.FAULTS.items():
            self.fields[name] = PlainTextField(label=label, max_length=20, required=False, initial=on.get(name, "off"))
            self.fields[name].widget.attrs |= {"class": "mono", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        """Accept only values that the switches can read."""
        data: dict[str, Any] = self.cleaned_data
        for name in [*data]:
            try:
                sandbox.parse(name, data[name] or "off")
            except sandbox.BadFault as bad:
                self.add_error(name, ValidationError(str(bad)))
        return data

    def store(self) -> None:
        """Set the changed faults; one that was left alone keeps the count of strikes it has left."""
        for name in self.changed_data:
            sandbox.set_fault(name, self.cleaned_data[name] or "off")


class BalanceForm(forms.Form):
    """What a merchant can still give back at the bank."""

    merchant = PlainTextField(label=gettext_lazy("Merchant's code"), max_length=64)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in sorted(MINOR_UNITS)])
    amount = PlainTextField(label=gettext_lazy("Amount"), max_length=30, required=False)
    way = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            ("top_up", gettext_lazy("Top up by this amount")),
            ("limit", gettext_lazy("Limit to this amount")),
            ("unlimited", gettext_lazy("No limit")),
        ],
    )

    def clean_merchant(self) -> str:
        """The code of a merchant that exists, or that of the platform's own account."""
        code: str = self.cleaned_data["merchant"]
        if code != PLATFORM_ACCOUNT and not Merchant.objects.filter(code=code).exists():
            raise ValidationError(_("There is no merchant “%(code)s”."), params={"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        """Require an amount of the currency, unless the limit is taken away."""
        data: dict[str, Any] = self.cleaned_data
        if "currency" in data and data.get("way") != "unlimited":
            try:
                data["amount"] = AmountField(data["currency"], smallest=Decimal(0)).clean(data.get("amount"))
            except ValidationError as bad:
                self.add_error("amount", bad)
        return data

    def store(self) -> None:
        """Top up or limit the balance at the bank."""
        data = self.cleaned_data
        code, currency = data["merchant"], data["currency"]
        if data["way"] == "top_up":
            sandbox.top_up(code, data["amount"], currency)
        else:
            sandbox.set_balance(code, data["amount"] if data["way"] == "limit" else None, currency)

    @property
    def done(self) -> str:
        """What to say afterwards."""
        return _("The balance at the test bank is changed.")
