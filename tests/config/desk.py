"""A whole desk started as people start it, in a folder of its own, and what is left of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path

import psutil

BASE = Path(__file__).resolve().parent.parent.parent
CONFIGURED = (
    "DATABASE_URL",
    "REDIS_URL",
    "DESK_ENV",
    "SECRET_KEY",
    "SANDBOX_STORE",
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
)


def environment(var: Path, **extra: str) -> dict[str, str]:
    """Nothing configured but the folder."""
    bare = {key: value for key, value in os.environ.items() if key not in CONFIGURED}
    return {**bare, "DESK_VAR": str(var), "DESK_THROWAWAY": "1", **extra}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Desk:
    """`python -m config.process.dev_runner`, its output in a file, and every process it started."""

    def __init__(self, var: Path, *, port: int = 0, **extra: str) -> None:
        self.port = port or free_port()
        self.output = var.parent / f"output-{self.port}-{time.monotonic_ns()}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.process.dev_runner"],
                cwd=BASE,
                env=environment(var, PORT=str(self.port), MAKELEVEL="1", **extra),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.family: list[psutil.Process] = []

    def await_welcome(self, seconds: float = 240) -> None:
        self._await(lambda: self._has_said("Ctrl-C ends everything"), seconds)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def _has_said(self, words: str) -> bool:
        said = self.text()
        assert words in said or self.process.poll() is None, f"it has ended; said:\n{said}"
        return words in said

    def text(self) -> str:
        return self.output.read_text(errors="replace")

    def member(self, pattern: str) -> psutil.Process:
        """The eldest process whose command line matches."""
        return min(self._matching(self.family, pattern), key=lambda one: one.create_time())

    def awaits_again(self, pattern: str, *, or_end: bool = False, seconds: float = 60) -> None:
        """Wait until a part that was killed is there once more, or, if that may be, until the desk has ended."""
        root, before = psutil.Process(self.process.pid), {one.pid for one in self.family}

        def is_there() -> bool:
            if or_end and self.process.poll() is not None:
                return True
            present = root.children(recursive=True)
            self.family = [*(one for one in self.family if one not in present), *present]
            return any(one.pid not in before for one in self._matching(present, pattern))

        self._await(is_there, seconds)

    @staticmethod
    def _matching(processes: list[psutil.Process], pattern: str) -> list[psutil.Process]:
        found = []
        for one in processes:
            with suppress(psutil.NoSuchProcess):
                if re.search(pattern, " ".join(one.cmdline())):
                    found.append(one)
        return found

    def await_nobody(self, seconds: float = 30) -> None:
        self.process.wait(seconds)
        self._await(lambda: not self.left(), seconds)

    def left(self) -> list[str]:
        """Command lines of the processes that still run."""
        found = []
        for one in self.family:
            try:
                if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(one.cmdline()))
            except psutil.NoSuchProcess:
                continue
        return found

    def end(self) -> None:
        """For a test that failed half-way."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def _await(self, condition, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"not within {seconds} s; left: {self.left()}; said:\n{self.text()}"
            time.sleep(0.1)


def logged_in(site):
    """Cookies of an agent of the demo shop."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{site}/login/", timeout=20).read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"username": "agent", "password": "demo", "csrfmiddlewaretoken": token}
    request = urllib.request.Request(f"{site}/login/", urllib.parse.urlencode(form).encode(), {"Referer": site})  # noqa: S310 -- our own
    assert opener.open(request, timeout=20).url.endswith("/cases/")
    return opener, "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def listen(port, cookies):
    """An open stream of which the head and the first event were read."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/live/", headers={"Cookie": cookies})
    answer = connection.getresponse()
    assert answer.status == 200
    assert until(answer, b"event: changes")
    return connection, answer


def until(answer, words):
    """Read on until a line has these words."""
    return any(words in line for line in iter(answer.readline, b""))
