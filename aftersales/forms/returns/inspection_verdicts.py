"""What an inspection says of the whole return: whose fault it is, which gifts are missing, why nothing is accepted."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.disputes import findings
from aftersales.forms.fields import PlainTextField, offer_choices, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import Case, RejectReason
from aftersales.rules.vocabulary import Fault
from orders.models import OrderLine

# An inspection that can not tell leaves the fault as it was presumed.
FINDABLE: Final = (Fault.MERCHANT, Fault.CARRIER, Fault.BUYER)


class VerdictForm(forms.Form):
    """Why nothing is accepted: a reason from the list, with an explanation and proof where it asks for them."""

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


class FaultForm(forms.Form):
    """What the goods show about whose fault it is; nothing chosen leaves it as the reason presumes."""

    liable = forms.ChoiceField(label=gettext_lazy("Finding"), required=False, widget=forms.RadioSelect)
    liable_why = PlainTextField(label=gettext_lazy("What shows it"), max_length=2000, required=False, rows=2)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        presumed = _("As presumed: %(party)s. %(rule)s")
        words = {"party": Fault(case.at_fault).label, "rule": case.freight_why}
        others = [fault for fault in FINDABLE if fault != case.at_fault]
        found = [(fault.value, findings.supposed(case, fault).freight_why) for fault in others]
        offer_choices(self, "liable", [("", presumed % words), *found])

    def clean(self) -> dict[str, Any]:
        """A finding says what shows it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("liable") and not data.get("liable_why"):
            self.add_error("liable_why", _("Say what shows whose fault it is."))
        return data

    @property
    def liable_party(self) -> Fault | None:
        """The party that was chosen in place of the one presumed."""
        chosen = getattr(self, "cleaned_data", {}).get("liable", "") if self.is_bound else ""
        return Fault(chosen) if chosen else None


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
        """Missing units by id of the order line, without gifts of which none is missing."""
        filled = {int(name.removeprefix("gift-")): self.cleaned_data.get(name) or 0 for name in self.fields}
        return {pk: units for pk, units in filled.items() if units}
