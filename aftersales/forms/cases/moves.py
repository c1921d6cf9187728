"""What each move of a case asks the person for; everything known is filled in, only what is possible is offered."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import AmountField, PlainTextField, offer_choices, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import ApprovalRequest, Case, RejectReason
from aftersales.models.policies.reason import FreightPayer
from aftersales.moves import approving, deciding
from aftersales.queries.disputes import reject_reasons
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import OFFERED, CaseTypeRecord
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, GivenAs, Role

ZERO = Decimal(0)


class MoveForm(forms.Form):
    """The fields of one move of one case; a move without fields is only confirmed."""

    def __init__(self, *args: Any, case: Case, by: Actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by, self.at = case, by, at
        self.shape()
        first = next(iter(self.fields.values()), None)
        # In a dialog the close button would have the focus; of several radio buttons the last one.
        if first is not None and not isinstance(first.widget, forms.RadioSelect):
            first.widget.attrs["autofocus"] = True

    def shape(self) -> None:
        """Fit the fields to the case; subclasses add choices, limits and what is known already."""

    def terms(self) -> dict[str, Any]:
        """What the act takes, of a form without errors: the fields, and what they come to."""
        return dict(self.cleaned_data)

    @property
    def asked(self) -> Decimal:
        """All that the buyer asks, in the currency of the case."""
        return self.case.requested_amount + self.case.freight_held


class ConfirmForm(MoveForm):
    """A move that is only confirmed."""


class WhyForm(MoveForm):
    """A reason, if the person wants to give one."""

    why = PlainTextField(label=gettext_lazy("Why"), rows=3, max_length=2000, required=False)


class MustSayWhyForm(MoveForm):
    """A reason that is mandatory and goes on record."""

    why = PlainTextField(
        label=gettext_lazy("Why"), rows=3, max_length=2000, help_text=gettext_lazy("This goes on record.")
    )


class AddressChoice(forms.ModelChoiceField):
    """Return addresses of the merchant, said in full."""

    def label_from_instance(self, address: Any) -> str:
        """Label, place and who takes it."""
        return f"{address.label} · {address.region} {address.address} · {address.contact}"


class ApproveForm(MoveForm):
    """Where the goods go, and what the merchant advances for the way back."""

    # Filled in by `shape`: the addresses of one merchant, so that another's is no choice at all.
    address = AddressChoice(queryset=None, label=gettext_lazy("Goods go back to"), empty_label=None)
    why = PlainTextField(label=gettext_lazy("Note on the record"), rows=2, max_length=2000, required=False)

    def shape(self) -> None:
        """Addresses and freight matter only when goods come back."""
        if not self.case.goods_must_return:
            del self.fields["address"]
            return
        addresses = self.case.merchant.return_addresses.filter(is_active=True).order_by("-is_default", "label")
        offer_rows(self, "address", addresses)
        self.fields["address"].required = False
        self.initial.setdefault("address", self.case.return_address_id)
        self.fields["return_freight"] = self._freight_field()
        self.order_fields(["address", "return_freight", "why"])

    def _freight_field(self) -> AmountField:
        return AmountField(
            self.case.currency,
            smallest=ZERO,
            largest=self.case.requested_amount,
            required=False,
            label=_("Return freight advanced"),
            help_text=self._who_bears(),
        )

    def _who_bears(self) -> str:
        if self.case.freight_payer == FreightPayer.BUYER:
            said = _("The buyer pays the way back: what is advanced here is deducted from the refund.")
        else:
            said = _("The merchant pays the way back: nothing is deducted from the refund.")
        return f"{said} {self.case.freight_why}".strip()


class RequestApprovalForm(WhyForm):
    """Which act is asked for, where there are several, and why."""

    def shape(self) -> None:
        """In most states there is one."""
        acts = approving.asked_while(self.case.status)
        if len(acts) > 1:
            choices = [(act.name, act.label) for act in acts]
            self.fields["action"] = forms.ChoiceField(label=_("The request"), choices=choices, widget=forms.RadioSelect)
            self.order_fields(["action", "why"])


class AllowForm(MoveForm):
    """A second person agrees to what somebody asked for, with a word if they like."""

    request_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answer = PlainTextField(label=gettext_lazy("Answer"), rows=2, max_length=2000, required=False)

    def shape(self) -> None:
        """What is allowed is the request that was read, and no other."""
        pending = self.case.approval_requests.filter(status=ApprovalRequest.Status.PENDING).first()
        self.initial.setdefault("request_id", pending.pk if pending else None)


class DeclineRequestForm(MoveForm):
    """A second person does not agree, and says why."""

    answer = PlainTextField(label=gettext_lazy("Why not"), rows=3, max_length=2000)


IN_KIND: Mapping[str, Promise | str] = {
    GivenAs.COUPON: gettext_lazy("Compensation as a coupon"),
    GivenAs.POINTS: gettext_lazy("Compensation as points"),
    GivenAs.FREIGHT: gettext_lazy("Return freight"),
}
# A type, or a type and what it is given as.
TERMS: Mapping[str, Promise | str] = {kind: case_types.of(kind).terms or kind.label for kind in CaseType} | {
    f"{kind}:{given_as}": words
    for kind in CaseType
    for given_as, words in IN_KIND.items()
    if given_as in case_types.of(kind).given_as
}


class OfferForm(MoveForm):
    """Other terms: a sum up to what was asked, and whether the goods come back."""

    type = forms.ChoiceField(label=gettext_lazy("Terms"), widget=forms.RadioSelect)
    note = PlainTextField(label=gettext_lazy("What to tell the buyer"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Terms that fit the goods; an amount of at most what was asked."""
        offer_choices(self, "type", [(key, TERMS[key]) for key in self._terms()])
        self.initial.setdefault("type", self.case.type)
        self.fields["amount"] = AmountField(
            self.case.currency,
            smallest=ZERO,
            largest=self.asked,
            label=_("Offered amount"),
            help_text=_("Asked: %(asked)s") % {"asked": money_text(self.asked, self.case.currency)},
        )
        self.order_fields(["amount", "type", "note"])

    def _terms(self) -> list[str]:
        """What fits what the case holds: goods that nobody has can not come back, nor are kept for a compensation."""
        case = self.case
        if case.given_as == GivenAs.FREIGHT:
            return [f"{case.type}:{case.given_as}"]
        terms = [key for kind in OFFERED if self._suits(case_types.of(kind)) for key in _keys(kind)]
        if case.type not in terms:
            terms.insert(0, case.type)
        return terms

    def _suits(self, offered: CaseTypeRecord) -> bool:
        held = case_types.of(self.case.type).holds_units
        return self.case.goods_state in offered.offered_while and (held or not offered.holds_units)


