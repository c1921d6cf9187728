"""The body of an event stream as the web server asks for it."""

from collections.abc import Iterator

from django.db import connections

from aftersales.live.hub import HUB, Stream
from aftersales.live.wire import HandedOver, Mailbox


def handed_over(stream: Stream, opening: bytes, *, is_chunked: bool) -> Iterator[bytes]:
    """The opening; then the connection leaves the thread, which keeps its database for the next page."""
    try:
        yield opening
    except GeneratorExit:
        HUB.close(stream)
        raise
    raise HandedOver(stream, is_chunked=is_chunked)


def in_a_thread(stream: Stream, opening: bytes) -> Iterator[bytes]:
    """The opening, then whatever comes; the thread waits, without a connection to the database."""
    _let_go_of_the_database()
    box = Mailbox()
    stream.attach(box)
    try:
        yield opening
        while (data := box.frames.get()) is not None:
            yield data
    finally:
        box.has_left = True
        HUB.close(stream)


def _let_go_of_the_database() -> None:
    for each in connections.all(initialized_only=True):
        if not each.in_atomic_block:
            each.close()
