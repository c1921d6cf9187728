"""Who may see a case, told from facts that were read once for many people: the same rule, without the database."""

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
    """What of a case decides who may see it."""

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
FROM aftersales_case c WHERE c.id = ANY(%s::bigint[])
"""
FACTS_BY_NUMBER = FACTS.replace("c.id = ANY(%s::bigint[])", "c.number = ANY(%s::text[])")


def facts_by_id(case_ids: Iterable[int]) -> list[VisibilityFacts]:
    """What decides who may see these cases, in one query; none for no cases."""
    ids = sorted(set(case_ids))
    return [VisibilityFacts(*row) for row in statements.rows(FACTS, [ids])] if ids else []


def facts_by_number(numbers: Iterable[str]) -> list[VisibilityFacts]:
    """The same by the numbers of the cases."""
    wanted = sorted(set(numbers))
    return [VisibilityFacts(*row) for row in statements.rows(FACTS_BY_NUMBER, [wanted])] if wanted else []


def sees(user: User, case: VisibilityFacts) -> bool:
    """Whether `visibility.cases_for` holds the case, told from facts that were read for many people at once."""
    if not user.is_active:
        return False
    conditions = _conditions(visibility.rights_of(user))
    return not conditions or any(fits(fact(case), wanted) for fact, fits, wanted in conditions)


# Asked for each person who is looking, whenever a case has changed.
@lru_cache(4096)
def _conditions(rights: visibility.Rights) -> tuple[Condition, ...]:
    return tuple(_condition(part) for part in visibility.rule(rights).children)


def _condition(part: Any) -> Condition:
    """A part of the rule for Python; it says what the lookup says to the database."""
    if part is visibility.RECEIVED:
        return attrgetter("was_received"), eq, True
    lookup, wanted = part
    name, _, kind = lookup.partition("__")
    return attrgetter(name), LOOKUPS[kind], wanted
