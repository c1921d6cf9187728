"""Before a calendar is saved: which running deadlines it would date otherwise, if they were counted by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.models import Deadline, Policy
from aftersales.rules.policies import calendar as working_time
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.policies.clocks import CLOCKS, counted
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus

# An admin waits for this page; those that are due first show what a change does.
MOST: Final = 2000


@dataclass(frozen=True)
class Moved:
    """A running deadline that the other calendar would date otherwise."""

    deadline: Deadline
    would_be: datetime

    @property
    def by(self) -> timedelta:
        """By how much, later or earlier."""
        return abs(self.would_be - self.deadline.due_at)

    @property
    def is_later(self) -> bool:
        """Whether there would be more time."""
        return self.would_be > self.deadline.due_at


@dataclass
class Effects:
    """What a change of calendars does: the shops that count otherwise from then on, and what runs for them."""

    shops: list[int] = field(default_factory=list)
    examined: int = 0
    moved: list[Moved] = field(default_factory=list)
    changes_zone: bool = False

    @property
    def sentence(self) -> str:
        """How many running deadlines were looked at, and how many would be due at another moment."""
        if not self.examined:
            return _("No running deadline is counted by this calendar.")
        return ngettext(
            "Of %(seen)d running deadline that is counted by the calendar, %(moved)d would be due at another moment. "
            "What runs keeps the moment that was promised; what begins from now on is counted by the new calendar.",
            "Of %(seen)d running deadlines that are counted by the calendar, %(moved)d would be due at another moment. "
            "What runs keeps the moment that was promised; what begins from now on is counted by the new calendar.",
            self.examined,
        ) % {"seen": self.examined, "moved": len(self.moved)}


def of(before: Mapping[int, Calendar], after: Mapping[int, Calendar], at: datetime) -> Effects:
    """Compare the calendars of shops, by shop, as they are and as they would be."""
    shops = [pk for pk, old in before.items() if pk in after and _rules(old) != _rules(after[pk])]
    found = Effects(shops, changes_zone=any(str(before[pk].tz) != str(after[pk].tz) for pk in shops))
    for deadline in _running(shops):
        found.examined += 1
        old, new = before[deadline.case.merchant_id], after[deadline.case.merchant_id]
        would_be = _dated_anew(deadline, old, new, at)
        if would_be != deadline.due_at:
            found.moved.append(Moved(deadline, would_be))
    return found


def _rules(calendar: Calendar) -> Calendar:
    return replace(calendar, name="", version="")


def _running(shops: list[int]) -> Iterator[Deadline]:
    running: QuerySet[Deadline] = Deadline.objects.filter(
        case__merchant__in=shops, status=DeadlineStatus.PENDING, kind__in=_counted_by_calendar()
    )
    found = running.select_related("case__merchant", "policy").order_by("due_at", "pk")[:MOST]
    return (each for each in found if counted(DeadlineKind(each.kind), each.policy) != "natural")


def _counted_by_calendar() -> list[DeadlineKind]:
    """Kinds that count days or hours of the shop under some policy."""
    strictest = Policy(response_clock="windowed")
    return [kind for kind in CLOCKS if counted(kind, strictest) != "natural"]


def _dated_anew(deadline: Deadline, old: Calendar, new: Calendar, at: datetime) -> datetime:
    """When what is left of it by the old calendar is over by the new one."""
    if deadline.due_at <= at:
        return deadline.due_at
    kind = counted(DeadlineKind(deadline.kind), deadline.policy)
    return working_time.due(at, working_time.remaining(at, deadline.due_at, kind, old), kind, new)
