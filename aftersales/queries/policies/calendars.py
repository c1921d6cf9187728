"""Calendars in force: each shop has one, with the days that admins changed."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from aftersales.models import CalendarDay
from aftersales.rules.policies import open_days
from aftersales.rules.policies.calendar import CHINA, Calendar
from orders import working_hours
from orders.db import held, statements
from orders.models import BusinessCalendar, Merchant
from orders.models.business_calendar import DEFAULT

TABLES = (Merchant, BusinessCalendar, CalendarDay)
# One short statement for every move, however many cases it moves: a day changed in the admin counts from the next on.
COLUMNS = "kept.code, kept.revision, kept.time_zone, kept.country, kept.hours, kept.days, kept.working"
# Beside a table named `merchant`.
JOIN = """
JOIN LATERAL (
    SELECT c.code, c.revision, c.time_zone, c.country, c.hours,
        (SELECT array_agg(day ORDER BY day) FROM aftersales_calendarday WHERE calendar_id = c.id) AS days,
        (SELECT array_agg(is_working ORDER BY day) FROM aftersales_calendarday WHERE calendar_id = c.id) AS working
    FROM orders_businesscalendar c WHERE c.id = merchant.calendar_id
) kept ON true
"""
KEPT = f"SELECT merchant.id, {COLUMNS} FROM orders_merchant merchant {JOIN} WHERE merchant.id = ANY(%s)"  # noqa: S608 -- names of our own


def of(merchant_id: int) -> Calendar:
    """The calendar that a shop keeps; its version names the last change."""
    return of_merchants([merchant_id])[merchant_id]


def of_merchants(merchant_ids: Collection[int]) -> dict[int, Calendar]:
    """By shop the calendar it keeps, in one statement; a transaction counts by one version from beginning to end."""
    ids = tuple(sorted(merchant_ids))
    return held.once(("calendars", ids), lambda: _read(ids), *TABLES)


def _read(merchant_ids: Sequence[int]) -> dict[int, Calendar]:
    return {pk: _made(row) for pk, *row in statements.rows(KEPT, [list(merchant_ids)])}


def read_along(merchant_id: int, row: Sequence[Any]) -> None:
    """Who has read the `COLUMNS` of a shop with something else says so: nobody in the transaction need ask again."""
    held.once(("calendars", (merchant_id,)), lambda: {merchant_id: _made(row)}, *TABLES)


def _made(row: Sequence[Any]) -> Calendar:
    *facts, days, works = row
    return _calendar(*facts, tuple(days or ()), tuple(works or ()))


def of_all() -> dict[int, Calendar]:
    """By shop the calendar it keeps, of every shop."""
    return of_merchants(list(Merchant.objects.values_list("pk", flat=True)))


def warnings(today: date) -> list[str]:
    """What is open of this year and the next, where a shop keeps the holidays of China, or the next one would."""
    kept = BusinessCalendar.objects.filter(Q(merchants__isnull=False) | Q(code=DEFAULT), country=CHINA)
    return open_days.warnings(today) if kept.exists() else []


@lru_cache(maxsize=256)
def _calendar(
    code: str, revision: int, zone: str, country: str, hours: str, days: Sequence[date], works: Sequence[bool]
) -> Calendar:
    return Calendar(
        code,
        f"{code}-{revision}",
        ZoneInfo(zone),
        country,
        MappingProxyType(dict(zip(days, works, strict=True))),
        working_hours.parsed(hours),
    )
