"""Unidentified parcels: nobody announced them, or the carrier brought them back unasked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.models.parcel import Parcel


class Outcome(models.TextChoices):
    """What became of such a parcel."""

    WAITING = "waiting", _("Waiting")
    CASE = "case", _("Matched to a case")
    SENT_BACK = "sent_back", _("Sent back to the sender")
    PUT_AWAY = "put_away", _("Put away without a refund")


class UnidentifiedParcel(models.Model):
    """The record of a parcel that belongs to no case, and what became of it."""

    parcel = models.OneToOneField(Parcel, models.PROTECT, related_name="unidentified", verbose_name=_("parcel"))
    contents = models.CharField(_("what is inside"), max_length=500)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    by_id = models.BigIntegerField(_("user"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    outcome_note = models.CharField(_("note on the outcome"), max_length=500, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)
    settled_by_id = models.BigIntegerField(_("settled by user"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("parcel without a case")
        verbose_name_plural = _("parcels without a case")
        constraints = [
            models.CheckConstraint(name="unidentified_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="unidentified_settled_has_date",
                condition=Q(outcome=Outcome.WAITING, settled_at__isnull=True)
                | (~Q(outcome=Outcome.WAITING) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["recorded_at", "id"], name="unidentified_waiting", condition=Q(outcome=Outcome.WAITING)
            )
        ]

    def __str__(self) -> str:
        return str(self.parcel)

    @property
    def is_waiting(self) -> bool:
        """Whether it is not settled yet."""
        return self.outcome == Outcome.WAITING


class UnidentifiedPhoto(models.Model):
    """A photo of an unidentified parcel, stored like evidence, and evidence of the case once the parcel has one."""

    unidentified = models.ForeignKey(
        UnidentifiedParcel, models.CASCADE, related_name="photos", verbose_name=_("parcel")
    )
    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(_("file"), max_length=100)
    mime_type = models.CharField(_("kind"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("photo of a parcel")
        verbose_name_plural = _("photos of parcels")

    def __str__(self) -> str:
        return self.name
