"""Windows to ask: whole days of the shop after signature, wherever it is and whatever its clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.policies import calendar
from aftersales.rules.policies.calendar import Calendar
from tests.aftersales.rules.policies.test_calendar import CHINA, NEW_YORK, at, instants

# From UTC−11 to UTC+14, most with summer time; in some the clocks change at midnight, and Samoa once left out a day.
EVERYWHERE = [
    "Pacific/Pago_Pago", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Santiago", "America/Havana", "America/Asuncion",
    "America/St_Johns", "America/Sao_Paulo", "Atlantic/Azores", "UTC", "Europe/London", "Europe/Berlin",
    "Africa/Cairo", "Asia/Beirut", "Europe/Moscow", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Adelaide", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Apia", "Pacific/Kiritimati",
]  # fmt: skip
MOMENT = timedelta(microseconds=1)


@given(instants, st.integers(0, 400), st.sampled_from(EVERYWHERE))
def test_a_window_of_n_days_ends_with_the_nth_day_of_the_shop(signed, days, name):
    zone = ZoneInfo(name)

    end = calendar.window_end(signed, days, Calendar(name, "1", zone))

    last = signed.astimezone(zone).date() + timedelta(days=days)
    assert (end - MOMENT).astimezone(zone).date() == last
    assert end.astimezone(zone).date() == last + timedelta(days=1)


@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_year_ends_where_the_next_begins(name, year):
    """The days on which clocks change among them."""
    zone, day = ZoneInfo(name), timedelta(days=1)
    where = Calendar(name, "1", zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=zone) + n * day for n in range(365)]

    ends = [calendar.window_end(noon, 0, where) for noon in noons]

    assert [(end - MOMENT).astimezone(zone).date() for end in ends] == [noon.date() for noon in noons]
    assert [end.astimezone(zone).date() for end in ends] == [noon.date() + day for noon in noons]


def test_peer_36_the_return_window_counts_whole_days_from_the_day_after_signature():
    for signed in ("2026-03-01T00:00", "2026-03-01T08:00", "2026-03-01T23:59:59"):
        assert calendar.window_end(at(signed), 7, CHINA) == at("2026-03-09T00:00")


def test_a_window_is_counted_in_days_of_the_shop():
    evening_in_london = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
    new_york = Calendar("New York", "1", NEW_YORK)

    assert calendar.window_end(evening_in_london, 7, CHINA) == at("2026-03-10T00:00")
    assert calendar.window_end(evening_in_london, 7, new_york) == at("2026-03-09T00:00", NEW_YORK)


def test_a_window_has_no_negative_length():
    with pytest.raises(ValueError, match="negative"):
        calendar.window_end(at("2026-01-01"), -1, CHINA)
