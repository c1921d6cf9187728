"""How the buyer agreed to what somebody does for them, and what shows it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import PlainTextField, offer_choices, offer_rows
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.models import Case, Message
from aftersales.rules.cases import consent
from aftersales.rules.cases.consent import Channel, Consent
from aftersales.rules.phrases import moment_text
from aftersales.rules.vocabulary import Role

SHOWN: Final = 20  # messages


class MessageChoice(forms.ModelChoiceField):
    """Messages of the buyer, each with its moment."""

    def label_from_instance(self, message: Any) -> str:
        """When it was sent, and how it begins."""
        return f"{moment_text(message.sent_at)} · {message.body[:80]}"


class ConsentForm(forms.Form):
    """A channel, and the proof that it asks for; the buyer's last message is what is answered most often."""

    prefix = "consent"  # some moves have fields of the same names

    channel = forms.ChoiceField(
        label=gettext_lazy("The buyer agreed"), choices=Channel.choices, widget=forms.RadioSelect
    )
    message = MessageChoice(queryset=None, label=gettext_lazy("Message of the buyer"), required=False)
    note = PlainTextField(label=gettext_lazy("What they said, and when"), rows=2, max_length=1000, required=False)
    photos = MultiplePhotoField(label=gettext_lazy("Photo or screenshot of it"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Message.objects.filter(case=case, role=Role.BUYER, is_note=False).order_by("-pk")[:SHOWN]
        found = list(newest)
        if found:
            said = Message.objects.filter(pk__in=[message.pk for message in found]).order_by("-pk")
            offer_rows(self, "message", said)
            self.initial.update(channel=Channel.MESSAGE, message=found[0].pk)
        else:
            del self.fields["message"]
            offer_choices(self, "channel", [choice for choice in Channel.choices if choice[0] != Channel.MESSAGE])

    def clean(self) -> dict[str, Any]:
        """Refuse a consent that nothing shows."""
        if not self.errors:
            lacking = consent.lacking(self.given())
            if lacking:
                self.add_error("message" if self.cleaned_data["channel"] == Channel.MESSAGE else "note", lacking)
        return self.cleaned_data

    def given(self) -> Consent:
        """What a form without errors says."""
        data = self.cleaned_data
        channel, message = Channel(data["channel"]), data.get("message")
        # What is not asked for in this channel does not count, though it was filled in.
        message_id = message.pk if message is not None and channel == Channel.MESSAGE else None
        return Consent(channel, message_id, data["note"], tuple(data["photos"]))
