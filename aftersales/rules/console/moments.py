"""Instants as the reader sees them: in their zone and language, as short as they can be said."""

from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

NOTHING: Final = "–"


def moment(at: datetime | None) -> str:
    """An instant in local time: 14:05 today, else 24 Nov, 14:05, with the year if another; a dash for none."""
    if at is None:
        return NOTHING
    return _short(at, timezone.localdate(), timezone.get_current_timezone_name(), get_language())


def exact(at: datetime) -> str:
    """An instant in local time to the second, with the zone."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %Z}"


# A list shows the same moments each time it is looked at. Zone and language are arguments since they decide the text.
@lru_cache(maxsize=8192)
def _short(at: datetime, today: date, _zone: str, _language: str | None) -> str:
    local = timezone.localtime(at)
    if local.date() == today:
        return date_format(local, "H:i")
    same_year = local.year == today.year
    shape = pgettext("date format", "j M, H:i") if same_year else pgettext("date format", "j M Y, H:i")
    return date_format(local, shape)
