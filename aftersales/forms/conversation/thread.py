"""What people write into a case: messages, notes, photos."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField, offer_choices
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.moves import rights
from aftersales.rules.actor import Actor


class ComposerForm(forms.Form):
    """A message to the other party, or a note that only our people see."""

    kind = forms.ChoiceField(choices=[], required=False)
    then = forms.ChoiceField(choices=[("stay", "stay"), ("next", "next"), ("close", "close")], required=False)
    text = PlainTextField(label=_("Text"), rows=2, error_messages={"required": _("Write something first.")})

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(rights.MESSAGE, _("Message")), (rights.NOTE, _("Internal note"))]
        self.kinds = [(act.name, label) for act, label in named if act.is_granted_to(by.roles)]
        offer_choices(self, "kind", self.kinds)
        self.fields["kind"].required = len(self.kinds) > 1

    @property
    def chosen(self) -> str:
        """The kind that is ticked."""
        return str(self.data.get("kind") or self.initial.get("kind") or (self.kinds[0][0] if self.kinds else ""))


class EvidenceForm(forms.Form):
    """Photos that prove something."""

    photos = MultiplePhotoField(label=_("Photos"))
