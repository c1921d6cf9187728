"""Roll-up behind the supervisor's numbers: deltas appended by a trigger, folded by a sweep, exact at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoardKind(models.TextChoices):
    """What open cases are counted by, beside their state."""

    DAY = "day", _("Day opened")
    ASSIGNEE = "assignee", _("Assigned to")
    MERCHANT = "merchant", _("Merchant")


class BoardCount(models.Model):
    """Folded number of open cases of a state and a subject: day since 1970-01-01, user or merchant; 0 is nobody."""

    kind = models.CharField(_("counted by"), max_length=10, choices=BoardKind)
    status = models.CharField(_("state"), max_length=20)
    subject = models.BigIntegerField(_("subject"))
    count = models.BigIntegerField(_("cases"))

    class Meta:
        verbose_name = _("board count")
        verbose_name_plural = _("board counts")
        constraints = [models.UniqueConstraint(fields=["kind", "status", "subject"], name="board_counted_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status} {self.count}"


class BoardDelta(models.Model):
    """A change of open cases, not folded yet; written by a trigger on the case."""

    status = models.CharField(_("state"), max_length=20)
    merchant_id = models.BigIntegerField(_("merchant"))
    assignee_id = models.BigIntegerField(_("assigned to"))
    opened_on = models.DateField(_("opened on"))
    delta = models.IntegerField(_("change"))

    class Meta:
        verbose_name = _("board change")
        verbose_name_plural = _("board changes")

    def __str__(self) -> str:
        return f"{self.status} {self.delta:+d}"
