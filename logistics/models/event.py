"""Scans of parcels, reported by carriers or recorded by our people."""

import hashlib
from datetime import UTC, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.models.parcel import Parcel, ParcelStatus
from orders.models.retry import PersonRetry


class ParcelEvent(PersonRetry):
    """One scan; never changed, but for the outcome of its processing (`judged_at`, tries)."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="events", verbose_name=_("parcel"))
    happened_at = models.DateTimeField(_("happened at"))
    status = models.CharField(_("status"), max_length=20, choices=ParcelStatus)
    is_problem = models.BooleanField(_("problem"), default=False)
    text = models.CharField(_("text"), max_length=500, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=150, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    digest = models.CharField(max_length=32, editable=False)

    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)

    class Meta:
        verbose_name = _("parcel event")
        verbose_name_plural = _("parcel events")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "digest"], name="parcel_event_told_once"),
            models.CheckConstraint(name="parcel_event_status_known", condition=Q(status__in=ParcelStatus.values)),
        ]
        indexes = [models.Index(fields=["id"], name="parcel_event_unjudged", condition=Q(judged_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.status} {self.happened_at}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with a digest."""
        self.digest = self.digest or digest_of(self.status, self.happened_at, self.is_problem, self.text, self.place)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def digest_of(status: str, happened_at: datetime, is_problem: bool, text: str, place: str) -> str:
    """Digest by which a repeated scan is recognised: same status, instant, problem, text and place."""
    moment = happened_at.astimezone(UTC).isoformat()
    # The ASCII unit separator keeps two neighbouring fields from running into each other.
    words = "\x1f".join((status, moment, "!" if is_problem else "", text, place))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()
