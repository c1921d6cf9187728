"""Approval requests: what is above somebody's limit waits for a second person."""

from typing import TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from orders.models.order import MoneyField


class ApprovalStatus(models.TextChoices):
    """What became of a request."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Allowed")
    DECLINED = "declined", _("Declined")
    VOID = "void", _("Void")


class ApprovalRequest(models.Model):
    """An act above the asker's limit, to be allowed by a second person."""

    Status: TypeAlias = ApprovalStatus

    case = models.ForeignKey(Case, models.CASCADE, related_name="approval_requests", verbose_name=_("case"))
    action = models.CharField(_("action"), max_length=40)
    amount = MoneyField(_("amount"))
    payload = models.JSONField(_("details"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    why = models.TextField(_("why"), blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=ApprovalStatus.PENDING), name="one_pending_approval_per_case"
            ),
            models.CheckConstraint(
                name="second_person_approves", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.amount}"
