"""What the warehouse fills in at an inspection: how each unit was found, missing gifts, the verdict."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.disputes import findings
from aftersales.actions.disputes.findings import FaultFound
from aftersales.actions.returns.inspections import Finding
from aftersales.forms.fields import PlainTextField, offer_choices
from aftersales.forms.returns.inspection_verdicts import FaultForm, GiftsForm, VerdictForm
from aftersales.forms.returns.receipts import title_of, unit_count
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import Case, CaseLine
from aftersales.queries.returns.returned_goods import WORN
from aftersales.queries.returns.warehouse import Expected
from aftersales.rules.cases import case_types
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Disposition
from orders.models import OrderLine

# A case of more units has groups of equal units in place of a form for each: the page stays usable.
MOST_SINGLE: Final = 40
GROUPS: Final = 4
MOST_IN_GROUPS: Final = 20
BY_CONDITION: Final = ("", gettext_lazy("As its condition says"))
NEVER_CAME: Final = {"condition": Condition.EMPTY, "disposition": Disposition.SCRAP, "is_accepted": False}

Files = MultiValueDict[str, Any]


class UnitForm(forms.Form):
    """How one unit, or a group of equal units, was found, and where it goes."""

    units = unit_count(label=gettext_lazy("Units like this"), initial=1)
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices)
    disposition = forms.ChoiceField(
        label=gettext_lazy("Goes to"),
        choices=[BY_CONDITION, *Disposition.choices],
        required=False,
        help_text=gettext_lazy("Otherwise: sellable to stock, used to repair, damaged to scrap, refused to the buyer."),
    )
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
        if self.repairs:
            # Goods to be repaired are the buyer's: they never go into our stock.
            offered = [each for each in Disposition.choices if each[0] != Disposition.RESTOCK]
            offer_choices(self, "disposition", [BY_CONDITION, *offered])
            self.initial = {"condition": Condition.USED, "disposition": Disposition.REPAIR, **self.initial}

    @property
    def repairs(self) -> bool:
        """Whether the goods came to be repaired, and stay the buyer's."""
        return case_types.of(self.line.case_type).repairs

    def clean(self) -> dict[str, Any]:
        """Where the unit goes follows its condition; what contradicts it is refused beside the field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "condition" not in data or "disposition" not in data or not self.count:
            return data
        how = {"is_accepted": data["is_accepted"], "repairs": self.repairs}
        goes_to = data["disposition"] or dispositions.usual(data["condition"], **how)
        if not goes_to:
            self.add_error("disposition", _("Say where it goes: it is not what was sold."))
            return data
        contradiction = dispositions.contradiction(data["condition"], goes_to, **how)
        if contradiction:
            self.add_error("disposition", contradiction)
            return data
        return data | {"disposition": goes_to}

    @property
    def title(self) -> str:
        """The item, and which of its units or groups this is."""
        words = _("%(item)s, group %(number)d") if self.is_group else _("%(item)s, unit %(number)d")
        return words % {"item": title_of(self.line), "number": self.number}

    @property
    def count(self) -> int:
        """How many units the form is about."""
        return self.cleaned_data.get("units", 1) or 0

    def finding(self, *, is_first: bool) -> Finding:
        """The finding for one unit; photos of a group belong to its first unit."""
        data = self.cleaned_data
        return Finding(
            self.line.pk,
            Condition(data["condition"]),
            Disposition(data["disposition"]),
            photos=data["photos"] if is_first else (),
            **{name: data[name] for name in ("is_accepted", "serial", "tags_intact", "note")},
        )


class InspectionSheet:
    """The whole sheet: a form for each unit (or group), missing gifts, and the verdict."""

    def __init__(
        self,
        expected: Sequence[Expected],
        data: Any = None,
        files: Files | None = None,
        *,
        case: Case,
        must_say: bool = False,
        gifts: Sequence[tuple[OrderLine, int]] = (),
    ) -> None:
        lines = _to_inspect(expected)
        groups = _groups_for(lines)
        self.units = [form for each in lines for form in _forms_of(each, groups, data, files)]
        self.verdict = VerdictForm(data, files, must_say=must_say)
        self.gifts = GiftsForm(data, gifts=gifts)
        # What the platform has ruled stands, whatever is found now.
        self.fault = None if case.ruling else FaultForm(data, case=case)
        self.is_bound = data is not None

    @property
    def forms(self) -> list[forms.Form]:
        """All forms, for their errors."""
        return [*self.units, self.gifts, *([self.fault] if self.fault else []), self.verdict]

    def is_valid(self) -> bool:
        """Whether every form is valid."""
        # A list, so that no form is skipped after the first error: all errors show at once.
        results = [form.is_valid() for form in self.forms]
        return all(results)

    def findings(self) -> list[Finding]:
        """One finding for each unit; the photos of the verdict are added to the first one."""
        found = [form.finding(is_first=index == 0) for form in self.units for index in range(form.count)]
        proof = self.verdict.cleaned_data["proof"]
        if found and proof:
            first = found[0]
            found[0] = Finding(**{**vars(first), "photos": [*first.photos, *proof]})
        return found

    def fault_found(self) -> FaultFound | None:
        """What was found about fault, of a sheet without errors; nothing where it stays as presumed."""
        liable = self.fault.liable_party if self.fault else None
        if self.fault is None or liable is None:
            return None
        photos = sum(len(finding.photos) for finding in self.findings())
        return FaultFound(liable, self.fault.cleaned_data["liable_why"], photos)

    def supposed(self, case: Case) -> Case:
        """The case with what is filled in about fault so far."""
        liable = self.fault.liable_party if self.fault and self.is_bound and self.fault.is_valid() else None
        return findings.supposed(case, liable) if liable else case

    def accepted(self) -> dict[int, int]:
        """Accepted units by case line, of the forms that are valid so far."""
        return self._counted(tuple(Condition))

    def used(self) -> dict[int, int]:
        """Accepted units by case line that were opened or used."""
        return self._counted(WORN)

    def missing_gifts(self) -> dict[int, int]:
        """Units of gifts that did not come back, by order line; none while the form is not valid."""
        return self.gifts.missing if self.is_bound and self.gifts.is_valid() else {}

    def _counted(self, conditions: Collection[str]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for form in self.units:
            if form.is_valid() and form.cleaned_data["is_accepted"] and form.cleaned_data["condition"] in conditions:
                counts[form.line.pk] = counts.get(form.line.pk, 0) + min(form.count, form.line.units_received)
        return {pk: number for pk, number in counts.items() if number}


def all_as_new(expected: Sequence[Expected]) -> list[Finding]:
    """A finding for each received unit: as new, accepted, back to stock."""
    return [
        Finding(each.line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)
        for each in expected
        for _unit in range(each.line.units_received)
    ]


def _to_inspect(expected: Sequence[Expected]) -> list[tuple[CaseLine, int, bool]]:
    """Line, units, and whether they came; of an empty parcel the units that were asked back are inspected."""
    if any(each.line.units_received for each in expected):
        return [(each.line, each.line.units_received, True) for each in expected if each.line.units_received]
    return [(each.line, each.line.units, False) for each in expected]


def _groups_for(lines: list[tuple[CaseLine, int, bool]]) -> int:
    """How many groups each line has; 0 when each unit has a form of its own."""
    if sum(units for _line, units, _has_come in lines) <= MOST_SINGLE:
        return 0
    return GROUPS if len(lines) <= MOST_IN_GROUPS else 1


def _forms_of(each: tuple[CaseLine, int, bool], groups: int, data: Any, files: Files | None) -> list[UnitForm]:
    line, units, has_come = each
    return [
        UnitForm(
            data,
            files,
            prefix=f"unit-{line.pk}-{number}",
            line=line,
            number=number,
            is_group=groups > 0,
            initial={"units": units if number == 1 else 0, **({} if has_come else NEVER_CAME)},
        )
        for number in range(1, (groups or units) + 1)
    ]
