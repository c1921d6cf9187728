"""A request is whole when all of it is here, however it is cut into pieces; what is none goes on to be refused."""

import itertools
import random
import socket

import pytest

from config.process import intake
from config.process.intake import Intake

BODY = b"a=1&b=" + bytes(range(256)) * 40
REQUESTS = {
    "get": b"GET /cases/ HTTP/1.1\r\nHost: desk\r\n\r\n",
    "old": b"GET /cases/ HTTP/1.0\r\n\r\n",
    "post": b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY),
    "empty post": b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 0\r\n\r\n",
    "chunked": b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\nabcd\r\n2\r\nef\r\n0\r\nX: y\r\n\r\n",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_whole_with_its_last_byte_and_not_before(name):
    whole = REQUESTS[name]
    chance = random.Random(name)
    for _game in range(20):
        cuts = sorted(chance.sample(range(1, len(whole)), min(5, len(whole) - 1)))
        pieces = [whole[start:end] for start, end in itertools.pairwise([0, *cuts, len(whole)])]
        taken = Intake()

        assert [taken.take(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
        assert taken.all() == whole


@pytest.mark.parametrize(
    "rubbish", [b"\x16\x03\x01\x00\xa5\x01\x00", b"GET\r\n\r\n", b"x" * 200_000, b"\r\n\x00\r\n\r\n"]
)
def test_what_is_no_request_waits_for_nothing(rubbish):
    assert Intake().take(rubbish)


def test_a_large_request_lies_on_the_disk_and_is_read_from_there_and_then_from_the_line(monkeypatch):
    monkeypatch.setattr(intake, "IN_MEMORY", 100)
    near, far = socket.socketpair()
    taken = Intake()
    taken.take(REQUESTS["post"])

    source = taken.source(near)
    far.sendall(b"more")

    read = b"".join(iter(lambda: source.recv(1000), b"more"))
    assert taken.all() is None
    assert read == REQUESTS["post"]


def test_more_than_is_taken_goes_on_to_be_refused_by_its_head(monkeypatch):
    monkeypatch.setattr(intake, "LARGEST", 1000)
    taken = Intake()

    assert not taken.take(b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 5000\r\n\r\n")
    assert taken.take(b"x" * 1000)


def test_who_asks_whether_to_go_on_is_answered_once():
    taken = Intake()
    taken.take(b"POST / HTTP/1.1\r\nHost: desk\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")

    assert [taken.asks_leave(), taken.asks_leave()] == [True, False]
    assert taken.take(b"12345")
