"""The fields of acts for many cases, and the selection as a form carries it: `12.3.signed 14.1`.

Ids with versions, and with where the goods were as it was shown, if it was.
"""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import RejectReasonChoice
from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.models import BulkAct, RejectReason, Reply, Team, User
from aftersales.moves import deciding, rights
from aftersales.queries.console.bulk import MOST, Selected
from aftersales.queries.conversation import tools
from aftersales.queries.people import actors as people
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import GoodsState, Role

LARGEST: Final = 18  # digits of an id


def selection(texts: Iterable[str]) -> list[Selected]:
    """The cases that were selected in a list, each once and at most a thousand; what can not be read is left out."""
    found: dict[int, Selected] = {}
    for item in (item for text in texts for item in text.split()):
        pk, version, goods, *_rest = [*item.split("."), "", ""]
        if _is_number(pk) and _is_number(version):
            known = goods if goods in GoodsState.values else ""
            found.setdefault(int(pk), Selected(int(pk), int(version), known))
    return list(found.values())[:MOST]


def selection_text(cases: Iterable[Selected]) -> str:
    """The selection as one text, to be read by `selection`."""
    return " ".join(".".join(filter(None, map(str, one))) for one in cases)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LARGEST


class TermsForm(forms.Form):
    """The fields of one act, its terms; an act without fields is only confirmed."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.by = user, people.actor_for(user)
        self.shape()
        first = next(iter(self.fields.values()), None)
        if first is not None and not isinstance(first.widget, forms.RadioSelect):
            first.widget.attrs["autofocus"] = True

    def shape(self) -> None:
        """Fill the fields with what this person can choose."""

    def terms(self) -> dict[str, Any]:
        """The terms of a valid form as the job stores them: JSON, rows by id."""
        return dict(self.cleaned_data)


class NoTerms(TermsForm):
    """Nothing to fill in."""


class AssignTerms(TermsForm):
    """To whom the cases are assigned; nobody is a choice too."""

    agent = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Assign to"), required=False, empty_label=gettext_lazy("Nobody")
    )
    why = PlainTextField(label=gettext_lazy("Why"), rows=2, max_length=2000, required=False)

    def shape(self) -> None:
        """Active people of the desk."""
        people = User.objects.filter(is_active=True, groups__name__in=list(AGENTS)).distinct()
        offer_rows(self, "agent", people.order_by("display_name", "pk"))

    def terms(self) -> dict[str, Any]:
        """The person by id."""
        agent = self.cleaned_data["agent"]
        return {"agent": agent.pk if agent else None, "why": self.cleaned_data["why"]}


class TeamTerms(TermsForm):
    """The team whose queue they go to."""

    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), empty_label=None)

    def shape(self) -> None:
        """Every team."""
        offer_rows(self, "team", Team.objects.order_by("name"))

    def terms(self) -> dict[str, Any]:
        """The team by id."""
        return {"team": self.cleaned_data["team"].pk}


class TextTerms(TermsForm):
    """What is written into each case; placeholders are filled in by each."""

    text = PlainTextField(
        label=gettext_lazy("Text"),
        rows=4,
        help_text=gettext_lazy("Each case fills in its placeholders; where one stays open, that case is left out."),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class MessageTerms(TextTerms):
    """A canned reply, in the language of each case, or a text."""

    field_order = ["reply", "text"]

    reply = forms.ModelChoiceField(
        Reply.objects.none(),
        label=gettext_lazy("Canned reply"),
        required=False,
        empty_label=gettext_lazy("None: write a text"),
    )

    def shape(self) -> None:
        """The replies that this person uses, for those who have any."""
        self.fields["text"].required = False
        if self.by.role_for(rights.USE_TOOLS) is None:
            del self.fields["reply"]
        else:
            offer_rows(self, "reply", tools.usable(Reply, self.user).order_by("-used_count", "pk"))

    def clean(self) -> dict[str, Any]:
        """A reply or a text, not both: nobody would know which of them is sent."""
        data = super().clean() or {}
        if "text" not in data:
            return data
        if data.get("reply") and data["text"]:
            self.add_error("text", _("Send the canned reply or a text of your own: take one of them out."))
        elif not data.get("reply") and not data["text"]:
            self.add_error("text", _("Write something first."))
        return data

    def terms(self) -> dict[str, Any]:
        """The reply by id."""
        reply = self.cleaned_data.get("reply")
        return {"reply": reply.pk if reply else None, "text": self.cleaned_data["text"]}


class WhyTerms(TermsForm):
    """A note for the record of each, if wanted."""

    why = PlainTextField(label=gettext_lazy("Note on the record"), rows=2, max_length=2000, required=False)


class RejectTerms(TermsForm):
    """Why they are rejected; reasons that need a photo are left to the page of each case."""

    reason = RejectReasonChoice(
        RejectReason.objects.none(), label=gettext_lazy("Reason"), widget=forms.RadioSelect, empty_label=None
    )
    note = PlainTextField(label=gettext_lazy("Explanation for the buyer"), rows=3, max_length=2000, required=False)

    def shape(self) -> None:
        """Reasons for an application that need no photo."""
        stage = RejectReason.Stage.APPLICATION
        offer_rows(self, "reason", RejectReason.objects.filter(is_active=True, stage=stage, needs_proof=False))

    def clean(self) -> dict[str, Any]:
        """A reason that needs an explanation has one."""
        data = super().clean() or {}
        reason = data.get("reason")
        if reason is not None and reason.needs_text and not data.get("note"):
            self.add_error("note", _("“%(reason)s” needs an explanation.") % {"reason": reason.name})
        return data

    def terms(self) -> dict[str, Any]:
        """The reason by id."""
        return {"reason": self.cleaned_data["reason"].pk, "note": self.cleaned_data["note"]}


class ExtendTerms(TermsForm):
    """Why the deadline is extended, and for a supervisor by how many days."""

    why = PlainTextField(
        label=gettext_lazy("Why"), rows=2, max_length=2000, help_text=gettext_lazy("This goes on record.")
    )

    def shape(self) -> None:
        """Supervisors choose the days; others extend by the step of each case's policy."""
        if self.by.role_for(deciding.EXTEND) == Role.SUPERVISOR:
            self.fields["days"] = forms.IntegerField(label=_("Days"), min_value=1, max_value=30, initial=1)


A = BulkAct
FORMS: Final[dict[str, type[TermsForm]]] = {
    A.TAKE: NoTerms,
    A.ASSIGN: AssignTerms,
    A.TEAM: TeamTerms,
    A.NOTE: TextTerms,
    A.MESSAGE: MessageTerms,
    A.APPROVE: WhyTerms,
    A.REJECT: RejectTerms,
    A.EXTEND: ExtendTerms,
}
