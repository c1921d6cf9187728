"""Days that differ from the official calendar, outages, and the pulse of the clock."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history import register
from simple_history.models import HistoricalRecords

from orders.models.business_calendar import BusinessCalendar, default_calendar

# Who changed which calendar, and how: kept here, since facts know no people.
register(BusinessCalendar, app="aftersales")


class CalendarDay(models.Model):
    """A day on which the shops of a calendar work, or do not, against what their country keeps."""

    calendar = models.ForeignKey(
        BusinessCalendar,
        models.CASCADE,
        default=default_calendar,
        related_name="days",
        verbose_name=_("business calendar"),
    )
    day = models.DateField(_("day"))
    is_working = models.BooleanField(
        _("what it is"), choices=[(False, _("Day off")), (True, _("Working day"))], default=False
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="day_known_once_per_calendar",
                violation_error_message=_("This day is in the calendar already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)


class Outage(models.Model):
    """A time in which people could not reach us; deadlines move by it before the clock acts."""

    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    # Nobody where the clock noticed that it had stopped.
    declared_by = models.ForeignKey(
        "aftersales.User", models.PROTECT, null=True, blank=True, verbose_name=_("declared by")
    )
    applied_at = models.DateTimeField(_("deadlines moved at"), null=True, blank=True)
    moved_count = models.PositiveIntegerField(_("deadlines moved"), default=0)

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                name="outage_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at} – {self.ended_at}"


class ClockBeat(models.Model):
    """When the clock last ran; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beat_at = models.DateTimeField(_("last sweep"))

    class Meta:
        verbose_name = _("pulse of the clock")
        verbose_name_plural = _("pulse of the clock")
        # A second row would let one sleeping clock look awake.
        constraints = [models.CheckConstraint(name="one_clock", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.beat_at)
