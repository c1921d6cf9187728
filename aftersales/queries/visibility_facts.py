"""Who may see a case, by facts read once for many people: the rule of `visibility`, evaluated in Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, eq
from typing import Any, Final

from aftersales.models import User
from aftersales.queries import visibility
from orders.db import statements

Condition = tuple[Callable[[Any], Any], Callable[[Any, Any], bool], Any]
LOOKUPS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "": eq,
    "in": lambda value, wanted: value in wanted,
    "isnull": lambda value, wanted: (value is None) == wanted,
}


@dataclass(frozen=True)
class VisibilityFacts:
    """The facts about a case that decide who may see it."""

    pk: int
    number: str
    team_id: int | None
    assignee_id: int | None
    merchant_id: int
    status: str
    was_received: bool


FACTS = """
SELECT c.id, c.number, c.team_id, c.assignee_id, c.merchant_id, c.status,
    EXISTS (SELECT 1 FROM aftersales_caseline l WHERE l.case_id = c.id AND l.units_received > 0)
        OR EXISTS (SELECT 1 FROM aftersales_goodsowed g WHERE g.case_id = c.id)
FROM aftersales_case c WHERE c.id = ANY(%s::bigint[])
"""
FACTS_BY_NUMBER = FACTS.replace("c.id = ANY(%s::bigint[])", "c.number = ANY(%s::text[])")


def facts_by_id(case_ids: Iterable[int]) -> list[VisibilityFacts]:
    """The facts about these cases, in one query; no query for no cases."""
    ids = sorted(set(case_ids))
    return [VisibilityFacts(*row) for row in statements.rows(FACTS, [ids])] if ids else []


def facts_by_number(numbers: Iterable[str]) -> list[VisibilityFacts]:
    """The facts about the cases with these numbers."""
    wanted = sorted(set(numbers))
    return [VisibilityFacts(*row) for row in statements.rows(FACTS_BY_NUMBER, [wanted])] if wanted else []


def sees(user: User, case: VisibilityFacts) -> bool:
    """Whether `visibility.cases_for(user)` contains the case."""
    if not user.is_active:
        return False
    conditions = _conditions(visibility.rights_of(user))
    return not conditions or any(fits(fact(case), wanted) for fact, fits, wanted in conditions)


# Needed for each person with an open page, whenever any case has changed.
@lru_cache(4096)
def _conditions(rights: visibility.Rights) -> tuple[Condition, ...]:
    return tuple(_condition(part) for part in visibility.rule(rights).children)


def _condition(part: Any) -> Condition:
    """A part of the rule as Python evaluates it, with the meaning that its lookup has in the database."""
    if any(part is each for each in visibility.RECEIVED):
        return attrgetter("was_received"), eq, True
    lookup, wanted = part
    name, _, kind = lookup.partition("__")
    return attrgetter(name), LOOKUPS[kind], wanted
