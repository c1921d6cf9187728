"""Lengths of time in words, and how loud a clock is."""

import pytest
from django.utils import translation

from aftersales.rules.console import durations


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (11524, "3 h 12 min"),
        (86400, "1 d"),
        (86400 + 4 * 3600 + 59, "1 d 4 h"),
        (-1100, "18 min"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds, text):
    assert durations.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "shade"),
    [(-1, "is-over"), (0, "is-now"), (3600, "is-now"), (3601, "is-soon"), (14400, "is-soon"), (14401, "is-calm")],
)
def test_a_clock_is_as_loud_as_it_is_near(seconds, shade):
    assert durations.urgency(seconds) == shade
