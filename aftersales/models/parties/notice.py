"""Outbox: what the outside world must hear, delivered by a sweep."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import Role
from orders.models.retry import Retry


class NoticeStatus(models.TextChoices):
    """What became of a message to a party."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    SKIPPED = "skipped", _("No address")
    QUARANTINED = "quarantined", _("Quarantined")


class Notice(Retry):
    """One message to a party or to one of our people about one move, written in the transaction of the move."""

    Status: TypeAlias = NoticeStatus

    case = models.ForeignKey(Case, models.CASCADE, related_name="notices", verbose_name=_("case"))
    recipient = models.CharField(_("to"), max_length=12, choices=Role)
    # One of our own people; nobody where it is to the party that the recipient names.
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person"), db_index=False
    )
    action = models.CharField(_("about"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    due_at = models.DateTimeField(_("due"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["id"]
        constraints = [
            # Parties are found through the case; of our people each has a notice of their own.
            models.CheckConstraint(
                name="notice_to_party_or_person",
                condition=Q(recipient__in=[Role.BUYER, Role.MERCHANT], user__isnull=True)
                | (~Q(recipient__in=[Role.BUYER, Role.MERCHANT]) & Q(user__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="notice_due", condition=Q(status=NoticeStatus.PENDING)),
            models.Index(fields=["id"], name="notice_quarantined", condition=Q(status=NoticeStatus.QUARANTINED)),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.action}"

    def put_aside(self) -> None:
        """Stop trying: it failed too often, and a person has to look."""
        self.status = NoticeStatus.QUARANTINED
