"""Modify and apply again: what was asked before is filled in, only what is still possible is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.cases.applications import Application
from aftersales.forms.cases import type_details
from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import CaseLine, Reason
from aftersales.queries.cases import applications
from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import ASKING_MONEY_BACK
from aftersales.rules.vocabulary import CaseType
from orders import money
from orders.models import OrderLine

ZERO = Decimal(0)


@dataclass(frozen=True)
class Askable:
    """One order line with what this case may ask of it: units and money left, its own holdings included."""

    line: OrderLine
    units: int
    amount: Decimal
    units_field: forms.BoundField
    fields: list[forms.BoundField]


class ReapplyForm(MoveForm):
    """Terms, reason, items, description and photos of the next application."""

    type = forms.ChoiceField(label=gettext_lazy("What is asked"), widget=forms.RadioSelect)
    reason = forms.ModelChoiceField(Reason.objects.none(), label=gettext_lazy("Reason"), empty_label=None)
    description = PlainTextField(label=gettext_lazy("Description"), rows=3, max_length=2000, required=False)
    photos = MultiplePhotoField(label=gettext_lazy("Photos"), required=False)

    def shape(self) -> None:
        """Types and reasons that the goods and the window allow, units and money that are left."""
        self._offer_reasons()
        held = {row.order_line_id: row for row in self.case.lines.all()}
        self.limits: list[tuple[OrderLine, int, Decimal]] = []
        for line in self.case.order.lines.order_by("position"):
            self._offer_line(line, held.get(line.pk))
        type_details.add_to(self, self.case.type, self.case.order, self.case)
        self.initial.setdefault("type", self.case.type)
        self.initial.setdefault("reason", self.case.reason_id)
        self.initial.setdefault("description", self.case.description)

    def _offer_reasons(self) -> None:
        case = self.case
        fitting = applications.fitting_again(case, self._types(), self.at)
        types = [kind for kind, fit in fitting.items() if fit]
        reasons = {reason.pk for fit in fitting.values() for reason in fit}
        offer_choices(self, "type", [(kind.value, kind.label) for kind in types])
        offer_rows(self, "reason", Reason.objects.filter(pk__in=reasons))
        if case.type not in types and types:
            self.initial.setdefault("type", types[0])

    def _types(self) -> tuple[CaseType, ...]:
        """A return may become a refund and the other way round; other types change by converting."""
        kinds = ASKING_MONEY_BACK
        return kinds if self.case.type in kinds else (CaseType(self.case.type),)

    def _offer_line(self, line: OrderLine, held: CaseLine | None) -> None:
        units = self._most_units(line, held)
        if not units:
            return
        amount = line.amount_left + (held.amount_held if held else ZERO)
        self.limits.append((line, units, amount))
        self.fields[f"units_{line.pk}"] = forms.IntegerField(
            label=_("Units"), min_value=0, max_value=units, required=False, initial=_asked(held)
        )
        type_details.add_to_line(self, self.case.type, line, self.case.currency, held)
        if case_types.of(self.case.type).takes_amount:
            self.fields[f"amount_{line.pk}"] = self._amount_field(amount, held)

    def _most_units(self, line: OrderLine, held: CaseLine | None) -> int:
        """What is left of the line with what this case holds of it; for money alone the units that the buyer keeps."""
        if not case_types.of(self.case.type).holds_units:
            return line.quantity - line.units_settled - line.units_elsewhere
        return line.units_left + (held.units_held if held else 0)

    def _amount_field(self, most: Decimal, held: CaseLine | None) -> AmountField:
        currency = self.case.currency
        initial = money.rounded(held.amount, currency) if held and held.amount else None
        return AmountField(currency, smallest=ZERO, largest=most, required=False, label=_("Amount"), initial=initial)

    @property
    def lines(self) -> Iterator[Askable]:
        """The lines with their fields, as the page shows them."""
        for line, units, amount in self.limits:
            money_field = [self[f"amount_{line.pk}"]] if f"amount_{line.pk}" in self.fields else []
            fields = [*money_field, *type_details.of_line(self, line.pk)]
            yield Askable(line, units, amount, self[f"units_{line.pk}"], fields)

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of the type that belong to no line."""
        return type_details.own(self)

    def clean(self) -> dict[str, Any]:
        """At least one unit is asked for, and what the type needs is filled in."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(f"units_{line.pk}") for line, _units, _amount in self.limits):
            raise ValidationError(_("Choose at least one item."))
        type_details.add_missing(self, type_details.missing(cleaned))
        return cleaned

    def terms(self) -> dict[str, Any]:
        """The fields, and the application that they make."""
        return {**super().terms(), "application": self.application()}

    def application(self) -> Application:
        """What the buyer asks now; an empty amount asks for all that the units are worth."""
        data = self.cleaned_data
        units = {line.pk: data.get(f"units_{line.pk}") for line, _units, _amount in self.limits}
        return Application(
            order_id=self.case.order_id,
            type=CaseType(data["type"]),
            reason=data["reason"],
            lines={pk: type_details.wanted(data, pk, count) for pk, count in units.items() if count},
            **type_details.of(data),
        )


def _asked(held: CaseLine | None) -> int:
    """Units of the round before; of money alone those it was asked for."""
    if held is None:
        return 0
    return held.units_held or (held.units if held.amount_held else 0)
