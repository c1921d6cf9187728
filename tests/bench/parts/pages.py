"""Pages as a browser gets them, through the whole middleware: time in the server, statements, bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

import psycopg
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.models import Case, Message, User
from tests.bench import places, timing
from tests.bench.data import database
from tests.bench.report import Figure, at_most
from tests.bench.yardsticks import recorded, repeat

BYTES, QUERIES = 40 * 1024, 8
NUMBER_OF_MESSAGES = 60  # more than a page of the timeline


@dataclass(frozen=True)
class Visitor:
    """Somebody logged in, on the database at hand."""

    client: Client

    def get(self, address: str) -> HttpResponse:
        """The page; anything but 200 is a fault of the bench."""
        response = self.client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        return response

    def milliseconds(self, address: str, times: int) -> list[float]:
        """How long the server takes, each time."""
        return [1000 * timing.seconds(lambda: self.get(address)) for _turn in range(times)]

    def queries(self, address: str) -> int:
        """Statements of one page."""
        with CaptureQueriesContext(connection) as found:
            self.get(address)
        return len(found)

    def bare(self, address: str, times: int) -> float:
        """Milliseconds of the page's statements in bare psycopg."""
        with recorded() as steps:
            self.get(address)
        with psycopg.connect(places.url(connection.settings_dict["NAME"])) as bare:
            spent = [1000 * timing.seconds(lambda: repeat(bare, steps, {})) for _turn in range(times)]
        return median(spent)


def visitor(name: str) -> Visitor:
    """Log somebody in."""
    client = Client()
    user = User.objects.get(username=name)
    client.force_login(user, backend="aftersales.queries.people.actors.DeskBackend")
    return Visitor(client)


def measure(rounds: int, times: int, small: str) -> Iterator[Figure]:
    """Queue, case and *Now*, beside the lean view; `small` names the database of a tenth of the size."""
    agent, supervisor = visitor("bench-agent-1"), visitor("bench-supervisor")
    deep = f"/cases/?view=open&after={_middle()}"
    case = f"/cases/{_case().number}/"
    sides: dict[str, Callable[[], list[float]]] = {
        "lean": lambda: agent.milliseconds("/lean/", times),
        "queue": lambda: agent.milliseconds("/cases/", times),
        "first": lambda: supervisor.milliseconds("/cases/?view=open", times),
        "deep": lambda: supervisor.milliseconds(deep, times),
        "case": lambda: agent.milliseconds(case, times),
        "now": lambda: supervisor.milliseconds("/now/", times),
    }
    for act in sides.values():
        act()
    found = timing.alternate(rounds, sides)
    yield from _queue(found, agent)
    yield from _growth(rounds, times, small)
    yield from _case_page(found, agent, case)
    yield from _now(found, supervisor)
    yield Figure("pages: peak memory", timing.peak_mb(), "MB")


def _queue(found: dict[str, list[list[float]]], agent: Visitor) -> Iterator[Figure]:
    yield from _times("queue page", found["queue"], agent, "/cases/")
    yield at_most(
        "queue page ÷ lean view", _p50(found["queue"]), "ms", 1.5, _p50(found["lean"]), _ratio(found, "queue", "lean")
    )
    yield at_most("queue page: statements", agent.queries("/cases/"), "statements", QUERIES)
    yield at_most("queue page: size", len(agent.get("/cases/").content), "bytes", BYTES)
    yield at_most(
        "queue: deep page ÷ first",
        _p50(found["deep"]),
        "ms",
        1.25,
        _p50(found["first"]),
        _ratio(found, "deep", "first"),
    )


def _growth(rounds: int, times: int, small: str) -> Iterator[Figure]:
    """The same page where there is a tenth of the cases."""
    large = connection.settings_dict["NAME"]

    def on(name: str) -> list[float]:
        database.use(name)
        agent = visitor("bench-agent-1")
        agent.milliseconds("/cases/", 2)
        return agent.milliseconds("/cases/", times)

    found = timing.alternate(rounds, {"large": lambda: on(large), "small": lambda: on(small)})
    database.use(large)
    yield at_most(
        "queue page: all cases ÷ a tenth of them",
        _p50(found["large"]),
        "ms",
        1.25,
        _p50(found["small"]),
        _ratio(found, "large", "small"),
    )


def _case_page(found: dict[str, list[list[float]]], agent: Visitor, address: str) -> Iterator[Figure]:
    yield from _times("case page", found["case"], agent, address)
    yield at_most(
        "case page ÷ lean view", _p50(found["case"]), "ms", 2.5, _p50(found["lean"]), _ratio(found, "case", "lean")
    )
    few = agent.queries(address)
    case = _case()
    Message.objects.bulk_create(
        Message(case=case, role="agent", body=f"Message {number}", sent_at=datetime.now(UTC))
        for number in range(NUMBER_OF_MESSAGES)
    )
    yield at_most(
        f"case page: statements with {NUMBER_OF_MESSAGES} more messages", agent.queries(address), "statements", few, few
    )


def _now(found: dict[str, list[list[float]]], supervisor: Visitor) -> Iterator[Figure]:
    yield from _times("Now page", found["now"], supervisor, "/now/")
    yield Figure("Now page: statements", supervisor.queries("/now/"), "statements")


def _times(name: str, rounds: list[list[float]], who: Visitor, address: str) -> Iterator[Figure]:
    every = [each for turn in rounds for each in turn]
    bare = who.bare(address, max(len(every) // 4, 3))
    yield Figure(f"{name}: p50 beside its own SQL", median(every), "ms", bare, median(every) / bare)
    yield Figure(f"{name}: p95", timing.p95(every), "ms")
    yield Figure(f"{name}: size", len(who.get(address).content), "bytes")


def _p50(rounds: list[list[float]]) -> float:
    return median(each for turn in rounds for each in turn)


def _ratio(found: dict[str, list[list[float]]], mine: str, theirs: str) -> float:
    return timing.ratio([median(turn) for turn in found[mine]], [median(turn) for turn in found[theirs]])


def _middle() -> str:
    """The mark of the middle of the open cases."""
    with connection.cursor() as cursor:
        cursor.execute(MIDDLE)
        due_at, pk = cursor.fetchone()
    return f"{due_at.astimezone(UTC).isoformat().replace('+', '%2B')}~{pk}"


def _case() -> Case:
    return Case.objects.filter(status="inspecting", team__members__username="bench-agent-1").earliest("pk")


MIDDLE = """
SELECT due_at, id FROM aftersales_case WHERE closed_at IS NULL AND due_at IS NOT NULL ORDER BY due_at, id
OFFSET (SELECT count(*) / 2 FROM aftersales_case WHERE closed_at IS NULL) LIMIT 1
"""
