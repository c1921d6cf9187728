"""PostgreSQL and a Redis-protocol server from wheels, used when the environment names no others.

A process that uses a server holds a shared file lock on `var/<name>.users`; the kernel lets go of it
however the process ends. The server's supervisor (config/process/server_supervisor.py) stops it with its last user.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO
from urllib.parse import quote

BASE = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("DESK_VAR", BASE / "var")).resolve()

DATABASE = "postgres"
BROKER = "valkey"
VARIABLES = {DATABASE: "DATABASE_URL", BROKER: "REDIS_URL"}

# Commands that read only code start nothing; those that read only the schema need no broker.
NEED_NOTHING = {"check", "collectstatic", "describe_states", "diffsettings", "help", "makemessages", "version"}
NEED_DATABASE = {"dbshell", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}

# An open file is the lock: it must live as long as the process uses the server.
_users: dict[str, IO[str]] = {}
_supervisors: dict[str, subprocess.Popen[bytes]] = {}  # those this process started


class NotStarted(Exception):
    """An embedded server did not start; the text names its log."""


def ensure_for(command: str) -> None:
    """Start or join what this manage.py command uses and the environment does not name."""
    if command in NEED_NOTHING or os.environ.get("DESK_ENV") == "production":
        return
    if command in NEED_DATABASE:
        ensure(DATABASE)
    else:
        ensure_all()


def ensure_all() -> list[str]:
    """Start or join both at the same time; the names of those that are embedded."""
    with ThreadPoolExecutor() as pool:
        answers = pool.map(ensure, VARIABLES)
        return [name for name, is_embedded in zip(VARIABLES, answers, strict=True) if is_embedded]


def ensure(name: str) -> bool:
    """Start or join one server unless the environment names a real one; True when it is embedded."""
    variable = VARIABLES[name]
    url = database_url() if name == DATABASE else broker_url()
    if os.environ.get(variable, url) != url:
        return False
    join(name)
    os.environ[variable] = url
    return True


def database_url() -> str:
    """Where the embedded PostgreSQL answers, whether it runs or not."""
    return f"postgres://postgres@/postgres?host={quote(str(socket_directory(DATABASE)), safe='/')}"


def broker_url(index: int = 0) -> str:
    """Where the embedded Redis-protocol server answers, whether it runs or not."""
    return f"unix://{quote(str(broker_socket()), safe='/')}?db={index}"


def broker_socket() -> Path:
    """The socket of the embedded broker."""
    return socket_directory(BROKER) / "valkey.sock"


def socket_directory(name: str) -> Path:
    """The server's own directory, or a short one: a socket's path holds at most 107 bytes."""
    directory = VAR / name
    if len(os.fsencode(directory)) <= 80:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path("/tmp") / f"desk-{os.geteuid()}-{digest}"  # noqa: S108 - the supervisor checks its owner


def join(name: str) -> None:
    """Use the server, starting it if need be; it stops when its last user ends. Raises NotStarted.

    The shared lock comes before the look whether the server lives: its supervisor stops it under the exclusive one, so
    a server that lives then is not stopped any more. `starting` lets one process at a time start it.
    """
    if name in _users:
        return
    VAR.mkdir(parents=True, exist_ok=True)
    users = _open(f"{name}.users")
    fcntl.flock(users, fcntl.LOCK_SH)
    with _open(f"{name}.starting") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not is_kept(name):
            _start_supervisor(name)
    _users[name] = users
    atexit.register(leave, name, pid=os.getpid())


def start_again(name: str) -> None:
    """Start a server that this process uses and that has ended under it; NotStarted."""
    with _open(f"{name}.starting") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if name in _supervisors:
            _supervisors.pop(name).wait()
        if not is_kept(name):
            _start_supervisor(name)


def leave(name: str, *, pid: int | None = None) -> None:
    """Give the server up; when nobody else uses it, return after it has stopped."""
    # A forked child inherits the handler of its parent, and must not leave in its name.
    if name not in _users or pid not in (None, os.getpid()):
        return
    with _users.pop(name) as users, contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop_supervisor(name)


def is_kept(name: str) -> bool:
    """Whether the server's supervisor lives; it lives exactly as long as the server."""
    with _open(f"{name}.keeper") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def log_path(name: str) -> Path:
    """Where the server and its supervisor write what goes wrong."""
    return VAR / f"{name}.log"


def _start_supervisor(name: str) -> None:
    supervisor = _supervisor_process(name)
    assert supervisor.stdout is not None
    with supervisor.stdout as answer:
        if answer.readline() != b"ready\n":
            supervisor.wait()
            raise NotStarted(f"The embedded {name} server did not start; see {log_path(name)}.")
    _supervisors[name] = supervisor


def _supervisor_process(name: str) -> subprocess.Popen[bytes]:
    with log_path(name).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.process.server_supervisor", name],
            cwd=BASE,
            env={**os.environ, "DESK_VAR": str(VAR)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _stop_supervisor(name: str) -> None:
    if not is_kept(name):
        return
    with _open(f"{name}.keeper") as lock:
        with contextlib.suppress(ProcessLookupError, ValueError):
            lock.seek(0)
            os.kill(int(lock.read()), signal.SIGTERM)
        fcntl.flock(lock, fcntl.LOCK_SH)
    if name in _supervisors:
        _supervisors.pop(name).wait()


def _open(name: str) -> IO[str]:
    return (VAR / name).open("a+")
