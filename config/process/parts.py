"""The parts of a running desk: started, watched, started again when they die, stopped in their order."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from config.process import embedded
from config.process.server_supervisor import die_with_parent

GRACE_SECONDS = 15
STOP_ORDER = ("beat", "web", "worker")  # nobody ticks any more, nobody asks any more, then what was begun ends
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A part that has died so often within so long is not started again: its reason has to be seen.
MOST_DEATHS = 3
DEATHS_WITHIN = 60  # seconds

Children = dict[str, subprocess.Popen[bytes]]
Deaths = defaultdict[str, deque[float]]


class Stop(Exception):
    """A signal, or a child that ended; the text says which."""


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """A part of its own session that ends with this process, however it ends."""
    return subprocess.Popen(
        command,
        cwd=embedded.BASE,
        stdin=subprocess.DEVNULL,
        # Ctrl-C reaches this process alone, which then stops the parts in their order.
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def await_or_stop(children: Children, condition: Callable[[], bool], seconds: float) -> None:
    """Wait for it, at most so long: what is wrong after that is for /healthz to say."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        _look_for_dead(children)
        time.sleep(0.1)


def keep_up(children: Children, commands: Mapping[str, list[str]], servers: Sequence[str]) -> None:
    """Return never: what has died is started again, until it dies too often, or a signal comes."""
    deaths: Deaths = defaultdict(deque)
    while True:
        for name in servers:
            if not embedded.is_kept(name):
                _count(deaths[name], f"The embedded {name} has ended; see {embedded.log_path(name)}")
                embedded.start_again(name)
        for name, child in children.items():
            if child.poll() is not None:
                _count(deaths[name], f"{name} has ended (exit code {child.returncode})")
                children[name] = start(commands[name])
        time.sleep(0.5)


def _count(deaths: deque[float], what: str) -> None:
    """Say that it is started again; Stop when it has died too often."""
    now = time.monotonic()
    deaths.append(now)
    while deaths[0] < now - DEATHS_WITHIN:
        deaths.popleft()
    if len(deaths) >= MOST_DEATHS:
        raise Stop(f"{what}, {MOST_DEATHS} times within {DEATHS_WITHIN} seconds: everything ends.")
    print(f"\n{what}: it is started again.", file=sys.stderr, flush=True)


def _look_for_dead(children: Children) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Stop(f"{name} has ended (exit code {child.returncode}), so everything ends.")


def stop(children: Children) -> None:
    """SIGTERM to beat, web, worker; SIGKILL to what is left; then broker and database."""
    kill = _killer(children)
    for number in ENDING:
        signal.signal(number, kill)
    for name in STOP_ORDER:
        if name in children:
            children[name].send_signal(signal.SIGTERM)
    _wait_for(children, GRACE_SECONDS)
    kill(signal.SIGKILL, None)
    for child in children.values():
        child.wait()
    for name in reversed(embedded.VARIABLES):
        embedded.leave(name)


def _wait_for(children: Children, seconds: float) -> None:
    """Until all have ended, at most so long."""
    until = time.monotonic() + seconds
    for child in children.values():
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return


def _killer(children: Children) -> Callable[[int, FrameType | None], None]:
    """Impatience: a second signal while stopping kills each child's whole session."""

    def kill(number: int, frame: FrameType | None) -> None:
        for child in children.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    return kill
