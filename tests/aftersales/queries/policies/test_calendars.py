"""Each shop keeps its own calendar, whatever others keep and however many cases are moved together."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.models import CalendarDay, Policy
from aftersales.queries.policies import calendars
from aftersales.rules import actor
from aftersales.rules.policies.calendar import due
from aftersales.rules.vocabulary import CaseType
from orders.models import BusinessCalendar, Merchant
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, MINUTE, again
from tests.factories import MerchantFactory, opened, sold

pytestmark = pytest.mark.django_db
ZONES = st.sampled_from(
    ["Pacific/Pago_Pago", "America/New_York", "Europe/London", "Asia/Shanghai", "Pacific/Kiritimati"]
)
DAYS = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=20)
HOURS = st.sampled_from(["09:00-18:00", "09:00-12:00,13:00-18:00", "00:00-24:00", "22:00-24:00"])
KEPT = st.builds(dict, time_zone=ZONES, country=st.sampled_from(["", "CN"]), hours=HOURS, days=DAYS)
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def keep(shop, code, *, days=(), **fields):
    """Give a shop a calendar of its own."""
    calendar, _made = BusinessCalendar.objects.update_or_create(code=code, defaults={"name": code, **fields})
    calendar.days.all().delete()
    for day, works in dict(days).items():
        CalendarDay.objects.create(calendar=calendar, day=day, is_working=works)
    Merchant.objects.filter(pk=shop.pk).update(calendar=calendar)
    return calendar


def new_york(shop):
    return keep(shop, "us-ny", time_zone="America/New_York")


def test_the_calendar_of_a_shop_is_what_its_admins_entered(shop):
    keep(shop, "us-ny", time_zone="America/New_York", hours="09:00-12:00,13:00-24:00", days={date(2026, 7, 3): False})

    kept = calendars.of(shop.pk)

    assert (kept.tz, kept.country, kept.overrides) == (ZoneInfo("America/New_York"), "", {date(2026, 7, 3): False})
    assert kept.hours == ((time(9), time(12)), (time(13), time(0)))
    assert kept.version == "us-ny-1"


def test_every_change_of_a_day_is_another_version_and_a_note_is_none(shop):
    calendar = new_york(shop)
    day = CalendarDay.objects.create(calendar=calendar, day=date(2026, 7, 3))
    versions = [calendars.of(shop.pk).version]

    for change in ({"note": "Independence Day"}, {"is_working": True}, {"day": date(2026, 7, 2)}):
        CalendarDay.objects.filter(pk=day.pk).update(**change)
        versions.append(calendars.of(shop.pk).version)
    day.delete()
    versions.append(calendars.of(shop.pk).version)

    assert versions == ["us-ny-1", "us-ny-1", "us-ny-2", "us-ny-3", "us-ny-4"]


def test_programs_that_know_no_calendars_write_shops_and_days_of_the_usual_one():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_merchant (code, name, source, email, is_active, created_at) "
            "VALUES ('sun', 'Sun', '', '', true, now())"
        )
        cursor.execute("INSERT INTO aftersales_calendarday (day, is_working, note) VALUES ('2027-01-04', false, '')")

    kept = calendars.of(Merchant.objects.get(code="sun").pk)
    assert (kept.name, kept.overrides) == ("cn", {date(2027, 1, 4): False})


def test_a_day_off_is_what_a_new_day_is():
    assert CalendarDay.objects.create(day=date(2027, 1, 4)).is_working is False


def test_calendars_of_many_shops_are_one_statement():
    shops = [MerchantFactory().pk for _n in range(5)]

    with CaptureQueriesContext(connection) as asked:
        assert len(calendars.of_merchants(shops)) == 5

    assert len(asked) == 1


def test_a_window_of_seven_days_ends_with_the_seventh_day_in_new_york(shop, buyer):
    """Counted in days of Shanghai it would have ended twelve hours before that, in winter thirteen."""
    new_york(shop)
    signed = datetime(2026, 3, 3, 10, tzinfo=UTC)  # 05:00 there, 18:00 in Shanghai; the clocks change on the 8th
    end = datetime(2026, 3, 11, 4, tzinfo=UTC)
    in_time, late = (sold(merchant=shop, signed_at=signed, receipt_due_at=None) for _n in range(2))

    assert opened(in_time, by=buyer_of(in_time), at=end - MINUTE).status == "pending_merchant"
    with pytest.raises(Refused, match=r"New York"):
        opened(late, by=buyer_of(late), at=end)


def test_a_shop_abroad_works_on_holidays_of_china(shop, people):
    new_york(shop)
    friday = datetime(2026, 2, 13, 15, tzinfo=UTC)
    case = opened(sold(merchant=shop, unshipped=True), by=people.merchant, type=CaseType.REFUND_ONLY, at=friday)

    decisions.approve(case.pk, by=people.merchant, at=friday)

    assert again(case).due_at == datetime(2026, 2, 17, 15, tzinfo=UTC)
    assert case.deadlines.get(kind="refund").calendar_version == "us-ny-0"


@SOME
@given(KEPT, KEPT, st.integers(0, 7_000).map(lambda hours: datetime(2026, 1, 5, tzinfo=UTC) + hours * HOUR))
def test_calendars_of_two_shops_never_mix(people, one, other, opened_at):
    """The clock approves both at once; each refund is due by the days of its own shop."""
    shops = [MerchantFactory(), MerchantFactory()]
    for shop, code, kept in zip(shops, ("one", "other"), (one, other), strict=True):
        keep(shop, code, **kept)
    cases = [refund_only(shop, opened_at) for shop in shops]
    agreed = max(case.due_at for case in cases) + 2 * MINUTE

    sweeps.fire_deadlines(agreed)

    for shop, case in zip(shops, cases, strict=True):
        kept = calendars.of(shop.pk)
        promised = case.deadlines.get(kind="refund")
        assert promised.due_at == due(promised.started_at, 2, "business_days", kept)
        assert promised.calendar_version == kept.version


@SOME
@given(KEPT, KEPT)
def test_no_change_of_a_calendar_is_seen_by_a_shop_that_keeps_another(shop, one, other):
    neighbour = MerchantFactory()
    keep(shop, "one", **one)
    keep(neighbour, "other", time_zone="UTC")
    before = calendars.of(shop.pk)

    keep(neighbour, "other", **other)

    assert calendars.of(shop.pk) == before


def test_a_deadline_that_goes_on_is_of_the_calendar_it_was_counted_anew_by(shop, order, people):
    """Paused while the buyer is asked; meanwhile a lunch break begins."""
    Policy.objects.update(response_clock="windowed", response_hours=18)
    case = opened(order, by=people.buyer, at=datetime(2026, 3, 10, 1, tzinfo=UTC))  # 09:00 there
    negotiation.offer(case.pk, by=people.merchant, at=datetime(2026, 3, 10, 2, tzinfo=UTC), amount=Decimal(1))
    BusinessCalendar.objects.filter(code="cn").update(hours="09:00-12:00,13:00-18:00")

    negotiation.decline(case.pk, by=people.buyer, at=datetime(2026, 3, 10, 3, tzinfo=UTC))

    answer = case.deadlines.get(kind="merchant_response")
    assert answer.calendar_version == "cn-1"
    # 17 h are left at 11:00: 6 h today, 8 h tomorrow, 3 h on Thursday.
    assert answer.due_at == datetime(2026, 3, 12, 4, tzinfo=UTC)


def test_nobody_is_told_of_holidays_of_china_where_no_shop_keeps_them(shop):
    november = date(2030, 11, 2)
    assert calendars.warnings(november)

    BusinessCalendar.objects.update(country="", time_zone="America/New_York")

    assert calendars.warnings(november) == []


def buyer_of(order):
    return actor.buyer(order.buyer_id)


def refund_only(shop, at):
    order = sold(merchant=shop, unshipped=True, ordered_at=at - 24 * HOUR, paid_at=at - 24 * HOUR)
    return opened(order, by=buyer_of(order), type=CaseType.REFUND_ONLY, at=at)
