"""What each type of case asks beyond units and money: another variant, today's price, another address, a coupon."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.cases.applications import Delivery, Swap, Wanted
from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.models import Case, CaseLine, DeliveryChange
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import ChangeKind, GivenAs
from orders.models import Order, OrderLine

ZERO = Decimal(0)
PLACES: Mapping[str, Any] = {
    "receiver_name": gettext_lazy("Receiver"),
    "receiver_phone": gettext_lazy("Phone"),
    "receiver_region": gettext_lazy("Region"),
    "receiver_address": gettext_lazy("Address"),
    "receiver_postcode": gettext_lazy("Postcode"),
}

# From the model: a text that the column can not take is refused in the form.
LONGEST = {field.name: field.max_length or 0 for field in DeliveryChange._meta.fields if field.name in PLACES}


def add_to(form: forms.Form, kind: str, order: Order, case: Case | None = None) -> None:
    """The fields of the type that do not belong to a line; filled in from the case that is asked again."""
    record = case_types.of(kind)
    if record.may_be_in_kind:
        _add_given_as(form, record.given_as, order.currency, case)
    if record.may_send_first:
        form.fields["dispatches_first"] = forms.BooleanField(
            label=_("Send the new one before the old one is back"),
            help_text=_("If the old one never comes, the buyer is charged for it."),
            required=False,
            initial=case.dispatches_first if case else False,
        )
    if record.changes:
        _add_change(form, record.changes, order, case)


def _add_given_as(form: forms.Form, ways: Iterable[GivenAs], currency: str, case: Case | None) -> None:
    form.fields["given_as"] = forms.ChoiceField(
        label=_("Given as"),
        choices=[(way.value, way.label) for way in ways],
        widget=forms.RadioSelect,
        initial=case.given_as if case else GivenAs.MONEY,
        required=False,
    )
    form.fields["freight"] = AmountField(
        currency,
        label=_("Freight that the buyer advanced"),
        help_text=_("Only for return freight: attach a photo of the receipt."),
        required=False,
    )


def _add_change(form: forms.Form, changes: Iterable[ChangeKind], order: Order, case: Case | None) -> None:
    form.fields["change"] = forms.ChoiceField(
        label=_("What is to be changed"),
        choices=[(change.value, change.label) for change in changes],
        widget=forms.RadioSelect,
        initial=case.change if case else ChangeKind.ADDRESS,
    )
    known = DeliveryChange.objects.filter(case=case).first() if case else None
    for name, label in PLACES.items():
        form.fields[name] = PlainTextField(
            label=label, max_length=LONGEST[name], required=False, initial=getattr(known or order, name)
        )


def add_to_line(form: forms.Form, kind: str, line: OrderLine, currency: str, held: CaseLine | None = None) -> None:
    """The fields of the type that belong to one line; filled in from what the case `held` before."""
    record = case_types.of(kind)
    fields: dict[str, forms.Field] = {}
    if record.compares_prices:
        fields["price"] = _price(_("Price today"), currency, held.price_now if held else None)
    if record.exchanges:
        fields |= _swap_fields(line, currency, held)
    for name, field in fields.items():
        form.fields[f"{name}_{line.pk}"] = field
        field.widget.attrs["aria-label"] = f"{field.label}: {line.title}"


def _swap_fields(line: OrderLine, currency: str, held: CaseLine | None) -> dict[str, forms.Field]:
    """Filled in with what was wanted before, else with what was bought: the commonest wish is the same once more."""
    variant, sku = (held.wanted_variant, held.wanted_sku) if held else (line.variant, line.sku)
    return {
        "variant": PlainTextField(label=_("Variant wanted"), max_length=300, required=False, initial=variant),
        "sku": PlainTextField(label=_("SKU wanted"), max_length=128, required=False, initial=sku),
        "swap": _price(_("Its price"), currency, held.wanted_price if held else None),
    }


def _price(label: str, currency: str, initial: Decimal | None) -> AmountField:
    return AmountField(currency, smallest=ZERO, label=label, required=False, initial=initial)


def of_line(form: forms.Form, pk: int) -> list[forms.BoundField]:
    """The fields of one line, as the page shows them."""
    names = (f"{each}_{pk}" for each in ("price", "variant", "sku", "swap"))
    return [form[name] for name in names if name in form.fields]


def own(form: forms.Form) -> list[forms.BoundField]:
    """The fields of the type, as the page shows them."""
    names = ("change", *PLACES, "given_as", "freight", "dispatches_first")
    return [form[name] for name in names if name in form.fields]


def wanted(data: Mapping[str, Any], pk: int, units: int) -> Wanted:
    """What is asked of one line."""
    swap = None
    if f"variant_{pk}" in data:
        swap = Swap(data[f"sku_{pk}"], data[f"variant_{pk}"], data[f"swap_{pk}"])
    return Wanted(units, data.get(f"amount_{pk}"), price_now=data.get(f"price_{pk}"), swap=swap)


def of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the application says beyond its type, reason and lines."""
    words = {name: data[name] for name in ("description", "photos") if name in data}
    return words | _of_type(data)


def _of_type(data: Mapping[str, Any]) -> dict[str, Any]:
    if "given_as" in data:
        given_as = GivenAs(data["given_as"] or GivenAs.MONEY)
        freight = (data["freight"] or ZERO) if given_as == GivenAs.FREIGHT else ZERO
        return {"given_as": given_as, "freight": freight}
    if "dispatches_first" in data:
        return {"dispatches_first": data["dispatches_first"]}
    if "change" in data:
        return {"change": ChangeKind(data["change"]), "delivery": _delivery(data)}
    return {}


def _delivery(data: Mapping[str, Any]) -> Delivery | None:
    if data["change"] != ChangeKind.ADDRESS:
        return None
    name, phone, region, address, postcode = (data[each] for each in PLACES)
    return Delivery(name, phone, region, address, postcode)


def missing(data: Mapping[str, Any]) -> dict[str, str]:
    """Fields that the type needs filled in, with a sentence each."""
    if data.get("change") == ChangeKind.ADDRESS:
        needed = [name for name in PLACES if name != "receiver_postcode"]
        return {name: _("This is needed for the new address.") for name in needed if not data.get(name)}
    if data.get("given_as") == GivenAs.FREIGHT and not data.get("freight"):
        return {"freight": _("Enter the freight that the buyer advanced.")}
    return {}


def add_missing(form: forms.Form, missing: Mapping[str, str]) -> None:
    """Refuse fields that are missing, each once: what is wrong with it already says more."""
    for name, sentence in missing.items():
        if name not in form.errors:
            form.add_error(name, sentence)
