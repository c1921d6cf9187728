"""The three clocks of deadlines: natural hours, windowed hours, business days. Pure; instants in, UTC instants out.

Each shop has its own calendar: its zone, its hours, its days; nothing here knows another one.

Business days. A working day is one that an override names so, else Monday to Friday; in a calendar of China what
chinesecalendar (the official dates) says, and in a year not yet announced Monday to Friday but for the statutory days:
only bridge and make-up days are open then, and `open_days` says so. N business days end on the Nth working day AFTER
the shop's day of the start, which itself never counts, at the same time of day; a start on a day off ends at 24:00 of
that Nth working day. Official vectors for 2 business days in China, make-up working days included:
Fri 13 Feb 2026 → Tue 24 Feb (Sat 14 works, 15–23 off); Fri 18 Sep → Mon 21 (Sun 20 works);
Thu 24 Sep → Tue 29 (25–27 off).

What is left of a paused clock is the time that it counts: `left = remaining(now, due_at, kind, calendar)` when it
stops, `due(now, left, kind, calendar)` when it goes on. Of business days a whole working day counts, from midnight to
midnight. In a zone with summer time the due time of day may be off by the hour that the clocks skip or repeat.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

import chinese_calendar

from aftersales.rules.policies import statutory_days
from orders.working_hours import MIDNIGHT, Hours

Kind = Literal["natural", "windowed", "business_days"]

CHINA: Final = "CN"
OFFICE_HOURS: Final[Hours] = ((time(9), time(18)),)
DAY: Final = timedelta(days=1)
NOTHING: Final = timedelta(0)
SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """The zone of a shop, its days and the hours a day that count; hours that end at 00:00 end at midnight.

    `country` has its public holidays off; an empty one has none. `overrides` go before them: a day works, or not.
    """

    name: str
    version: str
    tz: tzinfo
    country: str = ""
    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    hours: Hours = OFFICE_HOURS

    def __post_init__(self) -> None:
        """Refuse a day without hours: its clock would never end."""
        moments = [moment for interval in self.hours for moment in interval]
        # Midnight ends the last interval; anywhere else it would begin a day within the day.
        ordered = moments[:-1] if moments and moments[-1] == MIDNIGHT else moments
        if not moments or any(one >= other for one, other in pairwise(ordered)):
            raise ValueError("the hours of a day must follow each other")


def due(start: datetime, amount: timedelta | int, kind: Kind, calendar: Calendar) -> datetime:
    """Return when the clock, started at `start`, has counted `amount`; an int is a number of business days.

    Zero is due at once. ValueError for a negative amount, a naive start, or an int for another clock.
    """
    start = _utc(start)
    left = _as_timedelta(amount, kind)
    if left == NOTHING or kind == "natural":
        return start + left
    if kind == "business_days" and left % DAY == NOTHING:
        return _nth_working_day(start, left // DAY, calendar)
    for begins, ends in _counted(start, kind, calendar):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise OverflowError("the deadline lies beyond the calendar")


def remaining(now: datetime, due_at: datetime, kind: Kind, calendar: Calendar) -> timedelta:
    """Return the counted time from `now` to `due_at`; zero if it has passed."""
    now, due_at = _utc(now), _utc(due_at)
    if now >= due_at:
        return NOTHING
    if kind == "natural":
        return due_at - now
    left = NOTHING
    for begins, ends in _counted(now, kind, calendar):
        if begins >= due_at:
            break
        left += min(ends, due_at) - begins
    return left


def window_end(signed_at: datetime, days: int, calendar: Calendar) -> datetime:
    """Return the end of a window to ask: 24:00 of the last of `days` whole days of the shop after signature."""
    if days < 0:
        raise ValueError("a window has no negative length")
    return _midnight(_utc(signed_at).astimezone(calendar.tz).date() + (days + 1) * DAY, calendar.tz)


def months_later(start: datetime, months: int, calendar: Calendar) -> datetime:
    """Return the same local time of day so many calendar months later; the last of the month where it is shorter."""
    local = _utc(start).astimezone(calendar.tz)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = date(year, month, min(local.day, monthrange(year, month)[1]))
    return datetime.combine(day, local.time(), calendar.tz).astimezone(UTC)


def is_working(day: date, calendar: Calendar) -> bool:
    """Tell whether people work on `day`: override, then what its country keeps, else Monday to Friday."""
    override = calendar.overrides.get(day)
    if override is not None:
        return override
    if calendar.country == CHINA:
        return _works_in_china(day)
    return day.weekday() < SATURDAY


def _works_in_china(day: date) -> bool:
    official = _official(day)
    if official is None:
        return day.weekday() < SATURDAY and day not in statutory_days.days_of(day.year)
    return official


def is_announced(year: int) -> bool:
    """Tell whether the official holidays of `year` are known to the installed chinesecalendar."""
    return _official(date(year, 1, 1)) is not None


# A deadline asks for each of its days, and the next case for the same ones.
@lru_cache(maxsize=4096)
def _official(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _as_timedelta(amount: timedelta | int, kind: Kind) -> timedelta:
    if isinstance(amount, int):
        if kind != "business_days":
            raise ValueError(f"{amount} of what? the {kind} clock counts a timedelta")
        amount = amount * DAY
    if amount < NOTHING:
        raise ValueError("a clock does not count backwards")
    return amount


def _nth_working_day(start: datetime, count: int, calendar: Calendar) -> datetime:
    local = start.astimezone(calendar.tz)
    day = local.date()
    while count:
        day += DAY
        count -= is_working(day, calendar)
    if is_working(local.date(), calendar):
        return datetime.combine(day, local.time(), calendar.tz).astimezone(UTC)
    return _midnight(day + DAY, calendar.tz)


def _counted(start: datetime, kind: Kind, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of time from `start` on that the clock counts, in order."""
    day, until = start.astimezone(calendar.tz).date(), start
    while True:
        for begins, ends in _stretches(day, kind, calendar):
            # Hours that the clocks skip would otherwise end after the next ones begin, or before they begin.
            if ends > max(begins, until):
                yield max(begins, until), ends
                until = ends
        day += DAY


def _stretches(day: date, kind: Kind, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    if kind == "windowed":
        for begins, ends in calendar.hours:
            end = _midnight(day + DAY, calendar.tz) if ends == MIDNIGHT else _at(day, ends, calendar.tz)
            yield _at(day, begins, calendar.tz), end
    elif is_working(day, calendar):
        yield _midnight(day, calendar.tz), _midnight(day + DAY, calendar.tz)


def _at(day: date, moment: time, tz: tzinfo) -> datetime:
    return datetime.combine(day, moment, tz).astimezone(UTC)


def _midnight(day: date, tz: tzinfo) -> datetime:
    return _at(day, MIDNIGHT, tz)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)
