"""Receivables: what their list is narrowed by, how one was paid, why one is waived."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.forms.console.filters import ANY, LeanSelect
from aftersales.forms.fields import AmountField, PlainTextField, offer_rows
from aftersales.models import Case, Receivable
from logistics.models import Parcel


class ReceivableFilters(forms.Form):
    """The controls above the list: kind and debtor."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *Receivable.Kind.choices], widget=LeanSelect)
    debtor = forms.ChoiceField(label=_("Owed by"), choices=[ANY, *Receivable.Party.choices], widget=LeanSelect)

    def __init__(self, initial: dict[str, str]) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False)


class SettleForm(forms.Form):
    """The reference under which it was paid."""

    reference = PlainTextField(
        label=_("Reference of the payment"),
        max_length=128,
        help_text=_("From the bank or wallet, so that anybody can look it up."),
    )
    note = PlainTextField(label=_("Note"), max_length=500, required=False)


class WaiveForm(forms.Form):
    """Why the receivable is waived."""

    why = PlainTextField(label=_("Why it is not asked for any more"), max_length=500, rows=2)


class ParcelChoice(forms.ModelChoiceField):
    """Parcels by carrier and waybill."""

    def label_from_instance(self, parcel: Any) -> str:
        """Which way it goes, who carries it, its waybill."""
        return f"{parcel.get_direction_display()} · {parcel.carrier} {parcel.waybill}"


class ClaimForm(forms.Form):
    """Loss or damage claimed on the carrier of a parcel."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(kind.value, kind.label) for kind in (Receivable.Kind.CARRIER_LOSS, Receivable.Kind.CARRIER_DAMAGE)],
    )
    parcel = ParcelChoice(queryset=None, label=_("Parcel"))
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, case: Case, parcels: QuerySet[Parcel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "parcel", parcels)
        self.fields["amount"] = AmountField(case.currency, largest=case.order.paid_amount, label=_("Amount claimed"))
        self.order_fields(["kind", "parcel", "amount", "note"])
