"""People come and go: what they hold goes back to their team in time, what waits is handed out in turn."""

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
from aftersales.queries.console import assignment as assignment_queries
from aftersales.rules.actor import CLOCK
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Availability, Distribution
from orders.refusals import Refused

SOON: Final = timedelta(hours=4)  # the list "Due in 4 hours"
PRESENT: Final = timedelta(minutes=30)  # since somebody was last seen
BATCH: Final = 200


@gate.transactional
def say(person: User, availability: Availability, *, at: datetime) -> None:
    """An agent says whether they take cases."""
    User.objects.filter(pk=person.pk).update(availability=availability, available_since=at)


def run(at: datetime) -> int:
    """Release what is forgotten, then hand out what waits; answers how many cases changed hands."""
    return release(at) + distribute(at)


def release(at: datetime, limit: int = BATCH) -> int:
    """Give cases back to their team: of people who are away what is due soon, and what its agent has not touched."""
    done = 0
    for team in Team.objects.filter(Q(absent_minutes__isnull=False) | Q(idle_minutes__isnull=False)):
        if team.absent_minutes is not None:
            done += _release(_left_behind(team, at - timedelta(minutes=team.absent_minutes), at)[:limit], _away(), at)
        if team.idle_minutes is not None:
            done += _release(_untouched(team, at - timedelta(minutes=team.idle_minutes))[:limit], _idle(), at)
    return done


def distribute(at: datetime, limit: int = BATCH) -> int:
    """Hand cases of teams that share them in turn to whoever was given one longest ago."""
    done = 0
    for team in Team.objects.filter(distribution=Distribution.ROUND_ROBIN):
        while done < limit and _hand_out(team, at):
            done += 1
    return done


def _hand_out(team: Team, at: datetime) -> bool:
    """One case to the one whose turn it is; whether there was one for anybody."""
    with transaction.atomic():
        for person in _in_turn(team, at):
            person = User.objects.get(pk=person.pk)
            if Case.objects.filter(OUR_TURN, assignee=person).count() >= person.capacity:
                continue
            case = _first_free(team, assignment_queries.candidates(person))
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
    return sum(_given_back(pk, holder, why, at) for pk, holder in list(cases.values_list("pk", "assignee")))


def _given_back(pk: int, holder: int, why: str, at: datetime) -> bool:
    with transaction.atomic():
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
