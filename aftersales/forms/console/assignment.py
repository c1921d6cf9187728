"""Forms of assignment: to whom a case goes, its priority, why it is skipped."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import PlainTextField, offer_choices, offer_rows
from aftersales.models import User
from aftersales.moves import rights
from aftersales.queries.people import actors
from aftersales.rules.console.skip_reasons import SkipReason
from aftersales.rules.vocabulary import Priority


class Colleague(forms.ModelChoiceField):
    """A choice of people of the desk, with their availability and how many cases they carry."""

    def label_from_instance(self, person: Any) -> str:
        """Name, availability, cases of capacity."""
        return f"{person} · {person.get_availability_display()} · {person.carried} / {person.capacity}"


class AssignForm(MoveForm):
    """Assign the case to somebody or to nobody; agents only take it themselves or give it back."""

    agent = Colleague(
        User.objects.none(), label=gettext_lazy("Assign to"), required=False, empty_label=gettext_lazy("Nobody")
    )
    why = PlainTextField(label=gettext_lazy("What the next one has to know"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Offer a supervisor everybody, others themselves; an unassigned case offers who asks first."""
        is_supervisor = self.by.role_for(rights.REASSIGN) is not None
        offer_rows(self, "agent", actors.colleagues(None if is_supervisor else self.by.user_id))
        self.initial.setdefault("agent", self.case.assignee_id or self.by.user_id)
        if self.case.assignee_id and is_supervisor:
            self.fields["why"].help_text = _("What was promised, by when, what is open. Needed when you hand it on.")


class PriorityForm(MoveForm):
    """The priority of the case."""

    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        coerce=lambda text: Priority(int(text)),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("High ones are handed out first, low ones last; promises stay as they are."),
    )

    def shape(self) -> None:
        """Offer all priorities, high first, with the present one chosen."""
        offer_choices(self, "priority", [(str(value), name) for value, name in reversed(Priority.choices)])
        self.initial.setdefault("priority", str(self.case.priority))


class SkipForm(MoveForm):
    """Why somebody skips a case."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=SkipReason.choices, widget=forms.RadioSelect, initial=SkipReason.SKILL
    )
    note = PlainTextField(label=gettext_lazy("Explanation"), rows=2, max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """The reason "another" has an explanation."""
        said = super().clean() or {}
        if said.get("reason") == SkipReason.OTHER and not said.get("note"):
            self.add_error("note", _("Say in a few words why you leave it."))
        return said
