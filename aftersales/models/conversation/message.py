"""Messages and notes, and photos as evidence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.cases.line import InspectedUnit
from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import Role


class Message(models.Model):
    """A message in the thread, or a note that only our people see."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages", verbose_name=_("case"))
    is_note = models.BooleanField(_("internal note"), default=False)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    # No index of its own: the one below serves, and leaves out the clock and buyers without a login.
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    body = models.TextField(_("text"), max_length=5000)
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="message_of_case"),
            models.Index(fields=["user", "-id"], name="message_newest_of_user", condition=Q(user__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class Evidence(models.Model):
    """A photo, decoded and encoded again, kept under a random name and served only to those who may see the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence", verbose_name=_("case"))
    unit = models.ForeignKey(
        InspectedUnit, models.SET_NULL, null=True, blank=True, related_name="photos", verbose_name=_("inspected unit")
    )
    round_number = models.PositiveIntegerField(_("round"), default=1)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("name of the file"), max_length=200)
    path = models.CharField(max_length=100, unique=True, editable=False)
    mime_type = models.CharField(max_length=30, editable=False)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    sha256 = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]
        indexes = [models.Index(fields=["sha256"], name="evidence_seen_before")]

    def __str__(self) -> str:
        return self.name
