"""Rows that a sweep works on: how often it failed, when it tries again, what a person said."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

TRIES: Final = 5  # failures after which a person has to look
FIRST_HOLD: Final = timedelta(minutes=1)


class Tried(models.Model):
    """Tried again later, later each time; put aside after five tries."""

    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    hold_until = models.DateTimeField(_("held until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    again_by = models.CharField(_("tried again by"), max_length=150, blank=True)

    class Meta:
        abstract = True

    @property
    def is_given_up(self) -> bool:
        """Whether only a person can help."""
        return self.tries >= TRIES

    def hold(self, error: object, at: datetime) -> None:
        """One failure more; the caller saves."""
        self.tries += 1
        self.last_error = (str(error) or type(error).__name__).replace("\0", "")[:2000]
        self.hold_until = at + FIRST_HOLD * 2**self.tries

    def release(self, who: str) -> None:
        """Begin anew because a person says so; the caller saves."""
        self.tries, self.hold_until, self.again_by = 0, None, who
