"""Retry: how often the work on a row failed, when it is tried again, when it needs a person. The one such mechanism."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_TRIES: Final = 5  # failures after which a person has to look
FIRST_HOLD: Final = timedelta(minutes=1)


def due(at: datetime) -> Q:
    """Rows that may be tried at this moment."""
    return Q(hold_until__isnull=True) | Q(hold_until__lte=at)


class Retry(models.Model):
    """A row that a sweep works on: tried again after longer and longer holds, put aside after five failures."""

    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    hold_until = models.DateTimeField(_("held until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        abstract = True

    @property
    def is_given_up(self) -> bool:
        """Whether only a person can help."""
        return self.tries >= MOST_TRIES

    def hold(self, error: object, at: datetime) -> None:
        """Count a failure, and put the row aside if it was the fifth; the caller saves."""
        self.tries += 1
        # PostgreSQL stores no NUL, and an error may quote what it could not read.
        self.last_error = (str(error) or type(error).__name__).replace("\0", "")[:2000]
        self.hold_until = at + FIRST_HOLD * 2**self.tries
        if self.is_given_up:
            self.put_aside()

    def put_aside(self) -> None:
        """Let the row's own status say that a person has to look; by default the tries alone say so."""

    def start_anew(self) -> None:
        """Forget the failures, not the last error; the caller saves."""
        self.tries, self.hold_until = 0, None


class PersonRetry(Retry):
    """A row that also says who had it tried again."""

    again_by = models.CharField(_("tried again by"), max_length=150, blank=True)

    class Meta:
        abstract = True

    def release(self, who: str) -> None:
        """Begin anew because this person says so; the caller saves."""
        self.start_anew()
        self.again_by = who
