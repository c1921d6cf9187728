"""The whole desk as one process tree: `python -m config.process.dev_runner`, which `make run` calls.

Children: embedded database and broker (through their supervisors), web, worker, beat. One ends, all end; no process
is left behind, however this one ends: the kernel tells the children, and lets go of the supervisors' locks.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from config import production
from config.process import embedded
from config.process.server_supervisor import die_with_parent, set_death_signal

GRACE_SECONDS = 15
FIRST_START_SECONDS = 600  # a demo shop is made; a failure ends the wait at once
CLOCK_SECONDS = 10
STOP_ORDER = ("beat", "web", "worker")  # nobody ticks any more, nobody asks any more, then what was begun ends
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOGINS = "agent agent2 senior supervisor supervisor2 finance warehouse merchant merchant2 admin"
# celery lectures root, who is all there is on a bare machine
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config.celery"]

Children = dict[str, subprocess.Popen[bytes]]


class Stop(Exception):
    """A signal, or a child that ended; the text says which."""


def main() -> int:
    """Exit code 0 when asked to stop, 1 when a part failed, 2 when it could not start."""
    host, port = os.environ.get("DESK_HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    refusal = _refusal(host, port)
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    _end_with_make()
    for number in ENDING:
        signal.signal(number, _interrupt)
    return _run(host, port)


def _run(host: str, port: str) -> int:
    """Until asked to stop, 0, or until a part fails, 1; no child is left either way."""
    children: Children = {}
    try:
        _serve(children, host, port)
    except Stop as reason:
        if str(reason):
            print(f"\n{reason}", file=sys.stderr)
        return 1 if str(reason) else 0
    except embedded.NotStarted as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        _stop(children)
    return 0


def _serve(children: Children, host: str, port: str) -> None:
    """Start the parts and watch them; never returns, Stop and NotStarted end it.

    1. The servers: all else needs them. In production they are somebody else's.
    2. The web process, and wait: it migrates, and on a first start it makes the demo shop.
    3. The worker and the beat, which would fail on a database without tables.
    4. Wait until the clock has ticked, so that the welcome is true.
    """
    servers = [] if _is_production() else embedded.ensure_all()
    children["web"] = _start(_web(host, port))
    _await(children, lambda: _status(host, port) > 0, FIRST_START_SECONDS)
    children["worker"] = _start(_worker())
    children["beat"] = _start(_beat())
    _await(children, lambda: _status(host, port) == HTTPStatus.OK, CLOCK_SECONDS)
    _welcome(host, port)
    _watch(children, servers)


def _is_production() -> bool:
    return production.is_asked_for(os.environ)


def _refusal(host: str, port: str) -> str:
    """Why this environment and address cannot be served, in words; empty when they can."""
    try:
        if _is_production():
            production.insist(os.environ)
    except ImproperlyConfigured as error:
        return str(error)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT is {port!r}; choose a number from 1 to 65535, e.g. PORT=8001 make run"
    return _taken(host, port)


def _taken(host: str, port: str) -> str:
    """Why nobody can listen there; empty when we can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As gunicorn does: a desk that has just ended must not keep its port from the next.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            return (
                f"Port {port} cannot be used ({error.strerror}): another program, perhaps another desk, has it. "
                f"Stop that one, or choose another port: PORT={int(port) + 1} make run"
            )
    return ""


def _end_with_make() -> None:
    """Started by make, end with it: a killed make would otherwise leave the desk running."""
    if os.environ.get("MAKELEVEL"):
        set_death_signal(signal.SIGTERM)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Stop


def _web(host: str, port: str) -> list[str]:
    options = [
        f"--bind={host}:{port}",
        "--worker-class=config.process.worker.DeskWorker",
        f"--workers={os.environ.get('WEB_PROCESSES', '2')}",
        f"--threads={os.environ.get('WEB_THREADS', '4')}",
        "--preload",
        "--timeout=60",
        "--graceful-timeout=10",
        "--log-level=warning",
    ]
    return [sys.executable, "-m", "config.process.serve", *options, "config.wsgi"]


def _worker() -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    return [*CELERY, "worker", *quiet, f"--concurrency={os.environ.get('WORKER_PROCESSES', '2')}"]


def _beat() -> list[str]:
    return [*CELERY, "beat", "--loglevel=WARNING", "--pidfile="]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=embedded.BASE,
        stdin=subprocess.DEVNULL,
        # Ctrl-C reaches this process alone, which then stops the parts in their order.
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def _await(children: Children, condition: Callable[[], bool], seconds: float) -> None:
    """Wait for it, at most so long: what is wrong after that is for /healthz to say."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        _look_for_dead(children)
        time.sleep(0.1)


def _status(host: str, port: str) -> int:
    """What /healthz answers; 0 while nobody does."""
    connection = HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _welcome(host: str, port: str) -> None:
    print(f"\nAftersales Desk: http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
    if not _is_production():
        print(f"Demo logins (password demo): {LOGINS}")
    print("Ctrl-C ends everything.\n", flush=True)


def _watch(children: Children, servers: list[str]) -> None:
    """Return never: raises Stop at a signal or when a part has ended."""
    while True:
        _look_for_dead(children)
        for name in servers:
            if not embedded.is_kept(name):
                raise Stop(f"The embedded {name} has ended, so everything ends; see {embedded.log_path(name)}.")
        time.sleep(0.5)


def _look_for_dead(children: Children) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Stop(f"{name} has ended (exit code {child.returncode}), so everything ends.")


def _stop(children: Children) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
