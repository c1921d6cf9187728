"""Embedded servers: commands at the same time share them, the last one stops them."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.config.desk import BASE, environment

USE = """
import sys
from config.process import embedded
embedded.join(sys.argv[1])
print("joined", flush=True)
sys.stdin.readline()
"""
ASK = """
import os, psycopg, redis
from config.process import embedded
for name in embedded.VARIABLES:
    embedded.ensure(name)
print(psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT 6 * 7").fetchone()[0])
print(redis.from_url(os.environ["REDIS_URL"]).ping())
"""


class User:
    """A command that uses a server until told to end."""

    def __init__(self, var, name):
        self.var = var
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, name],
            cwd=BASE,
            env=environment(var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "joined\n"

    def end(self):
        self.process.communicate("\n", timeout=30)
        assert self.process.returncode == 0


def supervisors(var):
    """Supervisors of servers in this folder; their children are the servers."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "config.process.server_supervisor" in (process.info["cmdline"] or []):
            try:
                if process.environ().get("DESK_VAR") == str(var):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
    return found


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_two_commands_share_one_server_and_the_last_one_stops_it(var, name):
    first = User(var, name)
    second = User(var, name)

    first.end()
    (supervisor,) = supervisors(var)
    (server, *_) = supervisor.children()
    second.end()

    assert not server.is_running()
    assert psutil.wait_procs([supervisor], timeout=10)[1] == []


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_command_does_not_leave_its_server(var, name):
    user = User(var, name)
    (supervisor,) = supervisors(var)
    family = [supervisor, *supervisor.children(recursive=True)]

    user.process.kill()
    user.process.communicate()

    assert psutil.wait_procs(family, timeout=15)[1] == []


def test_a_killed_supervisor_takes_its_server_along_and_the_next_command_starts_another(var):
    user = User(var, "postgres")
    (supervisor,) = supervisors(var)
    family = supervisor.children(recursive=True)
    supervisor.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=15)[1] == []
    user.end()

    done = ask(var)

    assert done.stdout.split() == ["42", "True"], done.stderr


def test_six_commands_at_once_join_the_same_server(var):
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-c", ASK]
    asked = [
        subprocess.Popen(command, cwd=BASE, env=environment(var), stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]

    answers = [process.communicate(timeout=60)[0].split() for process in asked]

    assert answers == [["42", "True"]] * 6
    assert supervisors(var) == []


def test_a_folder_too_deep_for_a_socket_works(folder):
    deep = folder / ("deeper/" * 15)
    deep.mkdir(parents=True)

    done = ask(deep / "var")

    assert done.stdout.split() == ["42", "True"], done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run PostgreSQL as somebody else")
def test_root_runs_the_database_as_somebody_else(var):
    user = User(var, "postgres")
    (supervisor,) = supervisors(var)
    (server,) = supervisor.children()

    owner = server.username()
    user.end()

    assert owner == "pgserver"


def ask(var):
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-c", ASK]
    return subprocess.run(
        command, cwd=BASE, env=environment(var), capture_output=True, text=True, timeout=60, check=False
    )
