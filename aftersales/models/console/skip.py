"""Cases that somebody left to others."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.console.skip_reasons import SkipReason


class Skip(models.Model):
    """Somebody left a case to others; it is not handed to them again until it has moved on from `version`."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="skips", verbose_name=_("case"))
    user = models.ForeignKey(User, models.CASCADE, related_name="skips", verbose_name=_("by"))
    version = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("why"), max_length=10, choices=SkipReason)
    note = models.CharField(_("explanation"), max_length=500, blank=True)
    skipped_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("skipped case")
        verbose_name_plural = _("skipped cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=SkipReason.values), name="skip_reason_known"),
            models.CheckConstraint(condition=~Q(reason=SkipReason.OTHER, note=""), name="skip_other_is_explained"),
        ]
        indexes = [models.Index(fields=["user", "case", "version"], name="skip_of_somebody")]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_reason_display()}"
