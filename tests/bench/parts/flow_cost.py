"""What one return costs the application, in this process: statements, processor, and time beside a page of the queue."""

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aftersales.actions.refunds import refund_worker
from aftersales.models import Case
from tests.bench import timing
from tests.bench.data import seed
from tests.bench.data.columns import LINE, ORDER
from tests.bench.parts import pages
from tests.bench.parts.flow import CONSENT
from tests.bench.report import Figure, at_most

STATEMENTS, QUEUE_PAGES, PROCESSOR = 90, 5, 70
REASON = "changed_mind"


def measure(rounds: int, flows: int) -> Iterator[Figure]:
    """Five posts and a payout, in turn with pages of the queue."""
    staged = seed.stage_orders(2 + rounds * flows)
    numbers = iter(range(staged.first, staged.last))
    desk, floor = pages.visitor("bench-supervisor").client, pages.visitor("bench-warehouse").client
    agent, spent = pages.visitor("bench-agent-1"), []

    def whole() -> float:
        started = time.process_time()
        taken = timing.seconds(lambda: [act() for act in acts(next(numbers), desk, floor)])
        spent.append(1000 * (time.process_time() - started))
        return 1000 * taken

    whole()
    agent.milliseconds("/cases/", 5)
    yield _statements(next(numbers), desk, floor)
    spent.clear()
    found = timing.alternate(
        rounds,
        {
            "flow": lambda: median(whole() for _turn in range(flows)),
            "queue": lambda: median(agent.milliseconds("/cases/", 2 * flows)),
        },
    )
    ratio = timing.ratio(found["flow"], found["queue"])
    yield at_most("return flow ÷ queue page", median(found["flow"]), "ms", QUEUE_PAGES, median(found["queue"]), ratio)
    yield at_most("return flow: processor of the application", median(spent), "ms", PROCESSOR)


def _statements(number: int, desk: Client, floor: Client) -> Figure:
    counts = []
    for act in acts(number, desk, floor):
        with CaptureQueriesContext(connection) as asked:
            act()
        counts.append(sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries))
    return at_most("return flow: statements of five posts", sum(counts[:5]), "statements", STATEMENTS)


def acts(number: int, desk: Client, floor: Client) -> Iterator[Callable[[], object]]:
    """Apply, approve, ship, receive, inspect, pay; each a call."""
    line = LINE + 2 * number
    asked = {"type": "return_refund", "reason": REASON, f"units_{line}": 2, f"amount_{line}": ""}
    yield lambda: _post(desk, f"/orders/BO-{number:08d}/apply/", **asked)
    case, line = Case.objects.values_list("number", "lines").get(order=ORDER + number)
    yield lambda: _post(desk, f"/cases/{case}/approve/", version=1)
    parcel = {"carrier": "SF", "waybill": f"SF{ORDER + number}", **CONSENT}
    yield lambda: _post(desk, f"/cases/{case}/ship-return/", version=2, **parcel)
    yield lambda: _post(floor, f"/warehouse/{case}/receive/", version=3, **{f"units-{line}": 2})
    yield lambda: _post(floor, f"/warehouse/{case}/inspect/", version=4, verdict="as_new")
    yield lambda: refund_worker.send_next(timezone.now() + timedelta(seconds=1))


def _post(client: Client, address: str, **fields: object) -> None:
    answer = client.post(address, {"once": uuid.uuid4(), **fields})
    if answer.status_code != 302:
        raise RuntimeError(f"{address} answers {answer.status_code}")
