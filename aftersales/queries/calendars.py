"""The calendar in force: the official one with the days that admins changed."""

from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils import timezone

from aftersales.models import CalendarDay
from aftersales.rules.calendar import Calendar


def current() -> Calendar:
    """The calendar with today's overrides; its version names the last change."""
    days = list(CalendarDay.objects.order_by("day").values_list("day", "is_working"))
    history: Any = CalendarDay.history
    last = history.order_by("-history_id").values_list("history_id", flat=True).first() if days else None
    return Calendar(
        name=settings.TIME_ZONE,
        version=f"cn-{last or 0}",
        overrides=MappingProxyType(dict(days)),
        tz=timezone.get_default_timezone(),
    )
