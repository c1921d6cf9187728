"""Parcels out and back, and what carriers say of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from orders.models import Merchant, Order


class Direction(models.TextChoices):
    """Which way a parcel goes."""

    OUTBOUND = "outbound", _("To the buyer")
    RETURN = "return", _("Back from the buyer")
    TO_REPAIRER = "to_repairer", _("To the repairer")
    FROM_REPAIRER = "from_repairer", _("Back from the repairer")


class ParcelStatus(models.TextChoices):
    """How far a parcel has come, in order of rank; rank never decreases."""

    ANNOUNCED = "announced", _("Announced")
    IN_TRANSIT = "in_transit", _("In transit")
    DELIVERING = "delivering", _("Out for delivery")
    INTERCEPTED = "intercepted", _("Intercepted")
    SIGNED = "signed", _("Signed for")
    RECEIVED = "received", _("Received by us")
    CANCELLED = "cancelled", _("Cancelled")


UNDER_WAY = [ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERING]


class Parcel(models.Model):
    """A parcel with its waybill."""

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
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "carrier", "waybill", "direction"], name="parcel_known_once"),
            models.CheckConstraint(name="parcel_status_known", condition=Q(status__in=ParcelStatus.values)),
        ]
        indexes = [models.Index(fields=["order", "direction"], name="parcel_of_order")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.waybill}".strip()

    @transition(status, source=UNDER_WAY, target=ParcelStatus.DELIVERING)
    def go_out(self) -> None:
        """The courier is on the way to the door."""

    @transition(status, source=[ParcelStatus.ANNOUNCED], target=ParcelStatus.IN_TRANSIT)
    def depart(self) -> None:
        """The carrier has it."""

    @transition(status, source=UNDER_WAY, target=ParcelStatus.SIGNED)
    def sign(self) -> None:
        """The carrier says it was handed over."""

    @transition(status, source=[*UNDER_WAY, ParcelStatus.SIGNED], target=ParcelStatus.RECEIVED)
    def receive(self) -> None:
        """Our people hold it."""

    @transition(status, source=UNDER_WAY, target=ParcelStatus.INTERCEPTED)
    def intercept(self) -> None:
        """The carrier stopped it on the way to the buyer."""

    @transition(status, source=[ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT], target=ParcelStatus.CANCELLED)
    def call_off(self) -> None:
        """The courier never took it."""


class ParcelEvent(models.Model):
    """One scan or message of a carrier; never changed."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="events", verbose_name=_("parcel"))
    happened_at = models.DateTimeField(_("happened at"))
    status = models.CharField(_("status"), max_length=20, choices=ParcelStatus)
    text = models.CharField(_("text"), max_length=500, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=150, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("parcel event")
        verbose_name_plural = _("parcel events")
        ordering = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.status} {self.happened_at}"
