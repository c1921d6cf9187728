"""Hours of a day as a person types them, as they are stored, as they are counted."""

from datetime import time

import pytest

from orders import working_hours


@pytest.mark.parametrize(
    "typed", ["9:00-12:00, 13:00-18:00", "09:00–12:00,13:00–18:00", "９：00 — 12:00，13:00～18:00"]
)
def test_hours_are_read_as_people_write_them(typed):
    stored = working_hours.normalised(typed)

    assert stored == "09:00-12:00,13:00-18:00"
    assert working_hours.parsed(stored) == ((time(9), time(12)), (time(13), time(18)))
    assert working_hours.said(stored) == "09:00–12:00, 13:00–18:00"


def test_a_day_may_work_until_midnight():
    assert working_hours.parsed("20:00-24:00") == ((time(20), time(0)),)


@pytest.mark.parametrize(
    "text",
    ["", "nine to five", "18:00-09:00", "09:00-09:00", "09:00-13:00,12:00-18:00", "09:00-12:00,12:00-18:00",
     "24:00-24:00", "09:00-25:00", "09:00-12:60", "09:00", "09:00-12:00-13:00", "20:00-24:00,21:00-22:00"],
)  # fmt: skip
def test_hours_that_are_none_or_meet_are_refused(text):
    with pytest.raises(ValueError, match="hours"):
        working_hours.parsed(text)
