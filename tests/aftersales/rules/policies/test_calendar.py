"""Three clocks: natural hours, windowed hours, business days of the official calendar."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.policies import calendar
from aftersales.rules.policies.calendar import Calendar, due, remaining

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
CHINA = Calendar("China", "1", SHANGHAI, "CN")
LUNCH = ((time(9), time(12)), (time(13), time(18)))
ZONES = [
    CHINA,
    Calendar("New York", "1", NEW_YORK),
    Calendar("Lord Howe", "1", ZoneInfo("Australia/Lord_Howe")),
    Calendar("with lunch", "1", SHANGHAI, hours=LUNCH),
    # Hours inside and around the one that the clocks skip and repeat.
    Calendar("by night", "1", NEW_YORK, hours=((time(1), time(2, 45)), (time(3), time(3, 15)), (time(23), time(0)))),
]

kinds = st.sampled_from(["natural", "windowed", "business_days"])
instants = st.integers(0, 92_000_000_000_000).map(
    lambda microseconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
amounts = st.timedeltas(timedelta(0), timedelta(days=20))


def at(text, tz=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=tz)


# natural and windowed hours


def test_natural_hours_pass_at_night_and_on_holidays():
    assert due(at("2026-02-14T20:00"), 48 * HOUR, "natural", CHINA) == at("2026-02-16T20:00")


def test_natural_hours_are_real_hours_when_the_clocks_change():
    before = at("2026-03-07T12:00", NEW_YORK)

    assert due(before, 24 * HOUR, "natural", ZONES[1]) == at("2026-03-08T13:00", NEW_YORK)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-21T10:00", 4, "2026-09-21T14:00"),
        ("2026-09-21T16:00", 4, "2026-09-22T11:00"),
        ("2026-09-21T05:00", 4, "2026-09-21T13:00"),
        ("2026-09-21T19:00", 4, "2026-09-22T13:00"),
        ("2026-09-21T14:00", 4, "2026-09-21T18:00"),
        ("2026-09-25T16:00", 4, "2026-09-26T11:00"),  # a window opens on days off too
        ("2026-09-21T17:00", 20, "2026-09-24T10:00"),
    ],
)
def test_windowed_hours_count_inside_the_window_only(start, hours, end):
    assert due(at(start), hours * HOUR, "windowed", CHINA) == at(end)


def test_a_window_may_end_at_midnight():
    late = Calendar("late", "1", SHANGHAI, hours=((time(20), time(0)),))

    assert due(at("2026-09-21T22:00"), 3 * HOUR, "windowed", late) == at("2026-09-22T21:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-21T11:00", 2, "2026-09-21T14:00"),
        ("2026-09-21T12:30", 1, "2026-09-21T14:00"),
        ("2026-09-21T17:00", 5, "2026-09-22T14:00"),
        ("2026-09-21T09:00", 3, "2026-09-21T12:00"),
        ("2026-09-21T09:00", 8, "2026-09-21T18:00"),
    ],
)
def test_lunch_does_not_count(start, hours, end):
    lunch = Calendar("with lunch", "1", SHANGHAI, hours=LUNCH)

    assert due(at(start), hours * HOUR, "windowed", lunch) == at(end)


NINE, NOON, SIX = time(9), time(12), time(18)


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((SIX, NINE),),
        ((NINE, NINE),),
        ((NINE, SIX), (NOON, time(20))),
        ((NINE, NOON), (NOON, SIX)),
        ((NINE, time(0)), (NOON, SIX)),
    ],
)
def test_a_day_without_hours_or_with_two_at_once_is_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        Calendar("never", "1", SHANGHAI, hours=hours)


# what is left


def test_a_pause_keeps_the_business_time_that_was_left():
    promised = due(at("2026-02-13T15:00"), 2, "business_days", CHINA)

    left = remaining(at("2026-02-14T15:00"), promised, "business_days", CHINA)

    assert left == 24 * HOUR
    assert due(at("2026-02-18T11:00"), left, "business_days", CHINA) == at("2026-02-25T00:00")
    assert due(at("2026-02-14T15:00"), left, "business_days", CHINA) == promised


def test_nothing_is_left_of_a_deadline_that_has_passed():
    assert remaining(at("2026-09-22T10:00"), at("2026-09-22T09:59"), "natural", CHINA) == timedelta(0)


@given(instants, amounts, kinds, st.sampled_from(ZONES), st.floats(0, 1))
def test_stopping_and_going_on_at_once_changes_nothing(start, amount, kind, where, part):
    due_at = due(start, amount, kind, where)
    now = start + (due_at - start) * part

    left = remaining(now, due_at, kind, where)
    again = due(now, left, kind, where)

    assert remaining(now, again, kind, where) == left
    if again != due_at:
        assert remaining(min(again, due_at), max(again, due_at), kind, where) == timedelta(0)


@given(instants, amounts, kinds, st.sampled_from(ZONES), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_pause_of_any_length_keeps_the_rest(start, amount, kind, where, pause):
    due_at = due(start, amount, kind, where)
    stopped = start + (due_at - start) / 3
    resumed = stopped + pause

    left = remaining(stopped, due_at, kind, where)
    later = due(resumed, left, kind, where)

    assert later >= due_at or remaining(later, due_at, kind, where) == timedelta(0)
    if kind != "business_days" or left % timedelta(days=1):
        assert remaining(resumed, later, kind, where) == left


@given(instants, kinds, st.sampled_from(ZONES), amounts, amounts)
def test_a_longer_promise_is_never_due_earlier(start, kind, where, one, other):
    whole = timedelta(days=1)
    short, long = sorted([one // whole * whole, other // whole * whole] if kind == "business_days" else [one, other])

    assert start <= due(start, short, kind, where) <= due(start, long, kind, where)


@given(instants, instants, kinds, st.integers(1, 10))
def test_who_starts_later_is_never_due_earlier(one, other, kind, days):
    first, second = sorted([one, other])
    amount = timedelta(days=days)

    assert due(first, amount, kind, CHINA) <= due(second, amount, kind, CHINA)


@given(instants, st.integers(1, 10))
def test_a_business_deadline_falls_on_the_nth_working_day_after(start, days):
    local = start.astimezone(SHANGHAI)
    following = [local.date() + timedelta(days=n) for n in range(1, 60)]
    nth = [day for day in following if calendar.is_working(day, CHINA)][days - 1]
    midnight = datetime.combine(nth, time(0), SHANGHAI) + timedelta(days=1)

    end = due(start, days, "business_days", CHINA)

    works_today = calendar.is_working(local.date(), CHINA)
    assert end == (datetime.combine(nth, local.time(), SHANGHAI) if works_today else midnight)


# refusals


@pytest.mark.parametrize(
    ("start", "amount", "kind"),
    [
        (at("2026-01-01", tz=None), 2, "business_days"),
        (at("2026-01-01"), -1, "business_days"),
        (at("2026-01-01"), -HOUR, "natural"),
        (at("2026-01-01"), 48, "natural"),
        (at("2026-01-01"), 4, "windowed"),
    ],
)
def test_due_refuses_what_no_clock_counts(start, amount, kind):
    with pytest.raises(ValueError):
        due(start, amount, kind, CHINA)
