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
from tests.config.desk import BASE, Desk, environment, listen, logged_in, until

pytestmark = pytest.mark.slow
STREAMS = 20  # more than two processes of four threads could hold
BEFORE, MEANWHILE = "We have looked at your photos", " and send a new one today."
KEPT, AWAY = "草稿已保存", "尚未保存到服务器"  # as the agent of the demo reads it
SLOW = 40  # of each kind, for eight threads
AT_ONCE = 6  # seconds; the server gives requests that are under way ten


@pytest.fixture
def desk(var):
    desk = Desk(var)
    yield desk
    desk.end()


def test_a_desk_with_nothing_configured_serves_names_the_logins_and_ends_at_ctrl_c(desk):
    desk.await_welcome()

    assert f"http://localhost:{desk.port}/" in desk.text()
    assert "agent agent2 senior supervisor supervisor2 finance warehouse merchant merchant2 admin admin2" in desk.text()
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
        # 503 while a part is missing, nobody there while the web process itself comes back.
        except OSError as error:
            assert time.monotonic() < until, error
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


PARTS = ["celery .* worker", "celery .* beat", "config.process.serve ", "bin/postgres -D", "valkey-server"]


def test_a_killed_part_comes_back_and_one_that_dies_thrice_ends_everything(desk):
    desk.await_welcome()

    for pattern in PARTS:
        desk.member(pattern).kill()
        desk.awaits_again(pattern)
    assert desk.text().count("it is started again") == len(PARTS)
    assert healthy(desk)["database"] == "ok"
    for _time in range(2):
        desk.member(PARTS[1]).kill()
        desk.awaits_again(PARTS[1], or_end=True)

    desk.await_nobody()
    assert desk.process.returncode == 1
    assert "beat has ended (exit code -9), 3 times within 60 seconds: everything ends." in desk.text()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory):
    """A desk for what only asks."""
    desk = Desk(tmp_path_factory.mktemp("shared") / "var")
    desk.await_welcome()
    yield desk
    desk.end()


def test_slow_clients_hold_no_thread(shared_desk):
    desk = shared_desk
    opener, _cookies = logged_in(f"http://localhost:{desk.port}")
    head = b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"
    idle, heads, bodies = b"", head, head + b"\r\nusername="
    slow = [connected(desk.port, said) for said in (idle, heads, bodies) for _number in range(SLOW)]

    pages = [opener.open(f"http://localhost:{desk.port}/cases/", timeout=4).status for _number in range(5)]

    assert pages == [200] * 5
    assert all(still_open(one) for one in slow)


def connected(port, said):
    """A client that has said so much, and no more."""
    one = socket.create_connection(("127.0.0.1", port), timeout=5)
    one.sendall(said)
    return one


def still_open(one):
    one.setblocking(False)
    try:
        return one.recv(1) != b""
    except BlockingIOError:
        return True


def test_a_request_in_pieces_is_read_as_one(shared_desk):
    body = b"q=" + b"x" * 700_000
    head = b"POST /no-such-page/ HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:])) + b"0\r\n\r\n"

    for kind, sent in ((b"Content-Length: %d" % len(body), body), (b"Transfer-Encoding: chunked", chunked)):
        one = connected(shared_desk.port, b"")
        whole = head % kind + sent
        for begin in range(0, len(whole), 100_001):
            one.sendall(whole[begin : begin + 100_001])
            time.sleep(0.01)
        # Kept alive: the next request on the same line is read as well.
        answers = [one.recv(12)]
        one.recv(500_000)
        assert answers[0].startswith(b"HTTP/1.1 4"), answers


RUBBISH = [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"A" * 200_000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=["tls", "no version", "endless", "http2"])
def test_what_is_no_request_is_refused_and_harms_nobody(shared_desk, rubbish):
    one = connected(shared_desk.port, rubbish)
    one.shutdown(socket.SHUT_WR)

    assert one.recv(9) in (b"", b"HTTP/1.1 ")
    assert healthy(shared_desk)["database"] == "ok"


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
