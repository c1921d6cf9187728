"""The first page of an agent's desk, the list asked for most: what `queue` gives, by statements compiled once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import QuerySet

from aftersales.models import Case, User
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import CAP, Page
from orders.db.compiled_query import CompiledQuery, Statement, Written

KEYS: Final = ("due_at", "id")
COLUMNS: Final = (
    "id", "version", "number", "type", "status", "subject", "currency", "requested_amount", "freight_held",
    "merchant__name", "buyer__name", "assignee_id", "assignee__display_name", "assignee__username", "due_at",
    "due_kind", "opened_at", "closed_at", "clock_approved_at", "priority",
)  # fmt: skip
COMPILED: Final = 64  # statements kept: one for each number of teams and size of a page


@dataclass(frozen=True)
class Waiting:
    """How many cases wait, counted no further than one above the cap, and when the first of them is due."""

    count: int
    soonest_due_at: datetime | None

    @property
    def is_capped(self) -> bool:
        """Whether more wait than were counted."""
        return self.count > CAP


def page(user: User, size: int) -> Page[dict[str, Any]]:
    """The first page of the desk: the person's own cases and unassigned ones, those due first."""
    rows = _first(len(user.team_ids), size)(user.pk, *user.team_ids)
    return keyset.first_page(rows, *KEYS, size=size)


def counts(user: User) -> tuple[int, Waiting]:
    """How many cases are on the desk, and what the next claim would find."""
    mine, nobodys = (Waiting(*row) for row in _tally(len(user.team_ids)).rows(user.pk, *user.team_ids))
    return min(mine.count + nobodys.count, CAP + 1), nobodys


def held_by(person_id: int) -> QuerySet[Case]:
    """Cases assigned to a person in which it is our turn."""
    return Case.objects.filter(OUR_TURN, assignee=person_id)


def claimable(user: User) -> list[QuerySet[Case]]:
    """Cases the person could claim: our turn, assigned to nobody; in parts that share no case."""
    if visibility.sees_by_team(user):
        return _waiting_for(user.team_ids)
    return [visibility.cases_for(user).filter(OUR_TURN, assignee__isnull=True)]


def tally(groups: Sequence[Sequence[QuerySet[Case]]]) -> Written:
    """SQL for the count and the first due date of each group; its parts are counted no further than one above the cap.

    Written by hand because the ORM can not count a union.
    """
    statements: list[str] = []
    values: list[Any] = []
    for group in groups:
        heads = [part.order_by(*KEYS).values_list("due_at")[: CAP + 1] for part in group]
        statement, given = (heads[0].union(*heads[1:], all=True) if heads[1:] else heads[0]).query.sql_with_params()
        statements.append(f"SELECT least(count(*), {CAP + 1}), min(due_at) FROM ({statement}) AS part")  # noqa: S608 -- our own query
        values += given
    return " UNION ALL ".join(statements), values


def _waiting_for(team_ids: Sequence[int]) -> list[QuerySet[Case]]:
    return [part.filter(OUR_TURN) for part in visibility.unassigned(team_ids)]


@lru_cache(COMPILED)
def _first(team_count: int, size: int) -> CompiledQuery[dict[str, Any]]:
    def head(person_id: int, *team_ids: int) -> QuerySet[Case, dict[str, Any]]:
        parts = [held_by(person_id), *_waiting_for(team_ids)]
        return keyset.head(Case.objects.values(*COLUMNS), *KEYS, parts=parts, size=size)

    return CompiledQuery(head, int, *[int] * team_count, planned_once=True)


@lru_cache(COMPILED)
def _tally(team_count: int) -> Statement:
    def tallied(person_id: int, *team_ids: int) -> Written:
        return tally([[held_by(person_id)], _waiting_for(team_ids)])

    return Statement(tallied, int, *[int] * team_count, planned_once=True)
