"""What an agent writes before anybody else reads it: a draft, and a message that can still be taken back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User


class Draft(models.Model):
    """What somebody has typed into a case and not sent; it is over once its form was sent."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts", verbose_name=_("case"))
    user = models.ForeignKey(User, models.CASCADE, related_name="drafts", verbose_name=_("by"))
    is_note = models.BooleanField(_("internal note"), default=False)
    body = models.TextField(_("text"), max_length=5000)
    saved_at = models.DateTimeField(_("saved at"))
    # The last keystrokes may arrive after the form was sent: its key tells that they are late.
    once = models.UUIDField(_("key of the form"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="draft_once_a_case"),
            models.CheckConstraint(condition=~Q(body=""), name="draft_says_something"),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class Outgoing(models.Model):
    """A message that can be taken back until `send_at`; `refused` says why it could not be sent.

    Nothing in a thread is ever unsent: others may have read it. See docs/adr/0019.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="outgoing", verbose_name=_("case"))
    user = models.ForeignKey(User, models.CASCADE, related_name="outgoing", verbose_name=_("by"))
    body = models.TextField(_("text"), max_length=5000)
    written_at = models.DateTimeField(_("written at"))
    send_at = models.DateTimeField(_("goes out at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    refused = models.CharField(_("why it was not sent"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("message that waits")
        verbose_name_plural = _("messages that wait")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="outgoing_says_something"),
            models.CheckConstraint(condition=Q(send_at__gte=F("written_at")), name="outgoing_after_it_was_written"),
        ]
        indexes = [models.Index(fields=["send_at", "id"], name="outgoing_due", condition=Q(refused=""))]

    def __str__(self) -> str:
        return self.body[:60]
