"""Which deadlines run after a move: of the clocks of one line, one at a time."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from aftersales.rules.policies.clocks import CLOCKS, started_in
from aftersales.rules.vocabulary import DeadlineKind

# Clocks that follow another one, or that a move starts: none of these begins on arrival.
FOLLOWING: Final = frozenset(clock.then for clock in CLOCKS.values())


@lru_cache
def lines_in(status: str) -> tuple[tuple[DeadlineKind, ...], ...]:
    """Deadlines that may run in the state, as lines: of each line one does."""
    lines: dict[str, list[DeadlineKind]] = {}
    for kind in started_in(status):
        lines.setdefault(CLOCKS[kind].line or kind, []).append(kind)
    return tuple(map(tuple, lines.values()))


def wanted(
    status: str,
    *,
    action: str = "",
    came_from: str = "",
    live: Collection[str] = (),
    over: Collection[str] = (),
) -> list[DeadlineKind]:
    """Deadlines that run in the state after the move `action`: one of each line.

    `live` are the kinds that ran or waited before it, `over` those that the clock has used up by it.
    """
    chosen = [_of_line(line, action, came_from, live, over) for line in lines_in(status)]
    return [kind for kind in chosen if kind is not None]


@lru_cache
def first_in(status: str) -> tuple[DeadlineKind, ...]:
    """Deadlines that begin on arrival in the state."""
    return tuple(map(_first, lines_in(status)))


def _first(line: tuple[DeadlineKind, ...]) -> DeadlineKind:
    return next(kind for kind in line if kind not in FOLLOWING and not CLOCKS[kind].started_by)


def _of_line(
    line: tuple[DeadlineKind, ...], action: str, came_from: str, live: Collection[str], over: Collection[str]
) -> DeadlineKind | None:
    """Which clock of a line runs.

    1. The one that the move starts.
    2. Else the one that ran or waited, and goes on.
    3. Else what follows the one that has just passed, or that one anew.
    4. Else the first; but what waited in the state the case came from and was over does not start anew.
    """
    begun = next((kind for kind in line if action in CLOCKS[kind].started_by), None)
    going_on = next((kind for kind in line if kind in live and kind not in over), None)
    if begun or going_on:
        return begun or going_on
    passed = next((kind for kind in line if kind in over), None)
    if passed is not None:
        return passed if CLOCKS[passed].repeats else CLOCKS[passed].then
    first = _first(line)
    return CLOCKS[first].then or first if came_from in CLOCKS[first].paused_in else first
