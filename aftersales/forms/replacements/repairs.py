"""Forms of the moves of a repair."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.models import Repair
from aftersales.rules.replacements.repair_kinds import RepairCause


class DiagnoseForm(MoveForm):
    """What is broken, and who repairs it."""

    diagnosis = PlainTextField(label=gettext_lazy("What is broken"), rows=3, max_length=2000)
    cause = forms.ChoiceField(
        label=gettext_lazy("Kind of fault"),
        choices=RepairCause.choices,
        required=False,
        initial=RepairCause.OTHER,
        help_text=gettext_lazy("Failed repairs count towards the buyer's choice, except of looks and of own damage."),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Repaired by"), choices=Repair.Place.choices, widget=forms.RadioSelect, initial="own"
    )
    service_point = PlainTextField(
        label=gettext_lazy("Name of the service point or supplier"), max_length=200, required=False
    )
    serial = PlainTextField(label=gettext_lazy("Serial number"), max_length=100, required=False)

    def shape(self) -> None:
        """Fill in what the open attempt says: it is corrected, not made anew."""
        known = self.case.repairs.filter(outcome=Repair.Outcome.OPEN).first()
        if known is not None:
            for name in ("diagnosis", "cause", "place", "service_point", "serial"):
                self.initial.setdefault(name, getattr(known, name))

    def clean_service_point(self) -> str:
        """A repairer that is not our own workshop has a name."""
        name: str = self.cleaned_data["service_point"]
        if self.cleaned_data.get("place", Repair.Place.OWN) != Repair.Place.OWN and not name:
            raise forms.ValidationError(_("Name the service point or the supplier."))
        return name


class QuoteForm(MoveForm):
    """The price of a repair for the buyer."""

    note = PlainTextField(label=gettext_lazy("What to tell the buyer"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Ask for the price in the currency of the case."""
        self.fields["amount"] = AmountField(
            self.case.currency,
            label=_("Price of the repair"),
            help_text=_("The repair goes on once the buyer agrees; a free repair needs no price."),
        )
        self.order_fields(["amount", "note"])


class DoneForm(MoveForm):
    """What was done; it is shown in the history of the serial number."""

    note = PlainTextField(label=gettext_lazy("What was done"), rows=3, max_length=2000)


class FailedForm(MoveForm):
    """Why the attempt failed."""

    note = PlainTextField(label=gettext_lazy("Why it failed"), rows=3, max_length=2000)


class BackForm(MoveForm):
    """The parcel in which the goods came back, where there was one."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(label=gettext_lazy("Waybill"), max_length=64, required=False)
