"""Forms that were submitted: a second click finds the result of the first."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User

LONGEST_PATH: Final = 300
SENT_ONCE: Final = "form_sent_once"  # what the database says of the second sending


class Submission(models.Model):
    """One submission of a form; its key was made with the page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(_("key"))
    path = models.CharField(_("where it was sent"), max_length=LONGEST_PATH, blank=True)
    location = models.CharField(_("where it led"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name=SENT_ONCE)]
        indexes = [models.Index(fields=["sent_at"], name="form_sent_at")]

    def __str__(self) -> str:
        return str(self.key)
