"""What one form of the console is: who fills it in, where it goes, what in it is text, money, id."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aftersales.models import RejectReason
from tests.aftersales.bad_inputs.world import World


@dataclass(frozen=True)
class Form:
    """One form; `data` and `path` are asked of the world, ids are what does not belong there."""

    who: str
    path: Callable[[World], str]
    data: Callable[[World], dict] = lambda world: {}
    state: str = ""
    texts: tuple[str, ...] = ()
    amounts: Callable[[World], tuple[str, ...]] = lambda world: ()
    ids: Callable[[World], dict] = field(default=lambda world: {})
    also: frozenset = frozenset()  # answers that fit this form beside the usual ones


def line_of(world, state):
    """The line of the case in a state."""
    return world.cases[state].lines.get()


def sold_line_of(world, state):
    """The line of the order of the case in a state."""
    return world.cases[state].order.lines.get()


def reason_of(code):
    """A reason to reject, as a form sends it."""
    return str(RejectReason.objects.get(code=code).pk)
