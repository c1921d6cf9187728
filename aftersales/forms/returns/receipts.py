"""What the warehouse fills in when goods arrive: how many units, and in which parcel."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import PlainTextField
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import CaseLine
from aftersales.queries.returns.warehouse import Expected
from aftersales.rules.returns import dispositions

MOST_UNITS: Final = 10_000


def unit_count(**kwargs: Any) -> forms.IntegerField:
    """A field for a number of units, typed on a scanner's keypad."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "size": 6}
    return forms.IntegerField(min_value=0, max_value=MOST_UNITS, widget=forms.TextInput(attrs=attrs), **kwargs)


def title_of(line: CaseLine) -> str:
    """Title and variant of the goods of a line."""
    return " ".join(part for part in (line.order_line.title, line.order_line.variant) if part)


class ReportGoodsForm(MoveForm):
    """What was found about goods that are here, described, with photos where there are any."""

    found = forms.ChoiceField(
        label=gettext_lazy("What was found"),
        choices=[(each.value, each.label) for each in dispositions.ADVERSE],
        widget=forms.RadioSelect,
    )
    why = PlainTextField(
        label=gettext_lazy("Description"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy(
            "If the goods are not inspected in time, a supervisor decides; nothing is refunded automatically."
        ),
    )
    photos = MultiplePhotoField(label=gettext_lazy("Photos"), required=False)


class ReceiveForm(forms.Form):
    """Units by line, filled in with what is missing; and the parcel, where nobody announced it."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(
        label=gettext_lazy("Waybill"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Only for a parcel that nobody announced."),
    )
    found = forms.ChoiceField(
        label=gettext_lazy("What speaks against it"),
        choices=[("", gettext_lazy("Nothing at first sight")), *((each, each.label) for each in dispositions.ADVERSE)],
        required=False,
        help_text=gettext_lazy(
            "If the goods are not inspected in time, the platform decides; nothing is refunded automatically."
        ),
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
            self.fields[name] = unit_count(label=title_of(each.line), required=False, initial=each.missing)

    @property
    def counts(self) -> list[tuple[Expected, forms.BoundField]]:
        """Each line with its field."""
        return [(each, self[f"units-{each.line.pk}"]) for each in self.expected]

    @property
    def units(self) -> dict[int, int]:
        """Units by id of the case line."""
        return {each.line.pk: self.cleaned_data[f"units-{each.line.pk}"] or 0 for each in self.expected}
