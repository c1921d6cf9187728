"""The calendar in force: the official one with the days that admins changed."""

from types import MappingProxyType

from django.conf import settings
from django.utils import timezone

from aftersales.rules.policies.calendar import Calendar
from orders.db import statements

# One short statement for every move: a day changed in the admin counts from the next one on.
DAYS = """
SELECT array_agg(day), array_agg(is_working), (SELECT max(history_id) FROM aftersales_historicalcalendarday)
FROM aftersales_calendarday
"""


def current() -> Calendar:
    """The calendar with today's overrides; its version names the last change."""
    days, working, last = statements.rows(DAYS, [])[0]
    return Calendar(
        name=settings.TIME_ZONE,
        version=f"cn-{last if days and last else 0}",
        overrides=MappingProxyType(dict(zip(days or (), working or (), strict=True))),
        tz=timezone.get_default_timezone(),
    )
