"""The inbox: messages of carriers, stored as they came and parsed later."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.retry import PersonRetry


class MessageStatus(models.TextChoices):
    """How far a message has come."""

    NEW = "new", _("New")
    DONE = "done", _("Done")
    QUARANTINED = "quarantined", _("Put aside")


class CarrierMessage(PersonRetry):
    """One message as it came; its number (`event_id`) is unique within its account."""

    Status: TypeAlias = MessageStatus

    source = models.CharField(_("source"), max_length=20)
    account = models.CharField(_("account"), max_length=60)
    event_id = models.CharField(_("number"), max_length=64)
    digest = models.CharField(max_length=32, editable=False)
    raw = models.BinaryField(_("as it came"))
    received_at = models.DateTimeField(_("received at"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW, db_default=Status.NEW)

    class Meta:
        verbose_name = _("carrier's message")
        verbose_name_plural = _("carriers' messages")
        constraints = [
            models.UniqueConstraint(fields=["source", "account", "event_id"], name="carrier_message_once"),
            models.CheckConstraint(name="carrier_message_status_known", condition=Q(status__in=tuple(MessageStatus))),
        ]
        indexes = [
            models.Index(fields=["id"], name="carrier_message_new", condition=Q(status=MessageStatus.NEW)),
            models.Index(fields=["id"], name="carrier_message_aside", condition=Q(status=MessageStatus.QUARANTINED)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"

    def put_aside(self) -> None:
        """Leave the message to a person."""
        self.status = MessageStatus.QUARANTINED
