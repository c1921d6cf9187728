"""The days that a country keeps, as a page lists them: nobody has to enter what is known already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import chinese_calendar
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.rules.policies import calendar, statutory_days
from aftersales.rules.policies.calendar import CHINA

DAY: Final = timedelta(days=1)
NEW_YEAR, LABOUR, NATIONAL = (
    gettext_lazy("New Year's Day"),
    gettext_lazy("Labour Day"),
    gettext_lazy("National Day"),
)
SPRING, QINGMING, DRAGON_BOAT, MID_AUTUMN = (
    gettext_lazy("Spring Festival"),
    gettext_lazy("Qingming Festival"),
    gettext_lazy("Dragon Boat Festival"),
    gettext_lazy("Mid-Autumn Festival"),
)
ANNOUNCED: Final[dict[str, Promise]] = {
    "New Year's Day": NEW_YEAR,
    "Spring Festival": SPRING,
    "Tomb-sweeping Day": QINGMING,
    "Labour Day": LABOUR,
    "Dragon Boat Festival": DRAGON_BOAT,
    "National Day": NATIONAL,
    "Mid-autumn Festival": MID_AUTUMN,
}
BY_MONTH: Final = {1: NEW_YEAR, 5: LABOUR, 10: NATIONAL}


@dataclass
class Holiday:
    """One holiday of a year: its days off, and the weekend days that are worked for it."""

    name: Promise | str
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)

    @property
    def off_spans(self) -> list[tuple[date, date]]:
        """Days off that follow each other, as first and last."""
        return list(spans(self.off))


@dataclass(frozen=True)
class Year:
    """What is known of a year; until it is announced only the days of the law."""

    number: int
    is_announced: bool
    holidays: list[Holiday]


def of(country: str, years: Iterable[int]) -> list[Year]:
    """What the country keeps in these years; nothing where the calendar names none."""
    return [_year(number) for number in years] if country == CHINA else []


def _year(number: int) -> Year:
    is_announced = calendar.is_announced(number)
    found: dict[str, Holiday] = {}
    for day, name, is_off in _announced(number) if is_announced else _by_law(number):
        holiday = found.setdefault(str(name), Holiday(name))
        (holiday.off if is_off else holiday.worked).append(day)
    return Year(number, is_announced, list(found.values()))


def _announced(number: int) -> Iterator[tuple[date, Promise | str, bool]]:
    day = date(number, 1, 1)
    while day.year == number:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        if name:
            yield day, ANNOUNCED.get(name, name), is_off
        day += DAY


def _by_law(number: int) -> Iterator[tuple[date, Promise | str, bool]]:
    lunar = statutory_days.BY_MOON_AND_SUN.get(number, ())
    names = dict(zip(lunar[1:], (QINGMING, DRAGON_BOAT, MID_AUTUMN), strict=True)) if lunar else {}
    for day in sorted(statutory_days.days_of(number)):
        written = f"{day:%m-%d}"
        fixed = BY_MONTH.get(day.month) if written in statutory_days.FIXED else None
        yield day, fixed or names.get(written, SPRING), True


def spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in order as stretches without a gap, first and last."""
    ordered = list(days)
    begins = ordered[0] if ordered else None
    for one, other in pairwise([*ordered, None]):
        if begins and one and (other is None or other - one != DAY):
            yield begins, one
            begins = other
