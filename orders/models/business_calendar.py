"""Calendars of shops: the zone their days are of, the hours they work, the country whose public holidays they keep."""

import zoneinfo
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders import working_hours

LONGEST_CODE: Final = 24  # with the revision it is the version that a deadline keeps, in 40 characters


class Country(models.TextChoices):
    """Countries whose public holidays the product knows; days of others are entered by hand."""

    NONE = "", _("none: days off are entered by hand")
    CHINA = "CN", _("China")


def known_zone(name: str) -> None:
    """ValidationError when no time zone has this name."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("No time zone is called %(name)s."), params={"name": name})


def readable_hours(text: str) -> None:
    """ValidationError when these are no hours that follow each other."""
    try:
        working_hours.parsed(text)
    except ValueError as error:
        raise ValidationError(
            _("Write hours as 09:00-12:00, 13:00-18:00: each interval ends before the next one begins.")
        ) from error


class BusinessCalendar(models.Model):
    """By what days and hours a shop is counted: windows, deadlines and business days of its cases."""

    # A name for the version that deadlines keep: cn-17.
    code = models.SlugField(_("code"), max_length=LONGEST_CODE, unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[known_zone])
    country = models.CharField(_("public holidays of"), max_length=2, choices=Country, blank=True)
    hours = models.CharField(_("working hours"), max_length=120, default="09:00-18:00", validators=[readable_hours])
    # Counted up by the database when zone, country, hours or a day change, whoever changes them.
    revision = models.PositiveIntegerField(_("revision"), default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="calendar_country_known", condition=Q(country__in=Country.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """What deadlines keep of it."""
        return f"{self.code}-{self.revision}"


DEFAULT: Final = "cn"


def default_calendar() -> int:
    """The calendar of a shop for which nobody chose one: China, by Beijing's clock."""
    # The id alone: migrations that have not added a later column yet ask this too.
    known = BusinessCalendar.objects.filter(code=DEFAULT).values_list("pk", flat=True).first()
    return (
        known
        or BusinessCalendar.objects.create(
            code=DEFAULT, name="中国", time_zone="Asia/Shanghai", country=Country.CHINA
        ).pk
    )
