"""PostgreSQL and a Redis-protocol server from wheels, used when the environment names no others.

A process that uses a server holds a shared file lock on `var/<name>.users`; the kernel lets go of it
however the process ends. The server's keeper (config/process/server_supervisor.py) stops the server with its last user.
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

_users: dict[str, IO[str]] = {}
_keepers: dict[str, subprocess.Popen[bytes]] = {}  # those this process started


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
    return socket_directory(BROKER) / "valkey.sock"


def socket_directory(name: str) -> Path:
    """The server's own directory, or a short one: a socket's path holds at most 107 bytes."""
    directory = VAR / name
    if len(os.fsencode(directory)) <= 80:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path("/tmp") / f"desk-{os.geteuid()}-{digest}"  # noqa: S108 - the keeper checks its owner


def join(name: str) -> None:
    """Use the server, starting it if need be; it stops when its last user ends. Raises NotStarted."""
    if name in _users:
        return
    VAR.mkdir(parents=True, exist_ok=True)
    users = _open(f"{name}.users")
    fcntl.flock(users, fcntl.LOCK_SH)
    with _open(f"{name}.starting") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not is_kept(name):
            _start_keeper(name)
    _users[name] = users
    atexit.register(leave, name, pid=os.getpid())


def leave(name: str, *, pid: int | None = None) -> None:
    """Give the server up; when nobody else uses it, return after it has stopped."""
    if name not in _users or pid not in (None, os.getpid()):
        return
    with _users.pop(name) as users, contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop_keeper(name)


def is_kept(name: str) -> bool:
    """Whether the server's keeper lives; it lives exactly as long as the server."""
    with _open(f"{name}.keeper") as keeper:
        try:
            fcntl.flock(keeper, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def log_path(name: str) -> Path:
    return VAR / f"{name}.log"


def _start_keeper(name: str) -> None:
    with log_path(name).open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.process.server_supervisor", name],
            cwd=BASE,
            env={**os.environ, "DESK_VAR": str(VAR)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout as answer:
        if answer.readline() != b"ready\n":
            keeper.wait()
            raise NotStarted(f"The embedded {name} server did not start; see {log_path(name)}.")
    _keepers[name] = keeper


def _stop_keeper(name: str) -> None:
    if not is_kept(name):
        return
    with _open(f"{name}.keeper") as keeper:
        with contextlib.suppress(ProcessLookupError, ValueError):
            keeper.seek(0)
            os.kill(int(keeper.read()), signal.SIGTERM)
        fcntl.flock(keeper, fcntl.LOCK_SH)
    if name in _keepers:
        _keepers.pop(name).wait()


def _open(name: str) -> IO[str]:
    return (VAR / name).open("a+")
