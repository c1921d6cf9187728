"""The calendar of the demo's shop abroad: its own zone, a lunch break, public holidays that an admin entered."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from aftersales.models import CalendarDay
from orders.models import BusinessCalendar

MONDAY, THURSDAY = 0, 3
FIXED: Final = (
    (1, 1, "New Year's Day"),
    (6, 19, "Juneteenth"),
    (7, 4, "Independence Day"),
    (11, 11, "Veterans Day"),
    (12, 25, "Christmas Day"),
)


def of_california(today: date) -> BusinessCalendar:
    """Shops in California, with the days off of this year and the next."""
    calendar = BusinessCalendar.objects.create(
        code="us-ca", name="California", time_zone="America/Los_Angeles", hours="09:00-12:00,13:00-18:00"
    )
    days = [*_holidays(today.year), *_holidays(today.year + 1)]
    CalendarDay.objects.bulk_create(CalendarDay(calendar=calendar, day=day, note=name) for day, name in days)
    return calendar


def _holidays(year: int) -> Iterator[tuple[date, str]]:
    for month, day, name in FIXED:
        yield date(year, month, day), name
    yield _nth(year, 9, MONDAY, 1), "Labor Day"
    yield _nth(year, 11, THURSDAY, 4), "Thanksgiving"


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    """The nth Monday, say, of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=count - 1)
