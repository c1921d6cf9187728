"""Why the gate lets nobody through: no right, too late, changed meanwhile, in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log
from aftersales.models import Case
from aftersales.rules.actor import Actor
from orders.refusals import Refused


class AboveLimit(Refused):
    """The sum is above what the person decides alone: a second person may be asked for it."""


class Forbidden(Refused):
    """The person has no right to the act, or the case is not theirs."""


class Unconfirmed(Exception):
    """The act asks who one is, and that was said too long ago: the page asks anew, and what was typed goes on.

    No refusal: whoever goes on to the next row after a refusal has to stop here.
    """


@dataclass(frozen=True)
class Attempt:
    """A move that was refused because the case had moved on."""

    case: Case
    action: str
    by: Actor
    at: datetime

    def note(self) -> None:
        """Put the attempt into the log of the case, in a transaction of its own; silent for who has no right."""
        role = self.by.role_for(moves.EVERY[self.action])
        if role is None:
            return
        case_log.put(self.case, "attempt", role=role, by=self.by, at=self.at, data={"tried": self.action})


class Overtaken(Refused):
    """The case has moved on, or its time was up; the attempt is put on record."""

    def __init__(self, case: Case, sentence: str, attempt: Attempt | None = None) -> None:
        super().__init__(sentence)
        self.case = case
        self.attempt = attempt


class Stale(Overtaken):
    """Somebody else moved the case meanwhile; `case` is how it stands now."""

    def __init__(self, case: Case, attempt: Attempt | None = None) -> None:
        super().__init__(case, _("This case was changed meanwhile. Look at it again; what you typed is kept."), attempt)


class Busy(Refused):
    """Another person holds the lock for too long."""

    def __init__(self) -> None:
        super().__init__(_("Somebody is working on this very case at this moment. Try again in a few seconds."))
