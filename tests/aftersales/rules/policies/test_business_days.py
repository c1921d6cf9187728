"""Business days: the official calendar of China, and that of a shop elsewhere."""

from datetime import date, timedelta

import holidays
import pytest

from aftersales.rules.policies import calendar
from aftersales.rules.policies.calendar import Calendar, due
from tests.aftersales.rules.policies.test_calendar import CHINA, NEW_YORK, SHANGHAI, at


@pytest.mark.parametrize("time_of_day", ["00:00", "09:30", "15:00", "23:59:59"])
@pytest.mark.parametrize(
    ("approved", "paid_by"),
    [("2026-02-13", "2026-02-24"), ("2026-09-18", "2026-09-21"), ("2026-09-24", "2026-09-29")],
)
def test_two_business_days_of_the_official_calendar(approved, paid_by, time_of_day):
    assert due(at(f"{approved}T{time_of_day}"), 2, "business_days", CHINA) == at(f"{paid_by}T{time_of_day}")


def test_without_make_up_days_the_vectors_would_differ():
    plain = Calendar("no make-up days", "1", SHANGHAI, "CN", {date(2026, 2, 14): False, date(2026, 9, 20): False})

    assert due(at("2026-02-13T12:00"), 2, "business_days", plain) == at("2026-02-25T12:00")
    assert due(at("2026-09-18T12:00"), 2, "business_days", plain) == at("2026-09-22T12:00")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-19T00:00", 2, "2026-09-22T00:00"),  # Saturday off, Sunday makes up
        ("2026-09-26T10:00", 2, "2026-09-30T00:00"),
        ("2026-09-26T23:00", 3, "2026-10-01T00:00"),  # 24:00 of Wed 30 Sep, not after the National Day week
    ],
)
def test_a_start_on_a_day_off_ends_with_the_nth_working_day(start, days, end):
    assert due(at(start), days, "business_days", CHINA) == at(end)


def test_days_as_an_int_and_as_a_timedelta_are_the_same():
    start = at("2026-02-13T15:00")

    assert due(start, 2, "business_days", CHINA) == due(start, timedelta(days=2), "business_days", CHINA)


def test_zero_is_due_at_once_even_on_a_day_off():
    sunday = at("2026-09-27T10:00")

    assert due(sunday, 0, "business_days", CHINA) == due(sunday, timedelta(0), "windowed", CHINA) == sunday


def test_an_override_goes_before_the_official_calendar():
    typhoon = Calendar("Shenzhen", "2", SHANGHAI, "CN", {date(2026, 9, 21): False, date(2026, 9, 26): True})

    assert due(at("2026-09-18T15:00"), 2, "business_days", typhoon) == at("2026-09-22T15:00")
    assert due(at("2026-09-24T15:00"), 2, "business_days", typhoon) == at("2026-09-28T15:00")


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_working_days_agree_with_a_second_source(year):
    second = holidays.country_holidays("CN", years=[year])
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert [day for day in days if calendar.is_working(day, CHINA) != second.is_working_day(day)] == []


def test_a_year_not_announced_counts_monday_to_friday_and_is_reported():
    far = 2100
    wednesday = at("2100-01-06T10:00")

    assert not calendar.is_announced(far)
    assert calendar.is_announced(2026)
    assert due(wednesday, 3, "business_days", CHINA) == at("2100-01-11T10:00")


# whose calendar


def test_another_country_keeps_no_day_of_china():
    new_york = Calendar("New York", "1", NEW_YORK)

    # Spring Festival, and a Sunday that makes up for it, are a Monday to Friday like any other.
    assert due(at("2026-02-13T12:00", NEW_YORK), 2, "business_days", new_york) == at("2026-02-17T12:00", NEW_YORK)
    assert due(at("2026-09-18T12:00", NEW_YORK), 2, "business_days", new_york) == at("2026-09-22T12:00", NEW_YORK)
    # Nor of the years that nobody has announced.
    assert due(at("2030-09-30T12:00", NEW_YORK), 2, "business_days", new_york) == at("2030-10-02T12:00", NEW_YORK)
