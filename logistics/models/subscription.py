"""Subscriptions to parcels at carriers and aggregators."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.models.parcel import Parcel
from orders.models.retry import PersonRetry


class SubscriptionStatus(models.TextChoices):
    """How far a subscription has come."""

    WAITING = "waiting", _("Waiting")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    QUARANTINED = "quarantined", _("Put aside")


class Subscription(PersonRetry):
    """A subscription to a parcel, requested with the parcel and carried out by a sweep."""

    Status: TypeAlias = SubscriptionStatus

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="subscriptions", verbose_name=_("parcel"))
    source = models.CharField(_("source"), max_length=20)
    account = models.CharField(_("account"), max_length=60)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["parcel", "source"], name="subscription_once_per_source"),
            models.CheckConstraint(
                name="subscription_status_known",
                condition=Q(status__in=tuple(SubscriptionStatus)),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="subscription_waiting", condition=Q(status=SubscriptionStatus.WAITING)),
            models.Index(fields=["id"], name="subscription_aside", condition=Q(status=SubscriptionStatus.QUARANTINED)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.parcel_id}"

    def put_aside(self) -> None:
        """Leave the subscription to a person."""
        self.status = SubscriptionStatus.QUARANTINED
