"""Time zones as people name them, and moments by the clocks of a shop beside the reader's own."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OFTEN: Final[dict[str, Promise | str]] = {
    "Asia/Shanghai": gettext_lazy("Shanghai"),
    "Asia/Hong_Kong": gettext_lazy("Hong Kong"),
    "Asia/Taipei": gettext_lazy("Taipei"),
    "Asia/Singapore": gettext_lazy("Singapore"),
    "Asia/Tokyo": gettext_lazy("Tokyo"),
    "Europe/London": gettext_lazy("London"),
    "Europe/Berlin": gettext_lazy("Berlin"),
    "America/Sao_Paulo": gettext_lazy("São Paulo"),
    "America/New_York": gettext_lazy("New York"),
    "America/Los_Angeles": gettext_lazy("Los Angeles"),
    "UTC": "UTC",
}


def place(name: str) -> Promise | str:
    """The place that a zone is named after: New York."""
    return OFTEN.get(name) or name.partition("/")[2].replace("/", " / ").replace("_", " ") or name


def by_shop(at: datetime, zone: str, say: Callable[[datetime], str]) -> str:
    """A moment for people whose clock nobody knows: by that of their shop, which is named unless it is everybody's."""
    with timezone.override(zone):
        there = say(at)
    if zone == settings.TIME_ZONE:
        return there
    return _("%(moment)s (%(place)s time)") % {"moment": there, "place": place(zone)}


def by_both(at: datetime, zone: tzinfo, say: Callable[[datetime], str]) -> str:
    """A moment as the reader says it; where the clocks of a shop read otherwise, what they read and where that is."""
    here = say(at)
    if at.astimezone(zone).utcoffset() == timezone.localtime(at).utcoffset():
        return here
    with timezone.override(zone):
        there = say(at)
    return _("%(here)s (%(there)s in %(place)s)") % {"here": here, "there": there, "place": place(str(zone))}
