"""The whole desk as one process tree: `python -m config.process.dev_runner`, which `make run` calls.

Children: embedded database and broker (through their supervisors), web, worker, beat. One that dies comes back; one
that dies again and again ends everything. No process is left behind, however this one ends: the kernel tells the
children, and lets go of the supervisors' locks.
"""

import os
import signal
import socket
import sys
from http import HTTPStatus
from http.client import HTTPConnection
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from config import production
from config.process import embedded, parts
from config.process.parts import Children, Stop
from config.process.server_supervisor import set_death_signal

FIRST_START_SECONDS = 600  # a demo shop is made; a failure ends the wait at once
CLOCK_SECONDS = 10
LOGINS = "agent agent2 senior supervisor supervisor2 finance warehouse merchant merchant2 admin admin2"
# celery lectures root, who is all there is on a bare machine
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config.celery"]


def main() -> int:
    """Exit code 0 when asked to stop, 1 when a part failed, 2 when it could not start."""
    host, port = os.environ.get("DESK_HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    refusal = _refusal(host, port)
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    _end_with_make()
    for number in parts.ENDING:
        signal.signal(number, _interrupt)
    return _run(host, port)


def _run(host: str, port: str) -> int:
    """Until asked to stop, 0, or until a part cannot be kept up, 1; no child is left either way."""
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
        parts.stop(children)
    return 0


def _serve(children: Children, host: str, port: str) -> None:
    """Start the parts and watch them; never returns, Stop and NotStarted end it.

    1. The servers: all else needs them. In production they are somebody else's.
    2. The web process, and wait: it migrates, and on a first start it makes the demo shop.
    3. The worker and the beat, which would fail on a database without tables.
    4. Wait until the clock has ticked, so that the welcome is true.
    """
    servers = [] if _is_production() else embedded.ensure_all()
    commands = {"web": _web(host, port), "worker": _worker(), "beat": _beat()}
    children["web"] = parts.start(commands["web"])
    parts.await_or_stop(children, lambda: _status(host, port) > 0, FIRST_START_SECONDS)
    children["worker"] = parts.start(commands["worker"])
    children["beat"] = parts.start(commands["beat"])
    parts.await_or_stop(children, lambda: _status(host, port) == HTTPStatus.OK, CLOCK_SECONDS)
    _welcome(host, port)
    parts.keep_up(children, commands, servers)


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


if __name__ == "__main__":
    sys.exit(main())
