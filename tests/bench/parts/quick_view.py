"""A look at a case from the list, beside a view that does nothing but know who asks."""

from collections.abc import Iterator
from statistics import median

from aftersales.models import Case
from tests.bench import timing
from tests.bench.parts.pages import visitor
from tests.bench.report import Figure, at_most

LOOKED_AT = 5  # of these queries: session, person, case, lines, last message


def measure(rounds: int, times: int) -> Iterator[Figure]:
    """Time in the server as a ratio to the bare view, statements, bytes."""
    agent = visitor("bench-agent-1")
    case = Case.objects.filter(status="pending_merchant", team__members__username="bench-agent-1").earliest("pk")
    address = f"/cases/{case.number}/peek/"
    agent.client.defaults["HTTP_HX_REQUEST"] = "true"  # as the list asks for it: the part, not the page
    agent.milliseconds(address, 2)
    agent.milliseconds("/bare/", 2)
    sides = {"peek": lambda: agent.milliseconds(address, times), "bare": lambda: agent.milliseconds("/bare/", times)}
    found = timing.alternate(rounds, sides)
    looked, bare = ([median(turn) for turn in found[name]] for name in ("peek", "bare"))
    yield at_most("peek ÷ bare view", median(looked), "ms", 3, median(bare), timing.ratio(looked, bare))
    yield at_most("peek: statements", agent.queries(address), "statements", LOOKED_AT)
    yield Figure("peek: size", len(agent.get(address).content), "bytes")
