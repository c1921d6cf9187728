"""A payment that the buyer's bank disputes: nothing is given back along it until that is won or lost."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.people.staff import User
from orders.models import Merchant, Payment
from orders.models.order import MoneyField

ZERO = Decimal(0)


class DisputeKind(models.TextChoices):
    """Whether the bank asks, or has taken the money already."""

    DISPUTED = "disputed", _("Disputed at the buyer's bank")
    CHARGED_BACK = "charged_back", _("Charged back")


class DisputeOutcome(models.TextChoices):
    """How it ended, seen from the merchant."""

    WON = "won", pgettext_lazy("dispute", "Won")
    LOST = "lost", pgettext_lazy("dispute", "Lost")


class PaymentDispute(models.Model):
    """One dispute about a payment, from the bank's first word to its last."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes", verbose_name=_("payment"))
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="payment_disputes", verbose_name=_("merchant"))
    kind = models.CharField(_("kind"), max_length=12, choices=DisputeKind)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))
    reference = models.CharField(_("bank's reference"), max_length=64)
    note = models.CharField(_("note"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    outcome = models.CharField(_("outcome"), max_length=4, choices=DisputeOutcome, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    # Taken by the bank although it had gone back to the buyer already: to be asked back from either.
    overpaid = MoneyField(_("paid twice"), default=ZERO)

    class Meta:
        verbose_name = _("disputed payment")
        verbose_name_plural = _("disputed payments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="payment_dispute_positive", condition=Q(amount__gt=0, overpaid__gte=0)),
            models.CheckConstraint(name="payment_dispute_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="payment_dispute_ends_with_outcome",
                condition=Q(outcome="", ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(ended_at__isnull=True), name="one_open_dispute_of_a_payment"
            ),
            models.UniqueConstraint(fields=["payment", "reference"], name="a_dispute_is_recorded_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="payment_dispute_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
