"""Where an event stream is written to: a socket that the web server has handed over, or a queue read by a thread."""

import json
import queue
import socket
from collections.abc import Mapping
from typing import Any, Protocol

RETRY_MILLISECONDS = 3000
MOST_WAITING = 100  # frames for a reader that is slower than a turn of the hub
OPENING = f"retry: {RETRY_MILLISECONDS}\n\n".encode()


class HandedOver(BaseException):
    """Raised out of a response whose head is sent: the web server leaves its connection to `stream`.

    Not an Exception, so that nothing on its way up takes it for a fault.
    """

    def __init__(self, stream: Any, *, is_chunked: bool) -> None:
        super().__init__("the connection belongs to an event stream now")
        self.stream, self.is_chunked = stream, is_chunked


class Sink(Protocol):
    """Where a stream is written to."""

    def send(self, data: bytes) -> bool:
        """Write without blocking; false when the reader has left, or is too slow."""

    def is_gone(self) -> bool:
        """Whether the reader has left."""

    def close(self) -> None:
        """End the body of the response."""


class Wire:
    """A socket. A frame that can not be written whole at once means that the other side has stopped reading."""

    def __init__(self, connection: socket.socket, *, is_chunked: bool) -> None:
        self.connection, self.is_chunked = connection, is_chunked
        connection.setblocking(False)

    def send(self, data: bytes) -> bool:
        """Write without blocking, as a chunk where the protocol is HTTP/1.1."""
        whole = b"%X\r\n%b\r\n" % (len(data), data) if self.is_chunked else data
        try:
            return self.connection.send(whole) == len(whole)
        except OSError:
            return False

    def is_gone(self) -> bool:
        """Whether the other side has closed; a browser sends nothing more on such a connection."""
        try:
            return self.connection.recv(1024) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Close the body with an empty chunk, then the connection."""
        if self.is_chunked:
            self.send(b"")
        self.connection.close()


class Mailbox:
    """A queue that a thread of the web server empties."""

    def __init__(self) -> None:
        self.frames: queue.Queue[bytes | None] = queue.Queue(MOST_WAITING)
        self.has_left = False

    def send(self, data: bytes) -> bool:
        """Put the data into the queue; false when it is full or the thread has ended."""
        try:
            self.frames.put_nowait(data)
        except queue.Full:
            return False
        return not self.has_left

    def is_gone(self) -> bool:
        """Whether the thread has ended."""
        return self.has_left

    def close(self) -> None:
        """Tell the thread to end, even where the queue is full."""
        try:
            self.frames.put_nowait(None)
        except queue.Full:
            self.frames.get_nowait()
            self.frames.put_nowait(None)


def frame(event: str, data: Mapping[str, object], cursor: object = "") -> bytes:
    """One event of a stream; the browser remembers its cursor and sends it when it connects again."""
    head = f"id: {cursor}\n" if cursor else ""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {event}\ndata: {body}\n\n".encode()
