"""Rounds that alternate, so that a slow moment of the machine meets both sides; peak memory of processes."""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")
Work = Callable[[Any], Callable[[], None]]


def alternate(rounds: int, sides: dict[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Results of each side, the sides in turn, in the opposite order every other round."""
    found: dict[str, list[T]] = {name: [] for name in sides}
    for number in range(rounds):
        for name in list(sides) if number % 2 == 0 else reversed(sides):
            found[name].append(sides[name]())
    return found


def ratio(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' own ratios."""
    return median(one / other for one, other in zip(mine, theirs, strict=True))


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def p95(values: Sequence[float]) -> float:
    """What nineteen of twenty stay below."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def together(work: Work, parts: Sequence[Any]) -> float:
    """Seconds that several processes need, from a common start; `work(part)` prepares and answers what is timed."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(len(parts))
    pipes = [fork.Pipe(duplex=False) for _part in parts]
    workers = [
        fork.Process(target=_work, args=(work, part, barrier, pipe[1])) for part, pipe in zip(parts, pipes, strict=True)
    ]
    for worker in workers:
        worker.start()
    for _answers, talks in pipes:
        talks.close()
    try:
        times = [answers.recv() for answers, _talks in pipes]
    except EOFError:
        raise RuntimeError("a process of the bench failed; its own words stand above") from None
    finally:
        for worker in workers:
            worker.join(60)
    return max(end for _start, end in times) - min(start for start, _end in times)


def _work(work: Work, part: Any, barrier: Any, talks: Connection) -> None:
    try:
        act = work(part)
        barrier.wait(60)
        started = time.perf_counter()
        act()
        talks.send((started, time.perf_counter()))
    except BaseException:
        barrier.abort()
        raise


def peak_mb(pid: int | None = None) -> float:
    """Most memory a process has held, in MB."""
    if pid is None or pid == os.getpid():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
