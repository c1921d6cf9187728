"""Roll-up behind the supervisor's numbers: deltas appended by a trigger, folded by a sweep, exact at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoardKey(models.Model):
    """What a number is counted by; 0 stands for nobody."""

    status = models.CharField(_("state"), max_length=20)
    merchant_id = models.BigIntegerField(_("merchant"))
    assignee_id = models.BigIntegerField(_("assigned to"))
    team_id = models.BigIntegerField(_("team"))
    opened_on = models.DateField(_("opened on"))

    class Meta:
        abstract = True


class BoardCount(BoardKey):
    """Folded number of open cases."""

    count = models.BigIntegerField(_("cases"))

    class Meta:
        verbose_name = _("board count")
        verbose_name_plural = _("board counts")
        constraints = [
            models.UniqueConstraint(
                fields=["status", "merchant_id", "assignee_id", "team_id", "opened_on"], name="board_key_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.count}"


class BoardDelta(BoardKey):
    """A change not folded yet."""

    delta = models.IntegerField(_("change"))

    class Meta:
        verbose_name = _("board change")
        verbose_name_plural = _("board changes")

    def __str__(self) -> str:
        return f"{self.status} {self.delta:+d}"
