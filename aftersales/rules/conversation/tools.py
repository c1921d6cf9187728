"""Replies and macros that agents keep: whose they are, what a macro is made of."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """Who uses a reply or a macro."""

    PERSONAL = "personal", _("Only I")
    TEAM = "team", _("A team")
    EVERYBODY = "global", _("Everybody")


class StepKind(TextChoices):
    """What one step of a macro does."""

    MESSAGE = "message", _("Send a message")
    NOTE = "note", _("Write an internal note")
    APPROVE = "approve", _("Agree to what is asked")
    OFFER = "offer", _("Make an offer")
    REJECT = "reject", _("Reject")
    EXTEND = "extend", _("Extend the deadline")
    REQUEST_APPROVAL = "request_approval", _("Send for approval")
    ASSIGN = "assign", _("Assign")
    TICK = "tick", _("Tick steps of the procedure")


class Whom(TextChoices):
    """To whom a step assigns the case."""

    ME = "me", _("Me")
    NOBODY = "nobody", _("Nobody")
    TEAM = "team", _("A team")


K: Final = StepKind
# The fields that a step of each kind has beside its place; the rest stays empty.
FIELDS: Final[dict[str, frozenset[str]]] = {
    K.MESSAGE: frozenset({"text"}),
    K.NOTE: frozenset({"text"}),
    K.APPROVE: frozenset(),
    K.OFFER: frozenset({"text", "percent", "amount", "currency", "terms"}),
    K.REJECT: frozenset({"text", "reject_reason"}),
    K.EXTEND: frozenset({"text"}),
    K.REQUEST_APPROVAL: frozenset({"text"}),
    K.ASSIGN: frozenset({"whom", "team"}),
    K.TICK: frozenset({"ticks"}),
}
MUST_SAY: Final = frozenset({K.MESSAGE, K.NOTE, K.EXTEND})
