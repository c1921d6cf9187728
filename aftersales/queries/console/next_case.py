"""Which case a person is given next: among those they may see and are skilled for, by priority, then by due date."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from aftersales.models import Case, Skill, Skip, User
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.queries import visibility
from aftersales.rules.vocabulary import Priority
from orders.db.compiled_query import CompiledQuery

MOST: Final = 24  # candidates: more than people who claim at one moment
KEYS: Final = ("due_at", "pk")
Waiting = tuple[int, datetime | None, int]


def candidates(user: User) -> list[int]:
    """Ids of the next cases for the person, the most pressing first; three queries at most."""
    unfit = unskilled(user)
    if visibility.sees_by_team(user):
        rows: Sequence[Waiting] = _of_teams(len(user.team_ids), unfit)(user.pk, *user.team_ids)
    else:
        rows = list(_first([visibility.cases_for(user).filter(assignee__isnull=True)], user.pk, unfit))
    return [pk for _priority, _due_at, pk in sorted(rows, key=_pressing)[:MOST]]


def _skills(person: int) -> QuerySet[Skill, tuple[list[str], bool]]:
    mine = Exists(User.skills.through.objects.filter(skill=OuterRef("pk"), user=person))
    return Skill.objects.order_by().annotate(is_mine=mine).values_list("types", "is_mine")


SKILLS: Final = CompiledQuery(_skills, int)


def unskilled(user: User) -> tuple[str, ...]:
    """Case types that need a skill which this person does not have."""
    known = SKILLS(user.pk)
    fit = {kind for types, is_mine in known if is_mine for kind in types}
    return tuple(sorted({kind for types, _is_mine in known for kind in types} - fit))


def _pressing(row: Waiting) -> tuple[int, bool, float, int]:
    priority, due_at, pk = row
    return -priority, due_at is None, due_at.timestamp() if due_at else 0, pk


@lru_cache(64)
def _of_teams(team_count: int, unfit: tuple[str, ...]) -> CompiledQuery[Waiting]:
    def first(person: int, *team_ids: int) -> QuerySet[Case, Waiting]:
        return _first(visibility.unassigned(team_ids), person, unfit)

    return CompiledQuery(first, int, *[int] * team_count, planned_once=True)


def _first(parts: Sequence[QuerySet[Case]], person: int, unfit: Sequence[str]) -> QuerySet[Case, Waiting]:
    # A case that the person skipped is offered again once it has moved on.
    skipped = Exists(Skip.objects.filter(user=person, case=OuterRef("pk"), version=OuterRef("version")))
    # One head for each priority and team: together they would have to be sorted, alone each is read from an index.
    heads: list[QuerySet[Any, Any]] = [
        part.filter(OUR_TURN, ~skipped, priority=_written(priority))
        .exclude(type__in=unfit)
        .order_by(*KEYS)
        .values_list("priority", "due_at", "pk")[:MOST]
        for priority in Priority
        for part in parts
    ]
    return heads[0].union(*heads[1:], all=True)


def _written(priority: Priority) -> RawSQL:
    """A priority as part of the SQL: a parameter would keep the planner from a partial index."""
    return RawSQL(str(int(priority)), [])  # noqa: S611 -- a number of ours
