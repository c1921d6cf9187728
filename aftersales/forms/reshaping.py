"""A case becomes another type, is split, or merged: what each of these asks the person for."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions import successors
from aftersales.actions.asking import Application, Wanted
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices, offer_rows
from aftersales.forms.moves import MoveForm
from aftersales.models import Case, CaseLine, Reason
from aftersales.queries import applying
from aftersales.rules.chains import CHAINS
from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs
from orders import money

GIVEN = (GivenAs.MONEY, GivenAs.COUPON, GivenAs.POINTS)


class ConvertForm(MoveForm):
    """Another type and its reason; what only a compensation or price protection needs is asked for those."""

    type = forms.ChoiceField(label=gettext_lazy("Goes on as"), widget=forms.RadioSelect)
    reason = forms.ModelChoiceField(Reason.objects.none(), label=gettext_lazy("Reason"), empty_label=None)
    given_as = forms.ChoiceField(
        label=gettext_lazy("A compensation is given as"),
        choices=[(kind.value, kind.label) for kind in GIVEN],
        initial=GivenAs.MONEY,
        required=False,
    )
    why = PlainTextField(label=gettext_lazy("Note on the record"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Types and reasons that the goods and the window allow; an address is changed by an application of its own."""
        kinds = [kind for kind in CaseType if kind != self.case.type]
        self.fitting = applying.fitting_again(self.case, kinds, self.at)
        types = [kind for kind, reasons in self.fitting.items() if reasons and self._is_possible(kind)]
        offer_choices(self, "type", [(kind.value, kind.label) for kind in types])
        rows = {reason.pk for kind in types for reason in self.fitting[kind]}
        offer_rows(self, "reason", Reason.objects.filter(pk__in=rows))
        self.initial.setdefault("reason", self.case.reason_id)
        self._ask_of_compensation(CaseType.COMPENSATION in types)
        if CaseType.PRICE_PROTECTION in types:
            self.fields["price_now"] = AmountField(
                self.case.currency,
                required=False,
                label=_("Price of today for one unit"),
                help_text=_("For price protection."),
            )
        self.order_fields(["type", "reason", "amount", "given_as", "price_now", "why"])

    def _ask_of_compensation(self, is_offered: bool) -> None:
        if not is_offered:
            del self.fields["given_as"]
            return
        self.fields["amount"] = AmountField(
            self.case.currency,
            required=False,
            label=_("Amount of the compensation"),
            help_text=_("Left empty: the most that the reason allows."),
        )

    def _is_possible(self, kind: CaseType) -> bool:
        return kind != CaseType.PRICE_PROTECTION or self.case.lines.count() == 1

    def clean(self) -> dict[str, Any]:
        """The reason fits the type; price protection needs a price."""
        cleaned = super().clean() or self.cleaned_data
        kind, reason = cleaned.get("type"), cleaned.get("reason")
        if kind and reason and reason not in self.fitting[CaseType(kind)]:
            self.add_error("reason", _("This reason does not fit what it goes on as: choose another one."))
        if kind == CaseType.PRICE_PROTECTION and not self.errors and cleaned.get("price_now") is None:
            self.add_error("price_now", _("Enter the price of today for one unit."))
        return cleaned

    def terms(self) -> dict[str, Any]:
        """The fields, and the application that they make."""
        return {**super().terms(), "application": self.application()}

    def application(self) -> Application:
        """What the new case asks, of a form without errors."""
        kind = CaseType(self.cleaned_data["type"])
        given_as = self.cleaned_data.get("given_as") if kind == CaseType.COMPENSATION else None
        return Application(
            self.case.order_id,
            kind,
            self.cleaned_data["reason"],
            lines={} if CHAINS[kind].holds_units else self._wanted(),
            given_as=GivenAs(given_as or GivenAs.MONEY),
            change=ChangeKind.CANCEL if kind == CaseType.ORDER_CHANGE else None,
        )

    def _wanted(self) -> dict[int, Wanted]:
        lines = [line for line in self.case.lines.all() if successors.units_of(self.case, line)]
        amount: Decimal | None = self.cleaned_data.get("amount")
        weights = [line.amount for line in lines]
        parts = [None] * len(lines) if amount is None else money.allocate(amount, weights, self.case.currency)
        price = self.cleaned_data.get("price_now")
        return {
            line.order_line_id: Wanted(line.units, part, price_now=price)
            for line, part in zip(lines, parts, strict=True)
        }


class SplitForm(MoveForm):
    """How many units of each item go into a case of their own."""

    why = PlainTextField(label=gettext_lazy("Why"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """A field for each item of the case."""
        self.rows = list(self._rows())
        for line, most in self.rows:
            self.fields[f"units_{line.pk}"] = forms.IntegerField(
                label=_("%(title)s: units that go") % {"title": line.order_line.title},
                help_text=_("Of %(count)d") % {"count": most},
                min_value=0,
                required=False,
                initial=0,
            )
            # A mark for the browser only: a form that is sent twice must not be refused for what it did at first.
            self.fields[f"units_{line.pk}"].widget.attrs["max"] = most
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
