"""Asking for money or a return: all that is known is filled in, only what is possible is offered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.asking import Application, Wanted
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.queries.applying import LineOffer, Option, ReasonOffer
from aftersales.rules.phrases import money_text
from orders import money
from orders.models import Order


@dataclass(frozen=True)
class Row:
    """A line of the form: what it offers, and its two fields where it offers something."""

    offer: LineOffer
    units: forms.BoundField | None = None
    amount: forms.BoundField | None = None


class ApplyForm(forms.Form):
    """Reason, units and money per line, what happened, photos."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    description = PlainTextField(label=gettext_lazy("What happened"), rows=3, max_length=2000, required=False)
    photos = MultiplePhotoField(label=gettext_lazy("Photos"), required=False)

    def __init__(self, order: Order, option: Option, *args: Any, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.option = order, option
        self.offers = {offer.line.pk: offer for offer in option.open_lines}
        offer_choices(self, "reason", [(fit.reason.code, fit.reason.name) for fit in option.reasons])
        for offer in self.offers.values():
            self._offer(offer, self._asked_at_first(offer, chosen))

    @property
    def rows(self) -> Iterator[Row]:
        """Every line of the order, those that can not be asked for too."""
        for offer in self.option.lines:
            pk = offer.line.pk
            yield Row(offer, self[f"units_{pk}"], self[f"amount_{pk}"]) if pk in self.offers else Row(offer)

    @property
    def reasons(self) -> Iterator[tuple[forms.boundfield.BoundWidget, ReasonOffer]]:
        """Each choice with what it means."""
        return zip(self["reason"].subwidgets, self.option.reasons, strict=True)

    def clean(self) -> dict[str, Any]:
        """Something is asked, no more than it is worth, with the photo that the reason needs."""
        cleaned = super().clean() or {}
        for pk, offer in self.offers.items():
            self._judge(offer, cleaned.get(f"units_{pk}") or 0, cleaned.get(f"amount_{pk}"))
        if not self.errors and not any(cleaned.get(f"units_{pk}") for pk in self.offers):
            raise ValidationError(_("Choose at least one item."))
        fit = self._fit(cleaned.get("reason", ""))
        if fit and fit.reason.needs_photo and not cleaned.get("photos") and "photos" not in self.errors:
            self.add_error("photos", _("“%(reason)s” needs a photo.") % {"reason": fit.reason.name})
        return cleaned

    def application(self) -> Application:
        """What was asked, of a form without errors."""
        fit = self._fit(self.cleaned_data["reason"])
        assert fit is not None
        wanted = {
            pk: Wanted(units, self.cleaned_data[f"amount_{pk}"])
            for pk in self.offers
            if (units := self.cleaned_data[f"units_{pk}"])
        }
        return Application(
            order_id=self.order.pk,
            type=self.option.type,
            reason=fit.reason,
            lines=wanted,
            description=self.cleaned_data["description"],
            photos=self.cleaned_data["photos"],
        )

    def _offer(self, offer: LineOffer, units: int) -> None:
        line, currency = offer.line, self.order.currency
        units_label = _("Units of %(title)s") % {"title": line.title}
        amount_label = _("Amount for %(title)s") % {"title": line.title}
        self.fields[f"units_{line.pk}"] = forms.IntegerField(
            label=units_label, min_value=0, max_value=line.units_left, required=False, initial=units
        )
        self.fields[f"amount_{line.pk}"] = AmountField(
            currency, label=amount_label, required=False, initial=plain_amount(offer.worth(units, currency), currency)
        )
        recalculates = {"hx-post": "", "hx-trigger": "change"}
        self.fields[f"units_{line.pk}"].widget.attrs |= {"aria-label": units_label, **recalculates}
        self.fields[f"amount_{line.pk}"].widget.attrs |= {"aria-label": amount_label}

    def _asked_at_first(self, offer: LineOffer, chosen: int | None) -> int:
        if chosen is not None:
            return offer.line.units_left if offer.line.pk == chosen else 0
        is_whole = len(self.offers) == 1 or self.order.shipped_at is None
        return offer.line.units_left if is_whole else 0

    def _judge(self, offer: LineOffer, units: int, amount: Decimal | None) -> None:
        name, currency = f"amount_{offer.line.pk}", self.order.currency
        if amount is None or self.errors.get(f"units_{offer.line.pk}"):
            return
        most = offer.worth(units, currency)
        if not units:
            self.add_error(f"units_{offer.line.pk}", _("Say how many, or clear the amount."))
        elif amount > most:
            terms = {"most": money_text(most, currency), "units": units}
            self.add_error(name, _("At most %(most)s for %(units)d of it.") % terms)

    def _fit(self, code: str) -> ReasonOffer | None:
        return next((fit for fit in self.option.reasons if fit.reason.code == code), None)


def recalculated(form: ApplyForm, typed: Mapping[str, str], changed: str = "") -> dict[str, Any]:
    """What was typed, with the amounts of the units that changed worked out anew; of all lines when none is named."""
    values: dict[str, Any] = {name: typed.get(name, "") for name in form.fields if name != "photos"}
    for pk, offer in form.offers.items():
        if changed in ("", f"units_{pk}"):
            worth = offer.worth(_units(values[f"units_{pk}"]), form.order.currency)
            values[f"amount_{pk}"] = plain_amount(worth, form.order.currency)
    return values


def plain_amount(amount: Decimal, currency: str) -> str:
    """An amount as it is typed, 100.00; nothing for nothing."""
    return f"{amount:.{money.MINOR_UNITS[currency]}f}" if amount else ""


def asked_in_all(form: ApplyForm) -> Decimal:
    """Sum of the amounts in the form as they stand, and of the freight that goes with the last items."""
    order, currency = form.order, form.order.currency
    total, units = Decimal(0), 0
    for pk in form.offers:
        total += _amount(form[f"amount_{pk}"].value(), currency)
        units += _units(form[f"units_{pk}"].value())
    is_last = units == sum(offer.line.units_left for offer in form.option.lines)
    return total + (order.freight_left if is_last and order.shipped_at is None else Decimal(0))


def _amount(typed: Any, currency: str) -> Decimal:
    try:
        return money.parse_amount(str(typed or ""), currency)
    except money.BadAmount:
        return Decimal(0)


def _units(typed: Any) -> int:
    text = str(typed if typed is not None else "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 0
