"""A return from application to paid refund over HTTP, beside its own statements in bare psycopg; nothing may get lost."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psycopg
from django.db import connection
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.refunds import refund_worker as worker_actions
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, Reason, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.actor import Actor
from aftersales.rules.cases.consent import Channel, Consent
from aftersales.rules.vocabulary import CaseType, Condition, Disposition
from tests.bench import places, timing
from tests.bench.data import seed
from tests.bench.data.columns import LINE, ORDER
from tests.bench.parts import pages, worker
from tests.bench.report import Figure, at_least
from tests.bench.timing import Work
from tests.bench.yardsticks import Step, ids_of, recorded, repeat

REASON = "changed_mind"
# The desk hands in the waybill for the buyer.
CONSENT = {"consent-channel": "call", "consent-note": "The buyer called."}
TOLD = Consent(Channel.CALL, note="The buyer called.")
WORKERS = 2
TAGS = re.compile(r"<[^>]+>|\s+")
PAID_WITHIN = 120  # seconds


class Browser:
    """A client of the web server, logged in, that keeps its connection."""

    def __init__(self, port: int, name: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        session = pages.visitor(name).client.cookies["sessionid"].value
        token = "b" * 32
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self, address: str, **fields: object) -> str:
        """Send a form; answers where it led to."""
        body = urlencode({"once": uuid.uuid4(), **fields})
        self.connection.request("POST", address, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 302:
            words = TAGS.sub(" ", text.decode())[-600:]
            raise RuntimeError(f"{address} answers {answer.status}: {words}")
        return answer.headers["Location"]


def measure(rounds: int, flows: int) -> Iterator[Figure]:
    """Flows a second with one client and with four."""
    steps, first = record()
    done = 0
    with server() as (port, pids), worker.running(1):
        for clients, count in ((1, max(flows // 4, 1)), (4, flows // 4 * 4 or 4)):
            sides = {
                "http": lambda clients=clients, count=count: _over_http(port, clients, count),
                "bare": lambda clients=clients, count=count: _bare(steps, first, clients, count),
            }
            found = timing.alternate(rounds, sides)
            done += rounds * count
            yield at_least(
                f"return flow over HTTP, {clients} clients", median(found["http"]), "flows/s", 0.15, median(found["bare"]),
                timing.ratio(found["http"], found["bare"]),
            )  # fmt: skip
        yield Figure("web server: peak memory of a process", max(timing.peak_mb(pid) for pid in pids()), "MB")
    yield Figure("return flow: flows over HTTP", done, "flows")


def _over_http(port: int, clients: int, count: int) -> float:
    """Flows a second, until the last refund is paid; then everything is counted in SQL."""
    staged = seed.stage_orders(count)
    share = count // clients
    started = time.perf_counter()
    timing.together(_client(port), [range(start, start + share) for start in range(staged.first, staged.last, share)])
    while _unpaid(staged):
        if time.perf_counter() - started > PAID_WITHIN:
            raise RuntimeError("refunds wait too long")
        time.sleep(0.01)
    taken = time.perf_counter() - started
    insist_nothing_lost(staged)
    return count / taken


def _client(port: int) -> Work:
    def work(numbers: range) -> Callable[[], None]:
        agent, warehouse = Browser(port, "bench-supervisor"), Browser(port, "bench-warehouse")

        def act() -> None:
            for number in numbers:
                _flow(agent, warehouse, number)

        return act

    return work


def _flow(agent: Browser, warehouse: Browser, number: int) -> None:
    """Apply, approve, ship, receive, inspect; the worker pays."""
    line = LINE + 2 * number
    place = agent.post(
        f"/orders/BO-{number:08d}/apply/",
        type="return_refund",
        reason=REASON,
        **{f"units_{line}": 2, f"amount_{line}": ""},
    )
    case = place.rstrip("/").rsplit("/", 1)[1]
    agent.post(f"/cases/{case}/approve/", version=1)
    agent.post(f"/cases/{case}/ship-return/", version=2, carrier="SF", waybill=f"SF{ORDER + number}", **CONSENT)
    line_id = Case.objects.values_list("lines__pk", flat=True).get(number=case)
    warehouse.post(f"/warehouse/{case}/receive/", version=3, **{f"units-{line_id}": 2})
    warehouse.post(f"/warehouse/{case}/inspect/", version=4, verdict="as_new")


def record() -> tuple[list[Step], int]:
    """Statements of one whole flow through the actions, without pages and sessions."""
    staged = seed.stage_orders(2)
    people = {role: actor_for(User.objects.get(username=f"bench-{role}")) for role in ("supervisor", "warehouse")}
    act_out(staged.first, people)
    with recorded() as steps:
        act_out(staged.first + 1, people)
    return steps, staged.first + 1


def act_out(number: int, people: dict[str, Actor]) -> None:
    """The flow by calls."""
    desk, floor, now = people["supervisor"], people["warehouse"], timezone.now()
    reason = Reason.objects.get(code=REASON)
    wanted = {LINE + 2 * number: Wanted(2)}
    case = decisions.apply(Application(ORDER + number, CaseType.RETURN_REFUND, reason, wanted), by=desk, at=now)
    decisions.approve(case.pk, by=desk, at=now, version=1)
    told = replace(desk, consent=TOLD)
    shipments.ship(case.pk, by=told, at=now, carrier="SF", waybill=f"SF{ORDER + number}", version=2)
    line = case.lines.get().pk
    receipts.receive(case.pk, by=floor, at=now, units={line: 2}, version=3)
    finding = Finding(line, Condition.AS_NEW, Disposition.RESTOCK, True)
    inspections.pass_inspection(case.pk, [finding, finding], by=floor, at=now, version=4)
    worker_actions.send_next(now + timedelta(seconds=1))


def _bare(steps: list[Step], first: int, clients: int, count: int) -> float:
    staged = seed.stage_orders(count)

    def work(numbers: range) -> Callable[[], None]:
        bare = psycopg.connect(places.url(connection.settings_dict["NAME"]))

        def act() -> None:
            for number in numbers:
                repeat(bare, steps, ids_of(first, number))

        return act

    share = count // clients
    return count / timing.together(work, [range(at, at + share) for at in range(staged.first, staged.last, share)])


def _unpaid(staged: seed.Staged) -> bool:
    mine = Case.objects.filter(order_id__gte=ORDER + staged.first, order_id__lt=ORDER + staged.last)
    return mine.exclude(status="completed").exists()


def insist_nothing_lost(staged: seed.Staged) -> None:
    """Each order: one case completed, one refund paid, both units and all money given back."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, [ORDER + staged.first, ORDER + staged.last])
        lost = cursor.fetchone()[0]
    if lost:
        raise RuntimeError(f"{lost} of {staged.last - staged.first} flows lost a refund or units")


