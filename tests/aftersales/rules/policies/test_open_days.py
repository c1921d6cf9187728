"""Years whose holidays are not announced: the days of the law hold, and people are told."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import holidays
import pytest

from aftersales.rules.policies import calendar, open_days, statutory_days
from aftersales.rules.policies.calendar import Calendar, due

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = Calendar("China", "1", SHANGHAI, "CN")
OPEN = range(2027, 2051)  # years that no government has announced when this was written


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("year", OPEN)
def test_the_statutory_days_of_a_year_not_announced_are_those_of_a_second_source(year):
    second = holidays.country_holidays("CN", years=[year], observed=False, language="en_US")
    named = {day for day, name in second.items() if "substituted" not in name and "observed" not in name}

    assert statutory_days.days_of(year) == named


@pytest.mark.parametrize(
    ("start", "paid_by"),
    [
        ("2029-12-31T10:00", "2030-01-03T10:00"),  # 1 January
        ("2030-02-01T10:00", "2030-02-07T10:00"),  # Spring Festival: 2 to 5 February
        ("2030-04-30T10:00", "2030-05-06T10:00"),  # 1 and 2 May, then a weekend
        ("2030-06-04T10:00", "2030-06-07T10:00"),  # Dragon Boat on 5 June
        ("2030-09-30T10:00", "2030-10-07T10:00"),  # 1 to 3 October
    ],
)
def test_no_business_day_is_counted_on_a_holiday_of_the_law(start, paid_by):
    assert due(at(start), 2, "business_days", CHINA) == at(paid_by)


def test_an_override_goes_before_a_holiday_of_the_law():
    open_for_work = Calendar("hand", "1", SHANGHAI, "CN", {date(2030, 10, 1): True})

    assert due(at("2030-09-30T10:00"), 1, "business_days", open_for_work) == at("2030-10-01T10:00")


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 12, 1), [2027]),
        (date(2030, 5, 1), [2030]),
        (date(2030, 11, 1), [2030, 2031]),
    ],
)
def test_years_without_holidays_are_told_from_november_on(today, years, monkeypatch):
    monkeypatch.setattr(calendar, "is_announced", lambda year: year <= 2026)

    assert open_days.years(today) == years
    assert len(open_days.warnings(today)) == len(years)
