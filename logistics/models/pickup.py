"""Pickups: couriers who come to the door for a parcel."""

from typing import Final, TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from logistics.models.parcel import Parcel
from orders.models import Merchant, Order
from orders.models.retry import PersonRetry


class PickupStatus(models.TextChoices):
    """How far a pickup has come, in order of rank, which never decreases: a late cancellation undoes no collection."""

    REQUESTED = "requested", _("Requested")
    BOOKED = "booked", _("Booked")
    ACCEPTED = "accepted", _("Accepted by a courier")
    FAILED = "failed", _("Booking failed")
    CANCELLED = "cancelled", _("Cancelled")
    COLLECTED = "collected", _("Collected")


RANKS: Final = {status: rank for rank, status in enumerate(PickupStatus)}
EXPECTED: Final = [PickupStatus.REQUESTED, PickupStatus.BOOKED, PickupStatus.ACCEPTED]


class PickupTodo(models.TextChoices):
    """What is still to be done with the carrier."""

    BOOK = "book", _("To be booked")
    ASK = "ask", _("Perhaps booked: ask the carrier before you try again")
    CALL_OFF = "call_off", _("To be called off")


class Pickup(PersonRetry):
    """One visit of a courier. A sweep carries out `todo` with the carrier; without a source it is booked by phone."""

    Todo: TypeAlias = PickupTodo

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="pickups", verbose_name=_("merchant"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="pickups", verbose_name=_("order"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, related_name="pickups", verbose_name=_("parcel"), null=True, blank=True
    )
    reference = models.CharField(_("reference"), max_length=40, db_index=True)
    source = models.CharField(_("source"), max_length=20, blank=True)
    account = models.CharField(_("account"), max_length=60, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=PickupStatus, default=PickupStatus.REQUESTED)
    todo = models.CharField(_("to be done"), max_length=10, choices=Todo, blank=True)

    sender_name = models.CharField(_("sender"), max_length=200)
    sender_phone = models.CharField(_("sender's phone"), max_length=40)
    sender_region = models.CharField(_("sender's region"), max_length=200, blank=True)
    sender_address = models.CharField(_("sender's address"), max_length=500)
    receiver_name = models.CharField(_("receiver"), max_length=200)
    receiver_phone = models.CharField(_("receiver's phone"), max_length=40)
    receiver_region = models.CharField(_("receiver's region"), max_length=200, blank=True)
    receiver_address = models.CharField(_("receiver's address"), max_length=500)
    window_from = models.DateTimeField(_("courier comes from"))
    window_until = models.DateTimeField(_("courier comes until"))

    task_id = models.CharField(_("task"), max_length=64, blank=True)
    external_id = models.CharField(_("carrier's number"), max_length=64, blank=True)
    billed_amount = models.DecimalField(_("billed"), max_digits=12, decimal_places=2, null=True, blank=True)
    billed_at = models.DateTimeField(_("billed at"), null=True, blank=True)
    weighed = models.DecimalField(_("weighed, kg"), max_digits=8, decimal_places=3, null=True, blank=True)
    words = models.CharField(_("what the carrier says"), max_length=500, blank=True)

    requested_at = models.DateTimeField(_("requested at"))
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    sent_at = models.DateTimeField(_("sent to the carrier at"), null=True, blank=True)
    collected_at = models.DateTimeField(_("collected at"), null=True, blank=True)
    called_off_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last heard of at"), null=True, blank=True)
    is_judged = models.BooleanField(_("judged"), default=True)

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(status__in=EXPECTED), name="one_courier_expected"
            ),
            models.UniqueConstraint(
                fields=["source", "account", "external_id"], condition=~Q(external_id=""), name="pickup_booked_once"
            ),
            models.CheckConstraint(name="pickup_status_known", condition=Q(status__in=PickupStatus.values)),
            models.CheckConstraint(name="pickup_todo_known", condition=Q(todo__in=["", *PickupTodo])),
            models.CheckConstraint(name="pickup_by_hand_tells_nobody", condition=Q(todo="") | ~Q(source="")),
            models.CheckConstraint(name="pickup_window_opens_first", condition=Q(window_from__lt=F("window_until"))),
            models.CheckConstraint(
                name="pickup_collected_has_date",
                condition=~Q(status=PickupStatus.COLLECTED) | Q(collected_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pickup_measures_positive",
                condition=(Q(billed_amount__isnull=True) | Q(billed_amount__gte=0))
                & (Q(weighed__isnull=True) | Q(weighed__gte=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="pickup_todo", condition=~Q(todo="")),
            models.Index(fields=["id"], name="pickup_unjudged", condition=Q(is_judged=False)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.reference}".strip()

    @property
    def is_expected(self) -> bool:
        """Whether the courier is still to come."""
        return self.status in EXPECTED

    def advance(self, status: PickupStatus) -> bool:
        """Advance to a status of higher rank; returns whether it moved. The caller saves."""
        if RANKS[status] <= RANKS[PickupStatus(self.status)]:
            return False
        self.status = status
        return True
