"""What stands against asking for several items, each judged by its own policy. Pure."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def sentence(titles: Mapping[int, str], against: Mapping[int, str | None]) -> str:
    """The first sentence against some of the items, with their names where others are fine; nothing when all are."""
    found = next((against[pk] for pk in sorted(against) if against[pk]), None)
    if found is None:
        return ""
    refused = [pk for pk in sorted(against) if against[pk] == found]
    if len(refused) == len(against):
        return found
    names = pgettext("between states", ", ").join(titles[pk] for pk in refused)
    return _("%(items)s: %(why)s") % {"items": names, "why": found}
