"""The three clocks of deadlines: natural hours, windowed hours, business days. Pure; instants in, UTC instants out.

Business days. A working day is one that chinesecalendar (the official dates of China) or, before it, an override
names so; in a year not yet announced Monday to Friday work, but for the statutory days: only bridge and make-up days
are open, and `open_days` says so. N business days end on the Nth working day AFTER the local day of the start, which
itself never counts, at the same time of day; a start on a day off ends at 24:00 of that Nth working day. Official
vectors for 2 business days, make-up working days included:
Fri 13 Feb 2026 → Tue 24 Feb (Sat 14 works, 15–23 off); Fri 18 Sep → Mon 21 (Sun 20 works);
Thu 24 Sep → Tue 29 (25–27 off).

What is left of a paused clock is the time that it counts: `left = remaining(now, due_at, kind, calendar)` when it
stops, `due(now, left, kind, calendar)` when it goes on. Of business days a whole working day counts, from midnight to
midnight. In a zone with summer time the due time of day may be off by the hour that the clocks skip or repeat.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

import chinese_calendar

from aftersales.rules.policies import statutory_days

Kind = Literal["natural", "windowed", "business_days"]

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
NOTHING: Final = timedelta(0)
SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """Which days work and which hours count; a window that ends at 00:00 ends at midnight."""

    name: str
    version: str
    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    tz: tzinfo = SHANGHAI
    window_start: time = time(9)
    window_end: time = time(18)

    def __post_init__(self) -> None:
        """Refuse a window without hours: its clock would never end."""
        if time(0) < self.window_end <= self.window_start:
            raise ValueError("the window must end after it starts")


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


def return_window_end(signed_at: datetime, days: int, tz: tzinfo) -> datetime:
    """Return the end of a no-reason return window: 24:00 of the last of `days` whole local days after signature."""
    if days < 0:
        raise ValueError("a window has no negative length")
    return _midnight(_utc(signed_at).astimezone(tz).date() + (days + 1) * DAY, tz)


def is_working(day: date, calendar: Calendar) -> bool:
    """Tell whether people work on `day`: override, then the official calendar, then the law and Monday to Friday."""
    override = calendar.overrides.get(day)
    if override is not None:
        return override
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
    """Yield the stretches of time from `start` on that the clock counts, one a day at most."""
    day = start.astimezone(calendar.tz).date()
    while True:
        if kind == "windowed":
            begins, ends = _window(day, calendar)
        else:
            begins, ends = _midnight(day, calendar.tz), _midnight(day + DAY, calendar.tz)
        if ends > start and (kind == "windowed" or is_working(day, calendar)):
            yield max(begins, start), ends
        day += DAY


def _window(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, calendar.window_start, calendar.tz).astimezone(UTC)
    if calendar.window_end == time(0):
        return begins, _midnight(day + DAY, calendar.tz)
    return begins, datetime.combine(day, calendar.window_end, calendar.tz).astimezone(UTC)


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime.combine(day, time(0), tz).astimezone(UTC)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)
