"""The days that a calendar keeps without anybody entering them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales.rules.policies import calendar, known_days, statutory_days
from aftersales.rules.policies.calendar import Calendar

CHINA = Calendar("China", "1", ZoneInfo("Asia/Shanghai"), "CN")


def listed(year):
    (known,) = known_days.of("CN", [year])
    return known


def test_an_announced_year_lists_its_holidays_with_the_days_worked_for_them():
    spring = next(each for each in listed(2026).holidays if str(each.name) == "Spring Festival")

    assert spring.off_spans == [(date(2026, 2, 15), date(2026, 2, 23))]
    assert spring.worked == [date(2026, 2, 14), date(2026, 2, 28)]


def test_a_year_not_announced_lists_the_days_of_the_law():
    year = listed(2030)

    assert not year.is_announced
    assert [str(each.name) for each in year.holidays] == [
        "New Year's Day", "Spring Festival", "Qingming Festival", "Labour Day", "Dragon Boat Festival",
        "Mid-Autumn Festival", "National Day",
    ]  # fmt: skip
    assert {day for each in year.holidays for day in each.off} == statutory_days.days_of(2030)


@pytest.mark.parametrize("year", [2025, 2026, 2030, 2031])
def test_what_is_listed_is_what_clocks_count(year):
    known = listed(year).holidays
    off, worked = ({day for each in known for day in getattr(each, kind)} for kind in ("off", "worked"))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert [day for day in days if day in off and calendar.is_working(day, CHINA)] == []
    assert [day for day in days if day in worked and not calendar.is_working(day, CHINA)] == []
    unlisted = [day for day in days if day not in off | worked]
    assert [day for day in unlisted if calendar.is_working(day, CHINA) != (day.weekday() < 5)] == []


def test_a_calendar_of_no_country_knows_none():
    assert known_days.of("", [2026, 2027]) == []
