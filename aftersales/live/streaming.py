"""The body of the response of an event stream, for each kind of web server worker."""

from collections.abc import Iterator

from django.db import connections

from aftersales.live.hub import HUB, Stream
from aftersales.live.wire import HandedOver, Mailbox


def handed_over(stream: Stream, opening: bytes, *, is_chunked: bool) -> Iterator[bytes]:
    """The opening, then HandedOver: our worker keeps the socket, and its thread serves the next page."""
    try:
        yield opening
    except GeneratorExit:
        HUB.close(stream)
        raise
    raise HandedOver(stream, is_chunked=is_chunked)


def in_a_thread(stream: Stream, opening: bytes) -> Iterator[bytes]:
    """The opening, then whatever comes, on any other server; the thread waits for it, without a database connection."""
    _close_connections()
    box = Mailbox()
    stream.attach(box)
    try:
        yield opening
        while (data := box.frames.get()) is not None:
            yield data
    finally:
        box.has_left = True
        HUB.close(stream)


def _close_connections() -> None:
    for each in connections.all(initialized_only=True):
        if not each.in_atomic_block:  # a test is inside one
            each.close()
