"""The calendar in the admin: known days are listed, a new day is a day off, effects are seen before they are saved."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aftersales.models import CalendarDay, Policy, User
from orders.models import BusinessCalendar, Merchant
from tests.aftersales.promised import refund_case
from tests.factories import opened

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 13, 4, tzinfo=UTC)  # noon in Shanghai
CALENDAR, DAY = "admin:orders_businesscalendar", "admin:aftersales_calendarday"


@pytest.fixture
def desk(client, admin):
    with time_machine.travel(FRIDAY, tick=False):
        client.force_login(User.objects.get(pk=admin.user_id))
        yield client


@pytest.fixture
def china():
    return BusinessCalendar.objects.get(code="cn")


@pytest.fixture
def promised(unshipped, people):
    """A refund that is due on Tuesday noon."""
    case = refund_case(unshipped, people, FRIDAY)
    return case.deadlines.get(kind="refund")


def day_off(calendar, day, **fields):
    return {
        "calendar": calendar.pk,
        "day": day.isoformat(),
        "is_working": "False",
        "note": "Flood",
        "_save": "1",
    } | fields


def calendar_form(calendar, **fields):
    names = ("name", "time_zone", "country", "hours")
    return {name: getattr(calendar, name) for name in names} | {"_save": "1"} | fields


def test_a_new_day_is_a_day_off_unless_somebody_says_otherwise(desk):
    form = desk.get(reverse(f"{DAY}_add")).context["adminform"].form

    assert form["is_working"].initial is False
    assert [label for _value, label in form.fields["is_working"].choices] == ["Day off", "Working day"]


def test_known_days_of_this_year_and_the_next_are_listed(desk, china):
    shown = desk.get(reverse(f"{CALENDAR}_change", args=[china.pk])).content.decode()

    assert "Spring Festival: 15 Feb – 23 Feb; worked: 14 Feb, 28 Feb" in shown
    assert "<b>2027</b>" in shown


def test_a_calendar_of_no_country_says_that_it_knows_no_days(desk):
    abroad = BusinessCalendar.objects.create(code="us-ny", name="New York", time_zone="America/New_York")

    shown = desk.get(reverse(f"{CALENDAR}_change", args=[abroad.pk])).content.decode()

    assert "None: the calendar names no country." in shown
    assert "Spring Festival" not in shown


def test_the_effect_on_running_deadlines_is_seen_before_a_day_is_saved(desk, china, promised):
    monday = date(2026, 3, 16)

    shown = desk.post(reverse(f"{DAY}_add"), day_off(china, monday))

    (moved,) = shown.context["moved"]
    assert (moved.deadline, moved.by, moved.is_later) == (promised, timedelta(days=1), True)
    assert "Of 1 running deadline that is counted by the calendar, 1 would be due" in shown.content.decode()
    assert promised.case.number in shown.content.decode()
    assert not CalendarDay.objects.exists()
    china.refresh_from_db()
    assert china.revision == 0

    saved = desk.post(reverse(f"{DAY}_add"), dict(shown.context["posted"]) | {shown.context["confirmed"]: "1"})

    assert saved.status_code == 302
    assert CalendarDay.objects.get().day == monday
    before = promised.due_at
    promised.refresh_from_db()
    assert (promised.due_at, promised.calendar_version) == (before, "cn-0")


def test_a_rehearsal_leaves_no_word_that_it_was_saved(desk, china, promised):
    shown = desk.post(reverse(f"{DAY}_add"), day_off(china, date(2026, 3, 16)))
    after = desk.get(reverse(f"{DAY}_changelist"))

    assert "was added successfully" not in shown.content.decode() + after.content.decode()


def test_a_calendar_added_from_the_form_of_another_thing_is_stored(desk):
    """In a window of its own, whose answer only closes it."""
    typed = {"name": "Delhi", "code": "in", "time_zone": "Asia/Kolkata", "country": "", "hours": "10:00-19:00"}

    answer = desk.post(reverse(f"{CALENDAR}_add"), typed | {"_popup": "1", "_save": "1"})

    assert answer.status_code == 200
    assert BusinessCalendar.objects.get(code="in").hours == "10:00-19:00"


def test_what_was_saved_is_said(desk, china):
    saved = desk.post(reverse(f"{DAY}_add"), day_off(china, date(2026, 5, 11)), follow=True)

    assert saved.content.decode().count("was added successfully") == 1


def test_a_day_that_concerns_no_deadline_is_saved_at_once(desk, china, promised):
    answer = desk.post(reverse(f"{DAY}_add"), day_off(china, date(2026, 5, 11)))

    assert answer.status_code == 302
    assert CalendarDay.objects.count() == 1
    assert CalendarDay.history.count() == 1


def test_a_day_twice_is_refused_in_words(desk, china):
    CalendarDay.objects.create(calendar=china, day=date(2026, 3, 16))

    shown = desk.post(reverse(f"{DAY}_add"), day_off(china, date(2026, 3, 16)))

    assert "This day is in the calendar already." in shown.content.decode()


def test_deleting_a_day_says_what_that_does(desk, china, unshipped, people):
    day = CalendarDay.objects.create(calendar=china, day=date(2026, 3, 16))
    refund_case(unshipped, people, FRIDAY)  # due on Wednesday

    shown = desk.get(reverse(f"{DAY}_delete", args=[day.pk])).content.decode()

    assert "1 would be due at another moment" in shown
    assert CalendarDay.objects.filter(pk=day.pk).exists()


def test_another_zone_is_seen_before_it_is_saved_and_hours_are_typed_as_people_write(desk, china, promised):
    address = reverse(f"{CALENDAR}_change", args=[china.pk])

    shown = desk.post(address, calendar_form(china, time_zone="America/New_York", country=""))
    assert "The time zone is another one" in shown.content.decode()
    desk.post(address, calendar_form(china, hours="9:00–12:00，13:00–18:00"))

    china.refresh_from_db()
    assert (china.time_zone, china.hours, china.revision) == ("Asia/Shanghai", "09:00-12:00,13:00-18:00", 1)
    assert type(china).history.filter(id=china.pk).count() == 1


def test_service_hours_that_run_are_among_the_effects(desk, china, order, people):
    Policy.objects.update(response_clock="windowed", response_hours=18)
    opened(order, by=people.buyer, at=FRIDAY)

    shown = desk.post(reverse(f"{CALENDAR}_change", args=[china.pk]), calendar_form(china, hours="09:00-13:00"))

    (moved,) = shown.context["moved"]
    # 18 h from noon: 6 + 9 + 3 by the old hours; by four hours a day five days more.
    assert moved.is_later
    assert moved.would_be > moved.deadline.due_at + timedelta(days=2)


@pytest.mark.parametrize("hours", ["nine to five", "18:00-09:00", "09:00-13:00,12:00-18:00"])
def test_hours_that_nobody_can_keep_are_refused_in_words(desk, china, hours):
    shown = desk.post(reverse(f"{CALENDAR}_change", args=[china.pk]), calendar_form(china, hours=hours))

    assert "each interval ends before the next one begins" in shown.content.decode()


def test_a_shop_that_gets_another_calendar_shows_its_effect_first(desk, shop, promised):
    abroad = BusinessCalendar.objects.create(code="us-ny", name="New York", time_zone="America/New_York")
    posted = {"code": shop.code, "name": shop.name, "email": "", "source": "", "is_active": "on", "calendar": abroad.pk}
    address = reverse("admin:orders_merchant_change", args=[shop.pk])

    shown = desk.post(address, posted | {"_save": "1"})
    assert shown.context["effects"].changes_zone
    assert Merchant.objects.get(pk=shop.pk).calendar.code == "cn"

    desk.post(address, posted | {"_save": "1", shown.context["confirmed"]: "1"})
    assert Merchant.objects.get(pk=shop.pk).calendar == abroad


def test_another_shops_deadlines_are_no_effect(desk, promised):
    abroad = BusinessCalendar.objects.create(code="us-ny", name="New York", time_zone="America/New_York")

    answer = desk.post(reverse(f"{DAY}_add"), day_off(abroad, date(2026, 3, 16)))

    assert answer.status_code == 302


def test_a_calendar_that_a_shop_keeps_is_not_deleted(desk, china, shop):
    abroad = BusinessCalendar.objects.create(code="us-ny", name="New York", time_zone="America/New_York")

    assert desk.post(reverse(f"{CALENDAR}_delete", args=[china.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(reverse(f"{CALENDAR}_delete", args=[abroad.pk]), {"post": "yes"}).status_code == 302
