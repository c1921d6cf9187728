"""Deadlines of calendar months: the same day and time of a later month, by the shop's clock."""

import pytest

from aftersales.rules.policies import calendar
from tests.aftersales.rules.policies.test_calendar import CHINA, NEW_YORK, ZONES, at


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-10T17:30", 6, "2026-09-10T17:30"),
        ("2026-08-31T23:30", 6, "2027-02-28T23:30"),
        ("2027-08-31T00:00", 6, "2028-02-29T00:00"),
        ("2026-12-31T12:00", 12, "2027-12-31T12:00"),
        ("2026-03-10T17:30", 0, "2026-03-10T17:30"),
    ],
)
def test_months_end_on_the_same_day_of_a_month_or_on_its_last(start, months, end):
    assert calendar.months_later(at(start), months, CHINA) == at(end)


def test_months_keep_the_local_time_of_day_when_the_clocks_change():
    assert calendar.months_later(at("2026-01-15T09:00", NEW_YORK), 6, ZONES[1]) == at("2026-07-15T09:00", NEW_YORK)
