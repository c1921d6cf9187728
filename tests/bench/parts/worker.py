"""A Celery worker of the bench: the product's own, and one task that sweeps as of a given moment."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from celery import Celery
from celery.signals import worker_ready

from config import celery as product
from tests.bench import places, timing

FIRE = "tests.bench.parts.worker.fire"
NAME = "bench-worker"  # its sessions are counted by this name
app = product.app
# The seed's own promises stay as they are, whatever the hour.
worker_ready.disconnect(product.sweep_at_once)


@app.task(name=FIRE, ignore_result=True)
def fire(at: str) -> None:
    """Do what is due at a moment."""
    from aftersales import sweeps

    sweeps.fire_deadlines(datetime.fromisoformat(at))


@dataclass
class Running:
    """A worker that was started, and the most database sessions it was seen to have."""

    app: Celery
    pid: int
    sessions: list[int]

    def most_sessions(self) -> int:
        """The most at once."""
        return max(self.sessions, default=0)

    def peak_mb(self) -> float:
        """Most memory of one of its processes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return max(timing.peak_mb(int(pid)) for pid in children or [self.pid])


@contextmanager
def running(processes: int) -> Iterator[Running]:
    """Start a worker with so many processes; stopped afterwards."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "tests.bench.parts.worker",
        "worker",
        "--concurrency",
        str(processes),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(places.BASE),
        "DATABASE_URL": _named(os.environ["DATABASE_URL"]),
        "PYTHONWARNINGS": "ignore",
    }
    started = subprocess.Popen(
        [*command, "--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=places.BASE, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    stop, found = threading.Event(), Running(app, started.pid, [])
    watcher = threading.Thread(target=_watch, args=(found, stop))
    watcher.start()
    try:
        yield found
    finally:
        stop.set()
        watcher.join()
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _named(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}application_name={NAME}"


def _watch(found: Running, stop: threading.Event) -> None:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = %s"
    with psycopg.connect(os.environ["BENCH_SERVER"], autocommit=True) as server:
        while not stop.is_set():
            found.sessions.append(server.execute(asked, [NAME]).fetchone()[0])
            time.sleep(0.02)
