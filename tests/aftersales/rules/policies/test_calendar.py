"""Three clocks: natural hours, windowed hours, business days of the official calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.policies import calendar
from aftersales.rules.policies.calendar import Calendar, due, remaining

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
CHINA = Calendar("China", "1")
ZONES = [CHINA, Calendar("New York", "1", tz=NEW_YORK), Calendar("Lord Howe", "1", tz=ZoneInfo("Australia/Lord_Howe"))]

kinds = st.sampled_from(["natural", "windowed", "business_days"])
instants = st.integers(0, 92_000_000_000_000).map(
    lambda microseconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
amounts = st.timedeltas(timedelta(0), timedelta(days=20))


def at(text, tz=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=tz)


# business days


@pytest.mark.parametrize("time_of_day", ["00:00", "09:30", "15:00", "23:59:59"])
@pytest.mark.parametrize(
    ("approved", "paid_by"),
    [("2026-02-13", "2026-02-24"), ("2026-09-18", "2026-09-21"), ("2026-09-24", "2026-09-29")],
)
def test_two_business_days_of_the_official_calendar(approved, paid_by, time_of_day):
    assert due(at(f"{approved}T{time_of_day}"), 2, "business_days", CHINA) == at(f"{paid_by}T{time_of_day}")


def test_without_make_up_days_the_vectors_would_differ():
    plain = Calendar("no make-up days", "1", {date(2026, 2, 14): False, date(2026, 9, 20): False})

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
    typhoon = Calendar("Shenzhen", "2", {date(2026, 9, 21): False, date(2026, 9, 26): True})

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
    late = Calendar("late", "1", window_start=time(20), window_end=time(0))

    assert due(at("2026-09-21T22:00"), 3 * HOUR, "windowed", late) == at("2026-09-22T21:00")


@pytest.mark.parametrize(("start", "end"), [(time(18), time(9)), (time(9), time(9))])
def test_a_window_without_hours_is_refused(start, end):
    with pytest.raises(ValueError, match="window"):
        Calendar("never", "1", window_start=start, window_end=end)


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


# return window


def test_peer_36_the_return_window_counts_whole_days_from_the_day_after_signature():
    for signed in ("2026-03-01T00:00", "2026-03-01T08:00", "2026-03-01T23:59:59"):
        assert calendar.return_window_end(at(signed), 7, SHANGHAI) == at("2026-03-09T00:00")


def test_the_return_window_is_counted_in_local_days():
    evening_in_london = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)

    assert calendar.return_window_end(evening_in_london, 7, SHANGHAI) == at("2026-03-10T00:00")
    assert calendar.return_window_end(evening_in_london, 7, NEW_YORK) == at("2026-03-09T00:00", NEW_YORK)


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


def test_return_window_end_refuses_a_negative_length():
    with pytest.raises(ValueError, match="negative"):
        calendar.return_window_end(at("2026-01-01"), -1, SHANGHAI)
