"""What addresses of lists say, read with suspicion: known words, ids, days, merchants."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from aftersales.rules.policies import shop_day
from orders.models import Merchant

LARGEST_ID: Final = 2**63 - 1


class BadFilter(ValueError):
    """A filter in the address that makes no sense."""


def judged(
    filters: Mapping[str, Callable[[str, datetime], Q]], params: Mapping[str, str], at: datetime
) -> dict[str, Q | None]:
    """The condition of each filter that the parameters use; nothing for one that makes no sense."""
    conditions: dict[str, Q | None] = {}
    for name, condition in filters.items():
        if text := params.get(name, "").strip():
            try:
                conditions[name] = condition(text, at)
            except BadFilter:
                conditions[name] = None
    return conditions


def one_of(text: str, known: Sequence[str]) -> str:
    """The text, if it is one of the known ones; BadFilter."""
    if text not in known:
        raise BadFilter(text)
    return text


def id_of(text: str) -> int:
    """A number that the database can look up; BadFilter."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise BadFilter(text)
    return int(text)


def day_of(text: str) -> date:
    """A day in ISO form, of this century; BadFilter."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadFilter(text) from error
    if not 2000 <= day.year <= 2100:
        raise BadFilter(text)
    return day


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a day and of the next one, by the clock of who asks."""
    start, end = (datetime.combine(each, time.min) for each in (day, day + timedelta(days=1)))
    return timezone.make_aware(start), timezone.make_aware(end)


def on_day(column: str, text: str) -> Q:
    """On a day of the shop; BadFilter."""
    start, end = shop_day.bounds(day_of(text))
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def merchant_named(text: str) -> Q:
    """Of the merchant with an id or code, or of those with this in their name; BadFilter."""
    if text.isascii() and text.isdigit():
        return Q(merchant=id_of(text))
    return Q(merchant__in=Merchant.objects.filter(Q(code__iexact=text) | Q(name__icontains=text)).values("pk"))
