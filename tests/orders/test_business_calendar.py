"""The calendar of a shop: what the database refuses, and which changes make another version of it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from orders.models import BusinessCalendar, Merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_york():
    return BusinessCalendar.objects.create(code="us-ny", name="New York", time_zone="America/New_York")


def changed(calendar, **fields):
    BusinessCalendar.objects.filter(pk=calendar.pk).update(**fields)
    calendar.refresh_from_db()
    return calendar.version


def test_a_shop_for_which_nobody_chose_keeps_chinas():
    kept = Merchant.objects.create(code="sun", name="Sun").calendar

    assert (kept.code, kept.time_zone, kept.country, kept.hours) == ("cn", "Asia/Shanghai", "CN", "09:00-18:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"country": "XX"},
        {"hours": ""},
        {"hours": "9-18"},
        {"hours": "18:00-09:00"},
        {"hours": "09:00-13:00,12:00-18:00"},
        {"hours": "09:00-12:00,12:00-18:00"},
        {"hours": "09:00-25:00"},
        {"time_zone": "Nowhere/Land"},
        {"time_zone": ""},
    ],
)
def test_the_database_refuses_what_no_clock_could_count(new_york, fields):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        changed(new_york, **fields)


@pytest.mark.parametrize("hours", ["00:00-24:00", "09:00-12:00,13:00-18:00", "20:00-24:00", "00:00-06:00,20:00-24:00"])
def test_the_database_takes_hours_that_follow_each_other(new_york, hours):
    assert changed(new_york, hours=hours) == "us-ny-1"


@pytest.mark.parametrize(
    ("field", "value"),
    [("hours", "nine to five"), ("time_zone", "Nowhere/Land"), ("country", "XX"), ("code", "x" * 25)],
)
def test_a_form_says_what_is_wrong(new_york, field, value):
    setattr(new_york, field, value)

    with pytest.raises(ValidationError) as refused:
        new_york.full_clean()

    assert list(refused.value.message_dict) == [field]


def test_what_changes_no_clock_is_no_other_version(new_york):
    assert changed(new_york, name="New York City", code="nyc") == "nyc-0"
    assert changed(new_york, hours="09:00-17:00") == "nyc-1"
    assert changed(new_york, time_zone="America/Denver") == "nyc-2"
    assert changed(new_york, country="CN") == "nyc-3"


def test_a_page_that_was_open_for_long_takes_no_version_back(new_york):
    stale = BusinessCalendar.objects.get(pk=new_york.pk)
    changed(new_york, hours="09:00-17:00")

    stale.name = "New York City"
    stale.hours = "09:00-17:00"
    stale.save()

    stale.refresh_from_db()
    assert stale.version == "us-ny-1"
