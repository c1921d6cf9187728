"""One command, one process tree: however it ends, no process is left."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from config.process import dev_runner
from tests import counts
from tests.config.desk import BASE, Desk, environment, listen, logged_in, until

pytestmark = pytest.mark.slow
STREAMS = 20  # more than two processes of four threads could hold
BEFORE, MEANWHILE = "We have looked at your photos", " and send a new one today."
KEPT, AWAY = "草稿已保存", "尚未保存到服务器"  # as the agent of the demo reads it
AT_ONCE = 6  # seconds; the server gives requests that are under way ten


@pytest.fixture
def desk(var):
    desk = Desk(var)
    yield desk
    desk.end()


def test_a_desk_with_nothing_configured_serves_names_the_logins_and_ends_at_ctrl_c(desk):
    desk.await_welcome()

    assert f"http://localhost:{desk.port}/" in desk.text()
    assert "agent agent2 senior supervisor supervisor2 finance warehouse merchant merchant2 admin" in desk.text()
    answer = healthy(desk)
    assert (answer["database"], answer["broker"], answer["clock"]) == ("ok", "ok", "ok")
    ends_at(desk, signal.SIGINT)


def ends_at(desk, number):
    """A signal ends everything, and that is no failure."""
    desk.process.send_signal(number)
    desk.await_nobody()
    assert desk.process.returncode == 0


def healthy(desk, seconds=60):
    """What /healthz says once all is well; on a slow machine the welcome does not wait for the first tick."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{desk.port}/healthz", timeout=10) as page:
                return json.load(page)
        except urllib.error.HTTPError as error:
            assert time.monotonic() < until, error.read()
            time.sleep(0.2)


def test_streams_hold_no_thread_and_end_with_the_desk(desk):
    desk.await_welcome()
    site = f"http://localhost:{desk.port}"
    opener, cookies = logged_in(site)

    streams = [listen(desk.port, cookies) for _number in range(STREAMS)]
    assert opener.open(f"{site}/cases/", timeout=20).status == 200
    assert all(until(answer, b"event: beat") for _connection, answer in streams)
    began = time.monotonic()
    ends_at(desk, signal.SIGTERM)

    assert time.monotonic() - began < AT_ONCE
    assert all(answer.read() is not None for _connection, answer in streams)
    assert "Traceback" not in desk.text()


@pytest.mark.browser
def test_a_restart_loses_nothing_that_is_typed(desk, open_window, var, request):
    desk.await_welcome()
    site = f"http://localhost:{desk.port}"
    writer, other = open_window(site), open_window(site)
    for visitor in (writer, other):
        visitor.log_in("agent")
    writer.go("/cases/?view=open")
    writer.press("table.lean tbody th a")
    writer.at("#reply").click()
    writer.page.keyboard.type(BEFORE)
    writer.sees(KEPT, "[data-autosaved]")

    ends_at(desk, signal.SIGHUP)
    writer.page.keyboard.type(MEANWHILE)
    writer.sees(AWAY, "[data-autosaved]")
    again = Desk(var, port=desk.port)
    request.addfinalizer(again.end)
    again.await_welcome()

    writer.sees(KEPT, "[data-autosaved]")
    expect(writer.at("#reply")).to_have_value(BEFORE + MEANWHILE)
    other.page.goto(writer.page.url)
    expect(other.at("#reply")).to_have_value(BEFORE + MEANWHILE)
    for visitor in (writer, other):  # the line was cut on purpose
        visitor.faults[:] = [fault for fault in visitor.faults if "net::ERR_" not in fault]


def test_an_impatient_second_ctrl_c_ends_everything(desk):
    desk.await_welcome()

    desk.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    desk.process.send_signal(signal.SIGINT)

    desk.await_nobody()


def test_a_killed_parent_leaves_nobody(desk):
    desk.await_welcome()

    desk.process.kill()

    desk.await_nobody()


OURS, SERVERS = ["celery .* worker", "celery .* beat", "config.process.serve"], ["bin/postgres -D", "valkey-server"]


@pytest.mark.parametrize("pattern", counts.of(sample=[OURS[0], SERVERS[0]], long=[*OURS, *SERVERS]))
def test_a_killed_child_ends_everything(desk, pattern):
    desk.await_welcome()

    desk.member(pattern).kill()

    desk.await_nobody()
    assert desk.process.returncode == 1
    assert "everything ends" in desk.text()


def test_a_signal_while_starting_leaves_nobody(var):
    desk = Desk(var)
    time.sleep(1.5)

    desk.process.send_signal(signal.SIGTERM)

    desk.await_nobody()


def test_a_port_in_use_gets_a_sentence(var):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = _up(var, PORT=str(port))

    assert done.returncode == 2
    assert f"Port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["http", "0", "70000", ""])
def test_a_port_that_is_none_gets_a_sentence(monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)

    assert dev_runner.main() == 2
    assert "choose a number from 1 to 65535" in capsys.readouterr().err


def _up(var, **extra):
    command = [sys.executable, "-m", "config.process.dev_runner"]
    return subprocess.run(
        command, cwd=BASE, env=environment(var, **extra), capture_output=True, text=True, timeout=60, check=False
    )
