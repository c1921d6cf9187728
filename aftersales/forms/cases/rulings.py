"""What a ruling of the platform asks: its text, who is liable and what follows from that, how much."""

from copy import copy

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.actions.disputes import findings
from aftersales.actions.refunds import calculation
from aftersales.forms.cases.moves import MoveForm, MustSayWhyForm
from aftersales.forms.fields import AmountField, PlainTextField, offer_choices
from aftersales.queries.policies import state_tables
from aftersales.rules.phrases import money_text
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import DeadlineKind, Fault, SuspensionCause


class RuleForBuyerForm(MoveForm):
    """A ruling in writing, who is liable, and how much; nothing means all that was asked."""

    ruling = PlainTextField(label=gettext_lazy("Ruling"), rows=5, max_length=5000)
    liable = forms.ChoiceField(label=gettext_lazy("Liable"), choices=Fault.choices, widget=forms.RadioSelect)

    def shape(self) -> None:
        """A sum of at most what was asked; the liable party as the reason says, each with what follows from it."""
        self.initial.setdefault("liable", self.case.at_fault)
        offer_choices(self, "liable", [(fault.value, self._with_what_follows(fault)) for fault in Fault])
        self.fields["amount"] = AmountField(
            self.case.currency,
            largest=self.asked,
            required=False,
            label=_("Amount to give back"),
            help_text=_("Left empty: the sum beside the liable party. A sum of your own is at most %(asked)s.")
            % {"asked": money_text(self.asked, self.case.currency)},
        )

    def _with_what_follows(self, fault: Fault) -> str:
        """The party, who then pays the freight by which rule, and what goes back if all that was asked is given."""
        found = findings.supposed(self.case, fault)
        words = {
            "party": fault.label,
            "rule": found.freight_why,
            "amount": money_text(settlement.total(calculation.trial(found)), found.currency),
        }
        return _("%(party)s: %(rule)s Refund: %(amount)s") % words


class RuleForMerchantForm(MoveForm):
    """A ruling in writing for the merchant: nothing is given back."""

    ruling = PlainTextField(label=gettext_lazy("Ruling"), rows=5, max_length=5000)


class AskEvidenceForm(MoveForm):
    """What is missing, for both sides to read, and how long they have."""

    why = PlainTextField(label=gettext_lazy("What is missing"), rows=3, max_length=2000)

    def shape(self) -> None:
        """The time that the policy of the case gives for it."""
        length = CLOCKS[DeadlineKind.MORE_EVIDENCE].length_of(self.case)
        number = state_tables.counted(getattr(self.case.policy, length.field), length.unit)
        self.fields["why"].help_text = _("Both sides are told, and have %(time)s.") % {"time": number}


class SuspendForm(MustSayWhyForm):
    """Why the dispute waits, each cause with how long it may, and in words what is waited for."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=SuspensionCause.choices, widget=forms.RadioSelect)
    field_order = ("cause", "why")

    def shape(self) -> None:
        """How long each may take, by the policy of the case."""
        offer_choices(self, "cause", [(cause.value, self._with_its_time(cause)) for cause in SuspensionCause])

    def _with_its_time(self, cause: SuspensionCause) -> str:
        waiting = copy(self.case)
        waiting.suspension_cause = cause
        length = CLOCKS[DeadlineKind.SUSPENSION].length_of(waiting)
        number = state_tables.counted(getattr(self.case.policy, length.field), length.unit)
        return _("%(cause)s: at most %(time)s") % {"cause": cause.label, "time": number}
