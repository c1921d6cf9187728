"""The filters above a thread: public messages, notes, or the events about one matter."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales import moves
from aftersales.moves.record import About

# As they stand in the address; nothing is everything.
ALL, PUBLIC, NOTES = "", "messages", "notes"
SYSTEM, MONEY, PARCELS = About.SYSTEM.value, About.MONEY.value, About.PARCELS.value
LABELS: Final[dict[str, Promise | str]] = {
    ALL: pgettext_lazy("thread", "All"),
    PUBLIC: pgettext_lazy("thread", "Public"),
    NOTES: pgettext_lazy("thread", "Notes"),
    SYSTEM: pgettext_lazy("thread", "System"),
    MONEY: pgettext_lazy("thread", "Money"),
    PARCELS: pgettext_lazy("thread", "Parcels"),
}
NOTHING: Final[dict[str, Promise | str]] = {
    ALL: _("Nothing was written yet."),
    PUBLIC: _("No message was written yet."),
    NOTES: _("No note was written yet."),
    SYSTEM: _("Nothing happened yet."),
    MONEY: _("Nothing about money yet."),
    PARCELS: _("Nothing about parcels yet."),
}
INSIDE: Final = frozenset({NOTES})  # only our people write and read them


def known(text: str, *, is_insider: bool) -> str:
    """The filter in an address; all, where it is none that this person has."""
    return text if text in offered(is_insider=is_insider) else ALL


def offered(*, is_insider: bool) -> dict[str, Promise | str]:
    """The filters that a person has, by name with labels, in the order of the page."""
    return {show: label for show, label in LABELS.items() if is_insider or show not in INSIDE}


def actions_of(*shows: str) -> frozenset[str]:
    """Names of the events about these matters."""
    return moves.where(lambda act: act.about in shows)
