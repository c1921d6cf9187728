"""Asking for money or a return: all that is known is filled in, only what is possible is offered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.cases.applications import Application
from aftersales.forms.cases import type_details
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.queries.cases.applications import LineOffer, Option
from aftersales.queries.orders.reason_offers import ReasonOffer
from aftersales.rules.cases import case_types, compensation
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import ChangeKind
from orders import money
from orders.models import Order


@dataclass(frozen=True)
class Row:
    """A line of the form: what it offers, and its fields where it offers something."""

    offer: LineOffer
    units: forms.BoundField | None = None
    amount: forms.BoundField | None = None
    more: list[forms.BoundField] = field(default_factory=list)


class ApplyForm(forms.Form):
    """Reason, units and money per line, what happened, photos."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    description = PlainTextField(
        label=gettext_lazy("Description of the problem"), rows=3, max_length=2000, required=False
    )
    photos = MultiplePhotoField(label=gettext_lazy("Photos"), required=False)

    def __init__(self, order: Order, option: Option, *args: Any, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.option, self.kind = order, option, case_types.of(option.type)
        self.offers = {offer.line.pk: offer for offer in option.open_lines}
        offer_choices(self, "reason", [(fit.reason.code, fit.reason.name) for fit in option.reasons])
        for offer in self.offers.values():
            self._offer(offer, self._asked_at_first(offer, chosen))
            type_details.add_to_line(self, option.type, offer.line, order.currency)
        type_details.add_to(self, option.type, order)

    @property
    def rows(self) -> Iterator[Row]:
        """Every line of the order, those that can not be asked for too."""
        for offer in self.option.lines:
            pk = offer.line.pk
            if pk not in self.offers:
                yield Row(offer)
                continue
            amount = self[f"amount_{pk}"] if f"amount_{pk}" in self.fields else None
            yield Row(offer, self[f"units_{pk}"], amount, type_details.of_line(self, pk))

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of the type that belong to no line."""
        return type_details.own(self)

    @property
    def is_whole(self) -> bool:
        """Whether the type is about the order as it is, not about some of its items."""
        return bool(self.kind.changes)

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
        type_details.add_missing(self, type_details.missing(cleaned))
        self._judge_reason(cleaned)
        self._judge_photos(cleaned)
        return cleaned

    def _judge_reason(self, cleaned: dict[str, Any]) -> None:
        fit = self._fit(cleaned.get("reason", ""))
        against = fit.refusal([pk for pk in self.offers if cleaned.get(f"units_{pk}")]) if fit else ""
        if against:
            self.add_error("reason", against)

    def _judge_photos(self, cleaned: dict[str, Any]) -> None:
        fit = self._fit(cleaned.get("reason", ""))
        if fit and fit.reason.needs_photo and not cleaned.get("photos") and "photos" not in self.errors:
            self.add_error("photos", _("“%(reason)s” needs a photo.") % {"reason": fit.reason.name})

    def application(self) -> Application:
        """What was asked, of a form without errors."""
        data, fit = self.cleaned_data, self._fit(self.cleaned_data["reason"])
        assert fit is not None
        units = {pk: self._asked_units(pk) for pk in self.offers}
        return Application(
            order_id=self.order.pk,
            type=self.option.type,
            reason=fit.reason,
            lines={pk: type_details.wanted(data, pk, count) for pk, count in units.items() if count},
            **type_details.of(data),
        )

    def _asked_units(self, pk: int) -> int:
        """Another address is for the whole order, whatever was typed."""
        if self.cleaned_data.get("change") == ChangeKind.ADDRESS:
            return self.offers[pk].units(self.option.type)
        return self.cleaned_data[f"units_{pk}"] or 0

    def _offer(self, offer: LineOffer, units: int) -> None:
        self._offer_units(offer, units)
        if self.kind.takes_amount:
            self._offer_amount(offer, units)

    def _offer_units(self, offer: LineOffer, units: int) -> None:
        label, most = _("Units of %(title)s") % {"title": offer.line.title}, offer.units(self.option.type)
        field = forms.IntegerField(label=label, min_value=0, max_value=most, required=False, initial=units)
        field.widget.attrs |= {"aria-label": label}
        if self.kind.takes_amount and not self.kind.compensates:
            # Other units are worth another sum: the form is drawn anew with it.
            field.widget.attrs |= {"hx-post": "", "hx-trigger": "change"}
        self.fields[f"units_{offer.line.pk}"] = field

    def _offer_amount(self, offer: LineOffer, units: int) -> None:
        label, currency = _("Amount for %(title)s") % {"title": offer.line.title}, self.order.currency
        amount = Decimal(0) if self.kind.compensates else offer.worth(units, currency)
        field = AmountField(currency, label=label, required=False, initial=plain_amount(amount, currency))
        field.widget.attrs |= {"aria-label": label}
        self.fields[f"amount_{offer.line.pk}"] = field

    def _asked_at_first(self, offer: LineOffer, chosen: int | None) -> int:
        most = offer.units(self.option.type)
        if chosen is not None and not self.is_whole:
            return most if offer.line.pk == chosen else 0
        # Who cancels before shipping means the whole order; of several items nobody knows which one is meant.
        is_whole = len(self.offers) == 1 or self.order.dispatched is None or self.is_whole
        return most if is_whole else 0

    def _judge(self, offer: LineOffer, units: int, amount: Decimal | None) -> None:
        name, currency = f"amount_{offer.line.pk}", self.order.currency
        if amount is None or self.errors.get(f"units_{offer.line.pk}"):
            return
        most = offer.worth(units, currency) if self.kind.holds_units else offer.line.amount_left
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
        if f"amount_{pk}" in form.fields and changed in ("", f"units_{pk}"):
            worth = offer.worth(_units(values[f"units_{pk}"]), form.order.currency)
            values[f"amount_{pk}"] = plain_amount(worth, form.order.currency)
    return values


def plain_amount(amount: Decimal, currency: str) -> str:
    """An amount as it is typed, 100.00; nothing for nothing."""
    return f"{amount:.{money.MINOR_UNITS[currency]}f}" if amount else ""


def asked_in_all(form: ApplyForm) -> Decimal:
    """Sum of the amounts in the form as they stand, and of the freight that goes with the last items."""
    order = form.order
    total, units = Decimal(0), 0
    for pk in form.offers:
        asked = _units(form[f"units_{pk}"].value())
        total += _asked(form, pk, asked)
        units += asked
    if not form.kind.holds_units:
        return total
    is_last = units == sum(offer.line.units_left for offer in form.option.lines)
    return total + (order.freight_left if is_last and order.dispatched is None else Decimal(0))


def _asked(form: ApplyForm, pk: int, units: int) -> Decimal:
    """The amount typed for a line; where none is typed, what the units are worth."""
    currency = form.order.currency
    if f"amount_{pk}" in form.fields:
        return _amount(form[f"amount_{pk}"].value(), currency)
    worth = form.offers[pk].worth(units, currency)
    if f"price_{pk}" not in form.fields:
        return worth
    typed = form[f"price_{pk}"].value()
    if typed in (None, ""):
        return Decimal(0)
    return compensation.price_difference(worth, _amount(typed, currency), units, currency)


def _amount(typed: Any, currency: str) -> Decimal:
    try:
        return money.parse_amount(str(typed or ""), currency)
    except money.BadAmount:
        return Decimal(0)


def _units(typed: Any) -> int:
    text = str(typed if typed is not None else "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 0
