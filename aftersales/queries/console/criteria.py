"""Filters in the addresses of lists, checked before they become conditions: words, ids, days, merchants."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from aftersales.rules.policies import shop_day
from orders.models import Merchant

LARGEST_ID: Final = 2**63 - 1


class BadFilter(ValueError):
    """A value that makes no sense for its filter."""


def judged(
    filters: Mapping[str, Callable[[str, datetime], Q]], params: Mapping[str, str], at: datetime
) -> dict[str, Q | None]:
    """The condition of each filter that the parameters use; None for a value that makes no sense."""
    conditions: dict[str, Q | None] = {}
    for name, condition in filters.items():
        if text := params.get(name, "").strip():
            try:
                conditions[name] = condition(text, at)
            except BadFilter:
                conditions[name] = None
    return conditions


def one_of(text: str, known: Sequence[str]) -> str:
    """The text, if it is one of the known words; else BadFilter."""
    if text not in known:
        raise BadFilter(text)
    return text


def id_of(text: str) -> int:
    """The text as an id that fits a bigint; else BadFilter."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise BadFilter(text)
    return int(text)


def day_of(text: str) -> date:
    """The text as an ISO date of this century; else BadFilter."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadFilter(text) from error
    if not 2000 <= day.year <= 2100:
        raise BadFilter(text)
    return day


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moments of a day and of the next one, in the time zone of the request."""
    start, end = (datetime.combine(each, time.min) for each in (day, day + timedelta(days=1)))
    return timezone.make_aware(start), timezone.make_aware(end)


def on_day(column: str, text: str) -> Q:
    """The column lies on this day, in the time zone of the shop; BadFilter."""
    start, end = shop_day.bounds(day_of(text))
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def merchant_named(text: str) -> Q:
    """Belongs to the merchant with this id or code, or to those whose names contain the text; BadFilter."""
    if text.isascii() and text.isdigit():
        return Q(merchant=id_of(text))
    return Q(merchant__in=Merchant.objects.filter(Q(code__iexact=text) | Q(name__icontains=text)).values("pk"))
