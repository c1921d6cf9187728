"""Every application of a case, the rejected ones too."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.policies.reason import Reason, RejectReason
from aftersales.rules.vocabulary import CaseType, GoodsState, Role
from orders.models.order import MoneyField


class RoundQuerySet(models.QuerySet["Round"]):
    """Applications, and how they count towards the policy's limit."""

    def counted(self, order_id: int) -> models.QuerySet["Round", Any]:
        """The lines that each application for an order named.

        What a split copied was not asked again, and a supervisor's reopening is no application of the buyer's.
        """
        asked = self.filter(case__order=order_id, is_carried=False, is_reopening=False)
        return asked.values_list("lines", flat=True).order_by("pk")


class Round(models.Model):
    """One application as it was made, and how it ended."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open")
        AGREED = "agreed", _("Agreed")
        REJECTED = "rejected", _("Rejected")
        CLOSED = "closed", _("Closed")

    case = models.ForeignKey(Case, models.CASCADE, related_name="rounds", verbose_name=_("case"))
    number = models.PositiveIntegerField(_("round"))
    type = models.CharField(_("type"), max_length=20, choices=CaseType)
    reason = models.ForeignKey(Reason, models.PROTECT, verbose_name=_("reason"))
    amount = MoneyField(_("asked"))
    # A copy: lines change with the next application, what was asked in this one must stay to be read.
    lines = models.JSONField(_("lines"))
    goods_state = models.CharField(_("goods when applied"), max_length=12, choices=GoodsState)
    description = models.TextField(_("description"), blank=True)
    applied_role = models.CharField(_("applied as"), max_length=12, choices=Role)
    applied_at = models.DateTimeField(_("applied at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    reject_reason = models.ForeignKey(
        RejectReason, models.PROTECT, null=True, blank=True, verbose_name=_("reason to reject")
    )
    reject_note = models.TextField(_("note on the rejection"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_carried = models.BooleanField(_("carried over from the case it was split from"), default=False)

    is_reopening = models.BooleanField(_("begun by a reopening"), default=False, db_default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="round_once"),
            models.CheckConstraint(
                name="round_goods_state_known", condition=models.Q(goods_state__in=GoodsState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.number}"
