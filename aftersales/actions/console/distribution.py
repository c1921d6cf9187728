"""Cases released from people who are away or idle, and distributed in turn to those who are at work."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.console import assignment
from aftersales.models import Case, Event, Message, Team, User
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.queries.console import next_case
from aftersales.rules.actor import CLOCK
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Availability, Distribution
from orders.refusals import Refused

SOON: Final = timedelta(hours=4)  # the list "Due in 4 hours"
PRESENT: Final = timedelta(minutes=30)  # who was seen within it counts as being at work
BATCH: Final = 200  # cases in one turn of the worker


@gate.transactional
def set_availability(person: User, availability: Availability, *, at: datetime) -> None:
    """Note whether an agent takes cases, and since when."""
    User.objects.filter(pk=person.pk).update(availability=availability, available_since=at)


def run(at: datetime) -> int:
    """Release cases, then distribute what waits; the number of cases that changed hands."""
    return release(at) + distribute(at)


def release(at: datetime, limit: int = BATCH) -> int:
    """Return cases to their team: those due soon whose agent is away, and those that their agent has not touched.

    Only for teams that have set after how many minutes.
    """
    done = 0
    for team in Team.objects.filter(Q(absent_minutes__isnull=False) | Q(idle_minutes__isnull=False)):
        if team.absent_minutes is not None:
            done += _release(_left_behind(team, at - timedelta(minutes=team.absent_minutes), at)[:limit], _away(), at)
        if team.idle_minutes is not None:
            done += _release(_untouched(team, at - timedelta(minutes=team.idle_minutes))[:limit], _idle(), at)
    return done


def distribute(at: datetime, limit: int = BATCH) -> int:
    """Give the cases of teams with distribution in turn, each to the agent who was given one longest ago."""
    done = 0
    for team in Team.objects.filter(distribution=Distribution.ROUND_ROBIN):
        while done < limit and _give_next(team, at):
            done += 1
    return done


def _give_next(team: Team, at: datetime) -> bool:
    """Give one case to the agent whose turn it is; false when nobody can take one."""
    with transaction.atomic():
        for person in _in_turn(team, at):
            person = User.objects.get(pk=person.pk)  # read again under its lock: the capacity may be new
            if Case.objects.filter(OUR_TURN, assignee=person).count() >= person.capacity:
                continue
            case = _first_free(team, next_case.candidates(person))
            if case is not None:
                assignment.give(case, person, "distribute", by=CLOCK, at=at)
                User.objects.filter(pk=person.pk).update(given_at=at)
                return True
    return False


def _in_turn(team: Team, at: datetime) -> QuerySet[User]:
    people = team.members.filter(is_active=True, availability=Availability.AVAILABLE, seen_at__gte=at - PRESENT)
    at_work = people.filter(pk__in=User.objects.filter(groups__name__in=list(AGENTS)).values("pk"))
    return at_work.order_by(F("given_at").asc(nulls_first=True), "pk").select_for_update(of=("self",), skip_locked=True)


def _first_free(team: Team, found: Iterable[int]) -> Case | None:
    # What an agent is claiming at this moment is passed over: nobody waits for anybody.
    free = Case.objects.filter(OUR_TURN, pk__in=list(found), assignee__isnull=True, team=team)
    return free.order_by("-priority", "due_at", "pk").select_for_update(of=("self",), skip_locked=True).first()


def _left_behind(team: Team, since: datetime, at: datetime) -> QuerySet[Case]:
    away = Q(assignee__availability=Availability.AWAY, assignee__available_since__lte=since)
    unseen = Q(assignee__seen_at__lte=since)
    gone = Q(assignee__is_active=False)
    return Case.objects.filter(OUR_TURN, away | unseen | gone, team=team, due_at__lte=at + SOON)


def _untouched(team: Team, since: datetime) -> QuerySet[Case]:
    theirs = {"case": OuterRef("pk"), "user": OuterRef("assignee")}
    touched = Exists(Event.objects.filter(**theirs, happened_at__gt=OuterRef("assigned_at"))) | Exists(
        Message.objects.filter(**theirs, sent_at__gt=OuterRef("assigned_at"))
    )
    return Case.objects.filter(OUR_TURN, ~touched, team=team, assigned_at__lte=since, assignee__isnull=False)


def _release(cases: QuerySet[Case], why: str, at: datetime) -> int:
    return sum(_give_back(pk, holder, why, at) for pk, holder in list(cases.values_list("pk", "assignee")))


def _give_back(pk: int, holder: int, why: str, at: datetime) -> bool:
    with transaction.atomic():
        # Found without a lock: its agent may have given it away or be at work on it right now.
        case = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, assignee=holder).first()
        if case is None or not case.is_open:
            return False
        try:
            assignment.give(case, None, "release", by=CLOCK, at=at, why=why)
        except Refused:
            return False
    return True


def _away() -> str:
    return _("Its agent is away, and it is due soon.")


def _idle() -> str:
    return _("Its agent has not touched it.")
