"""A case becomes another type, is split, or merged: what each of these asks the person for."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.cases.reshaping import successors
from aftersales.forms.cases import type_details
from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices, offer_rows
from aftersales.models import Case, CaseLine, Reason
from aftersales.queries.cases import applications
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import CaseType
from orders import money


class ConvertForm(MoveForm):
    """Another type, its reason, and what that type asks; another choice of the type draws the form anew."""

    type = forms.ChoiceField(label=gettext_lazy("Goes on as"), widget=forms.RadioSelect)
    reason = forms.ModelChoiceField(Reason.objects.none(), label=gettext_lazy("Reason"), empty_label=None)
    why = PlainTextField(label=gettext_lazy("Note on the record"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Types that the goods and the window allow; reasons and fields of the one that is chosen."""
        kinds = [kind for kind in CaseType if kind != self.case.type]
        self.fitting = {kind: fit for kind, fit in applications.fitting_again(self.case, kinds, self.at).items() if fit}
        self.kind = self._chosen()
        self._offer_types()
        self._offer_reasons()
        self.parts = [line for line in self.case.lines.all() if successors.units_of(self.case, line)]
        if self.kind:
            self._ask_more()
        self.move_to_end("why")

    def _offer_types(self) -> None:
        offer_choices(self, "type", [(kind.value, kind.label) for kind in self.fitting])
        self.fields["type"].widget.attrs |= self._redraws()
        self.initial["type"] = self.kind

    def _offer_reasons(self) -> None:
        rows = {reason.pk for reason in self.fitting.get(CaseType(self.kind), [])} if self.kind else set[int]()
        offer_rows(self, "reason", Reason.objects.filter(pk__in=rows))
        self.initial.setdefault("reason", self.case.reason_id)

    def _redraws(self) -> dict[str, str]:
        address = reverse("aftersales:case-convert", args=[self.case.number])
        return {
            "hx-get": address,
            "hx-trigger": "change",
            "hx-include": "[name=why]",
            "hx-target": "closest form",
            "hx-select": "form.form",
            "hx-swap": "outerHTML",
        }

    def _chosen(self) -> str:
        """The type that was sent, else the one asked for by the address, else the first."""
        asked = self.data.get("type") if self.is_bound else self.initial.get("type")
        return asked if asked in self.fitting else next(iter(self.fitting), "")

    def _ask_more(self) -> None:
        if case_types.of(self.kind).compensates:
            self.fields["amount"] = AmountField(
                self.case.currency,
                required=False,
                label=_("Amount of the compensation"),
                help_text=_("Left empty: the most that the reason allows."),
            )
        for line in self.parts:
            type_details.add_to_line(self, self.kind, line.order_line, self.case.currency)
        type_details.add_to(self, self.kind, self.case.order)

    def move_to_end(self, name: str) -> None:
        """A field after all others."""
        self.fields[name] = self.fields.pop(name)

    def clean(self) -> dict[str, Any]:
        """What the type needs is filled in."""
        cleaned = super().clean() or self.cleaned_data
        type_details.add_missing(self, type_details.missing(cleaned) | self._missing_prices(cleaned))
        return cleaned

    def _missing_prices(self, cleaned: dict[str, Any]) -> dict[str, str]:
        if not self.kind or not case_types.of(self.kind).compares_prices:
            return {}
        priced = (f"price_{line.order_line_id}" for line in self.parts)
        return {name: _("Enter the price of today for one unit.") for name in priced if cleaned.get(name) is None}

    def terms(self) -> dict[str, Any]:
        """The fields, and the application that they make."""
        return {**super().terms(), "application": self.application()}

    def application(self) -> Application:
        """What the new case asks, of a form without errors."""
        data = self.cleaned_data
        more = type_details.of(data)
        return Application(self.case.order_id, CaseType(self.kind), data["reason"], lines=self._wanted(), **more)

    def _wanted(self) -> dict[int, Wanted]:
        """Units as they are asked for now; a compensation is shared to the lines by their money."""
        amount: Decimal | None = self.cleaned_data.get("amount")
        weights = [line.amount for line in self.parts]
        parts = [None] * len(self.parts) if amount is None else money.allocate(amount, weights, self.case.currency)
        return {
            pk: replace(type_details.wanted(self.cleaned_data, pk, units), amount=part)
            for line, part in zip(self.parts, parts, strict=True)
            for pk, units in [(line.order_line_id, successors.units_of(self.case, line))]
        }


class SplitForm(MoveForm):
    """How many units of each item go into a case of their own."""

    why = PlainTextField(label=gettext_lazy("Why"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """A field for each item of the case."""
        self.rows = list(self._rows())
        for line, most in self.rows:
            label = _("%(title)s: units that go") % {"title": line.order_line.title}
            help_text = _("Of %(count)d") % {"count": most}
            field = forms.IntegerField(label=label, help_text=help_text, min_value=0, required=False, initial=0)
            # A mark for the browser only: a form that is sent twice must not be refused for what it did at first.
            field.widget.attrs["max"] = most
            self.fields[f"units_{line.pk}"] = field
        self.order_fields([*(f"units_{line.pk}" for line, _most in self.rows), "why"])

    def _rows(self) -> Iterator[tuple[CaseLine, int]]:
        for line in self.case.lines.select_related("order_line").order_by("order_line__position", "pk"):
            most = successors.units_of(self.case, line)
            if most:
                yield line, most

    def terms(self) -> dict[str, Any]:
        """The fields, and the units that go."""
        return {**super().terms(), "units": self.units()}

    def units(self) -> dict[int, int]:
        """Case line and units that go, of a form without errors."""
        return {line.pk: self.cleaned_data.get(f"units_{line.pk}") or 0 for line, _most in self.rows}


class OtherCaseChoice(forms.ModelChoiceField):
    """Cases, by number and what they are about."""

    def label_from_instance(self, case: Any) -> str:
        """The number and the subject."""
        return f"{case.number} · {case.subject}"


class MergeForm(MoveForm):
    """Which other case of the order goes on."""

    into = OtherCaseChoice(
        Case.objects.none(),
        label=gettext_lazy("Goes on as"),
        empty_label=None,
        help_text=gettext_lazy("Of the same order, type and state. Reason and terms are those of the one chosen."),
    )
    why = PlainTextField(label=gettext_lazy("Why"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Only what can be merged is offered; a form that is sent twice still knows its choice."""
        case = self.case
        others = Case.objects.filter(order=case.order_id).exclude(pk=case.pk).order_by("pk")
        offer_rows(self, "into", others.filter(type=case.type, status=case.status) if case.is_open else others)
