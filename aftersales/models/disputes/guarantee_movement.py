"""Money that a merchant pays into its guarantee account, or takes out of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from orders.models import Merchant
from orders.models.order import MoneyField


class MovementKind(models.TextChoices):
    """Which way the money goes."""

    DEPOSIT = "deposit", _("Payment in")
    WITHDRAWAL = "withdrawal", _("Withdrawal")


class GuaranteeMovement(models.Model):
    """A transfer between a merchant's bank and its guarantee account, under the bank's reference.

    A payment in is a fact that finance reads off the bank; a withdrawal sends money and needs a second person.
    """

    merchant = models.ForeignKey(
        Merchant, models.PROTECT, related_name="guarantee_movements", verbose_name=_("merchant")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))
    reference = models.CharField(_("reference"), max_length=64)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    booked_at = models.DateTimeField(_("booked at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    dropped_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("movement of a guarantee account")
        verbose_name_plural = _("movements of guarantee accounts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="guarantee_movement_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="guarantee_movement_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="a_second_person_confirms_a_withdrawal",
                condition=Q(kind=MovementKind.DEPOSIT, booked_at__isnull=False, confirmed_by__isnull=True)
                | Q(kind=MovementKind.WITHDRAWAL, booked_at__isnull=True, confirmed_by__isnull=True)
                | (
                    Q(kind=MovementKind.WITHDRAWAL, booked_at__isnull=False, confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="a_movement_is_booked_or_dropped",
                condition=Q(booked_at__isnull=True) | Q(dropped_at__isnull=True),
            ),
            # One line of the bank's statement is booked once.
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(dropped_at__isnull=True), name="a_transfer_is_recorded_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="withdrawal_to_confirm",
                condition=Q(booked_at__isnull=True, dropped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    @property
    def is_open(self) -> bool:
        """Whether a second person has still to answer it."""
        return self.booked_at is None and self.dropped_at is None
