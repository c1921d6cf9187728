"""Deadlines: what somebody must have done by when, and what the clock does otherwise."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.policies.policy import Policy
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus
from orders.models.retry import Retry

ONE_LIVE_PER_KIND: Final = "one_live_deadline_per_kind"
LIVE = Q(status__in=[DeadlineStatus.PENDING, DeadlineStatus.PAUSED])


class Deadline(Retry):
    """When somebody must have acted, and what became of it; exactly one outcome."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=20, choices=DeadlineKind)
    status = models.CharField(_("status"), max_length=12, choices=DeadlineStatus, default=DeadlineStatus.PENDING)
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due"))
    # While it is paused; `due_at` then keeps the old moment and means nothing.
    left = models.DurationField(_("left while paused"), null=True, blank=True)
    pause_count = models.PositiveSmallIntegerField(_("pauses"), default=0)
    extension_count = models.PositiveSmallIntegerField(_("extensions"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"))
    # By what its moment was counted: an admin who adds a holiday later does not move a deadline.
    calendar_version = models.CharField(_("calendar version"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "id"]
        constraints = [
            # One of a kind at a time, whatever path of the code has started it.
            models.UniqueConstraint(fields=["case", "kind"], condition=LIVE, name=ONE_LIVE_PER_KIND),
            models.CheckConstraint(name="deadline_status_known", condition=Q(status__in=DeadlineStatus.values)),
            models.CheckConstraint(
                name="deadline_paused_keeps_rest",
                condition=Q(status=DeadlineStatus.PAUSED, left__isnull=False)
                | (~Q(status=DeadlineStatus.PAUSED) & Q(left__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="deadline_due", condition=Q(status=DeadlineStatus.PENDING)),
            models.Index(fields=["id"], name="deadline_quarantined", condition=Q(status=DeadlineStatus.QUARANTINED)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"

    def put_aside(self) -> None:
        """Take it out of the clock's hands: it failed too often, and waits for a person."""
        self.status = DeadlineStatus.QUARANTINED
