"""What the warehouse fills in: how much arrived, and how each unit was found."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.returns.inspections import Finding
from aftersales.forms.fields import PlainTextField, offer_choices, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import CaseLine, RejectReason
from aftersales.queries.returns.returned_goods import WORN
from aftersales.queries.returns.warehouse import Expected
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import Condition, Disposition
from orders.models import OrderLine

# Above this many units, equal ones of a line share one group instead of having a form each.
MOST_SINGLE: Final = 40
GROUPS: Final = 4
MOST_IN_GROUPS: Final = 20
MOST_UNITS: Final = 10_000

Files = MultiValueDict[str, Any]


def _number(**kwargs: Any) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "size": 6}
    return forms.IntegerField(min_value=0, max_value=MOST_UNITS, widget=forms.TextInput(attrs=attrs), **kwargs)


class ReceiveForm(forms.Form):
    """Units per line, filled in with what is missing; the parcel, if nobody announced it."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(
        label=gettext_lazy("Waybill"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Only for a parcel that nobody announced."),
    )
    note = PlainTextField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Needed when the parcel is empty: count 0 and say what was inside."),
    )

    def __init__(self, *args: Any, expected: Sequence[Expected], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        for each in expected:
            name = f"units-{each.line.pk}"
            self.fields[name] = _number(label=_title(each.line), required=False, initial=each.missing)

    @property
    def counts(self) -> list[tuple[Expected, forms.BoundField]]:
        """Each line beside its field."""
        return [(each, self[f"units-{each.line.pk}"]) for each in self.expected]

    @property
    def units(self) -> dict[int, int]:
        """Units per case line."""
        return {each.line.pk: self.cleaned_data[f"units-{each.line.pk}"] or 0 for each in self.expected}


class UnitForm(forms.Form):
    """How one unit, or a group of equal ones, was found."""

    units = _number(label=gettext_lazy("Units like this"), initial=1)
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices)
    disposition = forms.ChoiceField(label=gettext_lazy("Goes to"), choices=Disposition.choices)
    is_accepted = forms.BooleanField(label=gettext_lazy("Accepted"), required=False, initial=True)
    tags_intact = forms.BooleanField(label=gettext_lazy("Tags intact"), required=False, initial=True)
    serial = PlainTextField(label=gettext_lazy("Serial number"), max_length=100, required=False)
    note = PlainTextField(label=gettext_lazy("Note"), max_length=500, required=False)
    photos = MultiplePhotoField(label=gettext_lazy("Photos"), required=False)

    def __init__(self, *args: Any, line: CaseLine, number: int, is_group: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.number, self.is_group = line, number, is_group
        if not is_group:
            del self.fields["units"]
        if case_types.of(line.case_type).repairs:
            theirs = [each for each in Disposition.choices if each[0] != Disposition.RESTOCK]
            offer_choices(self, "disposition", theirs)
            self.initial = {"condition": Condition.USED, "disposition": Disposition.REPAIR, **self.initial}

    @property
    def title(self) -> str:
        """The item, and which of its units."""
        words = _("%(item)s, group %(number)d") if self.is_group else _("%(item)s, unit %(number)d")
        return words % {"item": _title(self.line), "number": self.number}

    @property
    def count(self) -> int:
        """How many units this speaks of."""
        return self.cleaned_data.get("units", 1) or 0

    def finding(self, *, is_first: bool) -> Finding:
        """What the action keeps; photos of a group belong to its first unit."""
        data = self.cleaned_data
        return Finding(
            self.line.pk,
            Condition(data["condition"]),
            Disposition(data["disposition"]),
            data["is_accepted"],
            serial=data["serial"],
            tags_intact=data["tags_intact"],
            note=data["note"],
            photos=data["photos"] if is_first else (),
        )


class VerdictForm(forms.Form):
    """What nothing acceptable needs: a reason from the list, words and proof where it asks for them."""

    reason = forms.ModelChoiceField(
        label=gettext_lazy("Reason to refuse"), queryset=RejectReason.objects.none(), required=False
    )
    reject_note = PlainTextField(
        label=gettext_lazy("Explanation for the buyer"), max_length=2000, required=False, rows=2
    )
    proof = MultiplePhotoField(label=gettext_lazy("Photos as proof"), required=False)

    def __init__(self, *args: Any, must_say: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = RejectReason.objects.filter(stage=RejectReason.Stage.INSPECTION, is_active=True)
        offer_rows(self, "reason", offered)
        self.fields["reason"].required = must_say


class GiftsForm(forms.Form):
    """How many units of each gift of the order did not come back."""

    def __init__(self, *args: Any, gifts: Sequence[tuple[OrderLine, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line, left in gifts:
            if left > 0:
                label = _("%(gift)s: units missing") % {"gift": line.title}
                self.fields[f"gift-{line.pk}"] = forms.IntegerField(
                    label=label, required=False, initial=0, min_value=0, max_value=left
                )

    @property
    def missing(self) -> dict[int, int]:
        """Units that are missing, by order line."""
        said = {int(name.removeprefix("gift-")): self.cleaned_data.get(name) or 0 for name in self.fields}
        return {pk: units for pk, units in said.items() if units}


class Inspection:
    """The whole sheet: one form per unit (or group), gifts that are missing, and the verdict."""

    def __init__(
        self,
        expected: Sequence[Expected],
        data: Any = None,
        files: Files | None = None,
        *,
        must_say: bool = False,
        gifts: Sequence[tuple[OrderLine, int]] = (),
    ) -> None:
        found = _to_inspect(expected)
        groups = 0
        if sum(units for _line, units, _has_come in found) > MOST_SINGLE:
            groups = GROUPS if len(found) <= MOST_IN_GROUPS else 1
        self.units = [form for each in found for form in _forms_of(each, groups, data, files)]
        self.verdict = VerdictForm(data, files, must_say=must_say)
        self.gifts = GiftsForm(data, gifts=gifts)
        self.is_bound = data is not None

    @property
    def forms(self) -> list[forms.Form]:
        """All forms, for their errors."""
        return [*self.units, self.gifts, self.verdict]

    def is_valid(self) -> bool:
        """Every form is looked at, so that all errors show at once."""
        verdicts = [form.is_valid() for form in self.forms]
        return all(verdicts)

    def findings(self) -> list[Finding]:
        """One finding per unit; photos for the verdict join the first."""
        found = [form.finding(is_first=index == 0) for form in self.units for index in range(form.count)]
        proof = self.verdict.cleaned_data["proof"]
        if found and proof:
            first = found[0]
            found[0] = Finding(**{**vars(first), "photos": [*first.photos, *proof]})
        return found

    def accepted(self) -> dict[int, int]:
        """Accepted units per case line, of what is readable so far."""
        return self._counted(tuple(Condition))

    def used(self) -> dict[int, int]:
        """Accepted units per case line that were opened or used."""
        return self._counted(WORN)

    def missing_gifts(self) -> dict[int, int]:
        """Units of gifts that did not come back, by order line."""
        return self.gifts.missing if self.is_bound and self.gifts.is_valid() else {}

    def _counted(self, conditions: Collection[str]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for form in self.units:
            if form.is_valid() and form.cleaned_data["is_accepted"] and form.cleaned_data["condition"] in conditions:
                counts[form.line.pk] = counts.get(form.line.pk, 0) + min(form.count, form.line.units_received)
        return {pk: number for pk, number in counts.items() if number}


def all_as_new(expected: Sequence[Expected]) -> list[Finding]:
    """Every received unit as new and back to stock."""
    return [
        Finding(each.line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)
        for each in expected
        for _unit in range(each.line.units_received)
    ]


def _title(line: CaseLine) -> str:
    return " ".join(part for part in (line.order_line.title, line.order_line.variant) if part)


def _to_inspect(expected: Sequence[Expected]) -> list[tuple[CaseLine, int, bool]]:
    """Line, units, whether they came: of an empty parcel the asked units are judged."""
    if any(each.line.units_received for each in expected):
        return [(each.line, each.line.units_received, True) for each in expected if each.line.units_received]
    return [(each.line, each.line.units, False) for each in expected]


def _forms_of(each: tuple[CaseLine, int, bool], groups: int, data: Any, files: Files | None) -> list[UnitForm]:
    line, units, has_come = each
    forms_made = []
    for number in range(1, (groups or units) + 1):
        initial: dict[str, Any] = {"units": units if number == 1 else 0}
        if not has_come:
            initial |= {"condition": Condition.EMPTY, "disposition": Disposition.SCRAP, "is_accepted": False}
        prefix = f"unit-{line.pk}-{number}"
        forms_made.append(
            UnitForm(data, files, prefix=prefix, line=line, number=number, is_group=groups > 0, initial=initial)
        )
    return forms_made
