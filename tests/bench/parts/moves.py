"""One move through the gate, by four processes at once, beside its own statements in bare psycopg."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from statistics import median

import psycopg
from django.db import connection

from aftersales.actions.cases import decisions
from aftersales.models import User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.actor import Actor
from tests.bench import places, timing
from tests.bench.data import seed
from tests.bench.data.columns import CASE
from tests.bench.report import Figure, at_least
from tests.bench.timing import Work
from tests.bench.yardsticks import Step, ids_of, recorded, repeat

CONNECTIONS = 4
WARM = 6  # moves before the clock starts: a prepared statement takes five
AT = seed.THEN - timedelta(hours=3)


def measure(rounds: int, moves: int) -> Iterator[Figure]:
    """Moves a second, through the gate and without it."""
    steps, first = record()
    sides = {
        "gate": lambda: through_gate(moves),
        "bare": lambda: _rate(_bare(steps, first), moves),
    }
    found = timing.alternate(rounds, sides)
    yield at_least(
        f"one move through the gate, {CONNECTIONS} connections", median(found["gate"]), "moves/s", 0.6,
        median(found["bare"]), timing.ratio(found["gate"], found["bare"]),
    )  # fmt: skip
    yield Figure("one move: statements", sum(step.sql != "COMMIT" for step in steps), "statements")


def record() -> tuple[list[Step], int]:
    """The statements of one move, and the number of the case it moved."""
    staged = seed.stage(2)
    approve(staged.first)
    with recorded() as steps:
        approve(staged.first + 1)
    return steps, staged.first + 1


def approve(number: int) -> None:
    """An agent agrees to a return."""
    decisions.approve(CASE + number, by=_agent(), at=AT)


def through_gate(moves: int) -> float:
    """Moves a second, by four processes."""
    return _rate(_through_gate, moves)


@lru_cache
def _agent() -> Actor:
    return actor_for(User.objects.get(username="bench-agent-1"))


def _rate(work: Work, moves: int) -> float:
    each = moves // CONNECTIONS
    staged = seed.stage((each + WARM) * CONNECTIONS)
    parts = [range(start, start + each + WARM) for start in range(staged.first, staged.last, each + WARM)]
    return each * CONNECTIONS / timing.together(work, parts)


def _through_gate(numbers: range) -> Callable[[], None]:
    for number in numbers[:WARM]:
        approve(number)

    def act() -> None:
        for number in numbers[WARM:]:
            approve(number)

    return act


def _bare(steps: list[Step], first: int) -> Work:
    def work(numbers: range) -> Callable[[], None]:
        bare = psycopg.connect(places.url(connection.settings_dict["NAME"]))
        for number in numbers[:WARM]:
            repeat(bare, steps, ids_of(first, number))

        def act() -> None:
            for number in numbers[WARM:]:
                repeat(bare, steps, ids_of(first, number))

        return act

    return work