def _keys(kind: CaseType) -> list[str]:
    """A type, and the ways to give it that are no refund of what the buyer advanced."""
    others = [given_as for given_as in case_types.of(kind).given_as if given_as not in (GivenAs.MONEY, GivenAs.FREIGHT)]
    return [kind, *(f"{kind}:{given_as}" for given_as in others)]


class RejectReasonChoice(forms.ModelChoiceField):
    """Reasons to refuse, each with what it needs."""

    def label_from_instance(self, reason: Any) -> str:
        """The name, and whether text or a photo must come with it."""
        needs = [_("text needed")] * reason.needs_text + [_("photo needed")] * reason.needs_proof
        return f"{reason.name} ({', '.join(needs)})" if needs else reason.name


class RejectForm(MoveForm):
    """A code from the list, text and proof where it asks for them."""

    reason = RejectReasonChoice(
        RejectReason.objects.none(), label=gettext_lazy("Reason"), widget=forms.RadioSelect, empty_label=None
    )
    note = PlainTextField(label=gettext_lazy("Explanation for the buyer"), rows=3, max_length=2000, required=False)
    photos = MultiplePhotoField(label=gettext_lazy("Proof"), required=False)

    def shape(self) -> None:
        """Of the reasons of this stage those that no fact speaks against; the others are named with what does."""
        rows = RejectReason.objects.filter(is_active=True, stage=RejectReason.Stage.APPLICATION)
        choice = reject_reasons.choice(self.case, rows, by=self.by, at=self.at)
        # A page that is older than the facts may still send one of the others: the sentence is then the answer.
        offer_rows(self, "reason", rows)
        field = cast("RejectReasonChoice", self.fields["reason"])
        offer_choices(self, "reason", [(str(each.pk), field.label_from_instance(each)) for each in choice.possible])
        self.unavailable = choice.unavailable


class ShipForm(MoveForm):
    """The waybill of the parcel that comes back."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    waybill = PlainTextField(label=gettext_lazy("Waybill number"), max_length=64)


class ExtendForm(MustSayWhyForm):
    """Why, and for a supervisor how long."""

    def shape(self) -> None:
        """Others than supervisors extend by the step of the policy."""
        step = self.case.policy.extension_days
        if self.by.role_for(deciding.EXTEND) == Role.SUPERVISOR:
            self.fields["days"] = forms.IntegerField(label=_("Days"), min_value=1, max_value=30, initial=step)
        else:
            said = _("By %(days)d days, as the policy says. This goes on record.")
            self.fields["why"].help_text = said % {"days": step}
