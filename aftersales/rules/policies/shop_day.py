"""Days of the business: those of the shop's zone, whatever zone somebody looks at them from."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def local(at: datetime) -> datetime:
    """An instant by the shop's clock."""
    # Named, since a middleware activates the zone of whoever looks: docs/adr/0016.
    return timezone.localtime(at, timezone.get_default_timezone())


def of(at: datetime) -> date:
    """The shop's day of an instant."""
    return local(at).date()


def start(day: date) -> datetime:
    """The first moment of a day in the shop's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day and of the next one."""
    return start(day), start(day + timedelta(days=1))
