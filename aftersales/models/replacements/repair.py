"""A repair: what was found, where it is done, what it costs, how often it was tried."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.replacements.repair_kinds import RepairCause, RepairOutcome
from logistics.models import Parcel
from orders.models.order import MoneyField


class Repair(models.Model):
    """One attempt at repairing the goods of a case; a failed one is followed by the next."""

    class Place(models.TextChoices):
        OWN = "own", _("Own workshop")
        BRAND = "brand", _("Service point of the brand")
        SUPPLIER = "supplier", _("Supplier")

    Outcome: TypeAlias = RepairOutcome

    case = models.ForeignKey(Case, models.CASCADE, related_name="repairs", verbose_name=_("case"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    place = models.CharField(_("repaired by"), max_length=10, choices=Place)
    service_point = models.CharField(_("name of the service point"), max_length=200, blank=True)
    diagnosis = models.TextField(_("diagnosis"))
    cause = models.CharField(
        _("kind of fault"), max_length=12, choices=RepairCause, blank=True, default="", db_default=""
    )
    quote_amount = MoneyField(_("price for the buyer"), null=True, blank=True)
    quote_accepted_at = models.DateTimeField(_("price accepted at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.OPEN)
    note = models.TextField(_("what was done"), blank=True)
    parcel_out = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("parcel to the repairer")
    )
    parcel_back = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("parcel from the repairer")
    )
    sent_at = models.DateTimeField(_("sent to the repairer at"), null=True, blank=True)
    back_at = models.DateTimeField(_("back from the repairer at"), null=True, blank=True)
    diagnosed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diagnosed by")
    )
    diagnosed_at = models.DateTimeField(_("diagnosed at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["case", "attempt"]
        indexes = [models.Index(fields=["serial"], name="repair_serial", condition=~Q(serial=""))]
        constraints = [
            models.UniqueConstraint(fields=["case", "attempt"], name="repair_attempt_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome=RepairOutcome.OPEN), name="one_open_repair_per_case"
            ),
            models.CheckConstraint(
                name="repair_quote_not_negative", condition=Q(quote_amount__isnull=True) | Q(quote_amount__gte=0)
            ),
            models.CheckConstraint(name="repair_cause_known", condition=Q(cause__in=["", *RepairCause.values])),
            models.CheckConstraint(
                name="repair_ended_has_date",
                condition=Q(outcome=RepairOutcome.OPEN, ended_at__isnull=True)
                | (~Q(outcome=RepairOutcome.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.attempt}"

    @property
    def is_away(self) -> bool:
        """Whether the goods are at a repairer."""
        return self.sent_at is not None and self.back_at is None
