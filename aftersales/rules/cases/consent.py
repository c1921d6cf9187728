"""The buyer's consent to what somebody does for them: through which channel it was given, and what shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.disputes.photo import Photo


class Channel(TextChoices):
    """How the buyer said it."""

    MESSAGE = "message", gettext_lazy("in a message of this case")
    CALL = "call", gettext_lazy("on the phone")
    IN_PERSON = "in_person", gettext_lazy("in person")
    ELSEWHERE = "elsewhere", gettext_lazy("in writing, elsewhere")


@dataclass(frozen=True)
class Consent:
    """What the buyer agreed to, and how that is known: a message of the thread, a note of the talk, a photo."""

    channel: Channel
    message_id: int | None = None
    note: str = ""
    photos: Sequence[Photo] = ()


def lacking(given: Consent) -> str | None:
    """Sentence when nothing shows the consent: a message for one channel, a note or a photo for the others."""
    if given.channel == Channel.MESSAGE:
        return None if given.message_id else _("Choose the message in which the buyer agreed.")
    if given.note.strip() or given.photos:
        return None
    return _("Write down what the buyer said and when, or add a photo of it.")