@contextmanager
def server() -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """Gunicorn on a free port of loopback; answers the port, and who its processes are."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(WORKERS),
    ]
    started = subprocess.Popen(
        [*command, "--worker-class", "gthread", "--threads", "4", "--keep-alive", "75", "--log-level", "error"],
        cwd=places.BASE, env={**os.environ, "PYTHONPATH": str(places.BASE)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield (
            port,
            lambda: [int(pid) for pid in Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()],
        )
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _wait_for(port: int) -> None:
    for _try in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server does not start")


LOST = """
SELECT count(*) FROM orders_order o
LEFT JOIN aftersales_case c ON c.order_id = o.id
LEFT JOIN LATERAL (SELECT count(*) AS paid, sum(amount) AS amount FROM aftersales_refund WHERE case_id = c.id AND status = 'succeeded') r ON true
LEFT JOIN LATERAL (SELECT sum(units_settled) AS units, sum(amount_settled) AS amount, sum(paid_amount) AS sold FROM orders_orderline WHERE order_id = o.id) l ON true
LEFT JOIN orders_payment p ON p.order_id = o.id
WHERE o.id >= %s AND o.id < %s
    AND (c.status, r.paid, r.amount, l.units, l.amount, p.settled) IS DISTINCT FROM ('completed', 1, l.sold, 2, l.sold, l.sold)
"""
