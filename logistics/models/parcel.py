"""Parcels out and back, and how far they have come.

A status of higher rank overrides one of lower rank, whichever came first: see docs/adr/0012.
"""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from orders.models import Merchant, Order


class Direction(models.TextChoices):
    """Which way a parcel goes; a replacement is simply outbound."""

    OUTBOUND = "outbound", _("To the buyer")
    RETURN = "return", _("Back from the buyer")
    TO_REPAIRER = "to_repairer", _("To the repairer")
    FROM_REPAIRER = "from_repairer", _("Back from the repairer")


class ParcelStatus(models.TextChoices):
    """How far a parcel has come, in order of rank; rank never decreases. A problem is a flag of a scan, no rank."""

    ANNOUNCED = "announced", _("Announced")
    IN_TRANSIT = "in_transit", _("In transit")
    DELIVERING = "delivering", _("Out for delivery")
    REFUSED = "refused", _("Refused at the door")
    INTERCEPTED = "intercepted", _("Intercepted")
    RETURNING = "returning", _("On its way back to the sender")
    LOST = "lost", _("Lost")
    SIGNED = "signed", _("Signed for")
    RETURNED = "returned", _("Back at the sender")
    RECEIVED = "received", _("Received by us")
    CANCELLED = "cancelled", _("Cancelled")


RANK: Final = {status: rank for rank, status in enumerate(ParcelStatus)}
UNDER_WAY: Final = [ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERING]
ON_THE_ROAD: Final = [*UNDER_WAY, ParcelStatus.RETURNING]  # further scans are to be expected
# On an outbound parcel: the buyer does not have it and will not get it.
STOPPED: Final = [ParcelStatus.REFUSED, ParcelStatus.INTERCEPTED, ParcelStatus.RETURNING, ParcelStatus.RETURNED]
# The transition to each status that a scan can report. Only people cancel a parcel: parcels.tracking.cancel.
STEPS: Final = {
    ParcelStatus.IN_TRANSIT: "depart",
    ParcelStatus.DELIVERING: "go_out",
    ParcelStatus.REFUSED: "refuse",
    ParcelStatus.INTERCEPTED: "intercept",
    ParcelStatus.RETURNING: "turn_back",
    ParcelStatus.LOST: "lose",
    ParcelStatus.SIGNED: "sign",
    ParcelStatus.RETURNED: "come_back",
    ParcelStatus.RECEIVED: "receive",
}


def below(status: ParcelStatus) -> list[ParcelStatus]:
    """Every status of lower rank. Scans may be missing or late, so that any of them may be followed by this one."""
    return [each for each in ParcelStatus if RANK[each] < RANK[status]]


class Parcel(models.Model):
    """A parcel under its waybill; the same waybill out and back are two parcels."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="parcels", verbose_name=_("merchant"))
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="parcels", verbose_name=_("order"), null=True, blank=True
    )
    direction = models.CharField(_("direction"), max_length=15, choices=Direction)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    waybill = models.CharField(_("waybill"), max_length=64, db_index=True)
    status = FSMField(
        _("status"), max_length=20, choices=ParcelStatus.choices, default=ParcelStatus.ANNOUNCED, protected=True
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last heard of"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "carrier", "waybill", "direction"], name="parcel_known_once"),
            models.CheckConstraint(name="parcel_status_known", condition=Q(status__in=ParcelStatus.values)),
            models.CheckConstraint(name="parcel_direction_known", condition=Q(direction__in=Direction.values)),
        ]
        indexes = [
            models.Index(fields=["order", "direction"], name="parcel_of_order"),
            models.Index(fields=["heard_at", "id"], name="parcel_on_the_road", condition=Q(status__in=ON_THE_ROAD)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.waybill}".strip()

    @transition(status, source=below(ParcelStatus.IN_TRANSIT), target=ParcelStatus.IN_TRANSIT)
    def depart(self) -> None:
        """The carrier has it."""

    @transition(status, source=below(ParcelStatus.DELIVERING), target=ParcelStatus.DELIVERING)
    def go_out(self) -> None:
        """The courier is on the way to the door."""

    @transition(status, source=below(ParcelStatus.REFUSED), target=ParcelStatus.REFUSED)
    def refuse(self) -> None:
        """Whom it was for did not take it."""

    @transition(status, source=below(ParcelStatus.INTERCEPTED), target=ParcelStatus.INTERCEPTED)
    def intercept(self) -> None:
        """The carrier stopped it on the way to the buyer."""

    @transition(status, source=below(ParcelStatus.RETURNING), target=ParcelStatus.RETURNING)
    def turn_back(self) -> None:
        """The carrier brings it back to the sender."""

    @transition(status, source=below(ParcelStatus.LOST), target=ParcelStatus.LOST)
    def lose(self) -> None:
        """The carrier says it is lost; a later scan may find it."""

    @transition(status, source=below(ParcelStatus.SIGNED), target=ParcelStatus.SIGNED)
    def sign(self) -> None:
        """The carrier says it was handed over."""

    @transition(status, source=below(ParcelStatus.RETURNED), target=ParcelStatus.RETURNED)
    def come_back(self) -> None:
        """The sender has it again."""

    @transition(status, source=below(ParcelStatus.RECEIVED), target=ParcelStatus.RECEIVED)
    def receive(self) -> None:
        """Our people hold it."""

    @transition(status, source=[ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT], target=ParcelStatus.CANCELLED)
    def call_off(self) -> None:
        """The courier never took it."""
