"""Pages of one web process while 200 event streams are open on it, beside the same process without any."""

import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median

from django.utils import timezone

from aftersales.models import Case, Event
from aftersales.rules.vocabulary import Role
from tests.bench import places, timing
from tests.bench.parts import flow
from tests.bench.report import Figure, at_least, at_most

THREADS = 4
CLIENTS = 2
PATIENCE = 20  # seconds


def measure(rounds: int, streams: int, count: int) -> Iterator[Figure]:
    """Pages a second with and without streams, and how late a stream tells what happened."""
    with server() as port:
        browsers = [flow.Browser(port, "bench-agent-1") for _client in range(CLIENTS)]
        _pages(browsers, count)
        quiet, listening = [], []
        for number in range(rounds):
            for is_listening in (False, True) if number % 2 == 0 else (True, False):
                opened = [_listen(port, browsers[0].headers["Cookie"]) for _stream in range(streams * is_listening)]
                (listening if is_listening else quiet).append(_pages(browsers, count))
                _insist_they_live(opened)
                for stream in opened:
                    stream.close()
        yield at_least(
            f"pages of a web process with {streams} open event streams ÷ without", median(listening), "pages/s", 0.8,
            median(quiet), timing.ratio(listening, quiet),
        )  # fmt: skip
        yield at_most("event stream: an event is told within", _lateness(port, browsers[0], rounds), "s", 2)


def _pages(browsers: list[flow.Browser], count: int) -> float:
    """Pages a second of several clients at once, each with a connection that it keeps."""
    share = count // CLIENTS

    def work(browser: flow.Browser) -> Callable[[], None]:
        def act() -> None:
            for _turn in range(share):
                browser.connection.request("GET", "/cases/", headers=browser.headers)
                answer = browser.connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"/cases/ answers {answer.status}")

        return act

    for browser in browsers:
        browser.connection.close()
    return share * CLIENTS / timing.together(work, browsers)


def _listen(port: int, cookie: str) -> socket.socket:
    """An open stream; its head and its opening were read."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    stream.sendall(f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    _await(stream, b"event: changes")
    return stream


def _await(stream: socket.socket, words: bytes) -> None:
    heard = b""
    while words not in heard:
        part = stream.recv(4096)
        heard += part
        if not part or (b" 200 " not in heard and b"\r\n" in heard and heard.startswith(b"HTTP/")):
            raise RuntimeError(f"a stream says {heard[-300:]!r}")


def _insist_they_live(streams: list[socket.socket]) -> None:
    """A stream that has ended would cost nothing."""
    for stream in streams:
        while select.select([stream], [], [], 0)[0]:
            if not stream.recv(65536):
                raise RuntimeError("a stream ended while pages were measured")


def _lateness(port: int, browser: flow.Browser, rounds: int) -> float:
    """Seconds from the commit of an event to its arrival."""
    case = Case.objects.filter(assignee__username="bench-agent-1", closed_at__isnull=True).earliest("pk")
    found = []
    for _turn in range(rounds):
        with _listen(port, browser.headers["Cookie"]) as stream:
            Event.objects.create(
                case=case, happened_at=timezone.now(), action="extend", role=Role.AGENT, from_status=case.status,
                to_status=case.status, version=case.version,
            )  # fmt: skip
            found.append(timing.seconds(lambda stream=stream: _await(stream, case.number.encode())))
    return max(found)


@contextmanager
def server() -> Iterator[int]:
    """One process of the product's own worker on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", str(THREADS), "--keep-alive", "75"]
    started = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", *options, "--worker-class", "config.process.worker.DeskWorker"],
        cwd=places.BASE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/login/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the web server does not start")
