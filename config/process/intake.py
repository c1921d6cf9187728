"""What a client sends, gathered before a thread is given to it: one that is slow costs a socket, never a page."""

import socket
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import h11

# A request that is larger is given to a thread as it comes: pages refuse it by its head.
LARGEST: Final = 128 * 1024 * 1024
# What is larger lies on the disk until a thread reads it.
IN_MEMORY: Final = 256 * 1024
PIECE: Final = 64 * 1024
# How long a client may take: for its head, between two pieces of its body, for all of it.
HEAD_SECONDS: Final = 20
PAUSE_SECONDS: Final = 20
WHOLE_SECONDS: Final = 600


class Intake:
    """One request as it arrives; only whether it is whole is looked at, the server reads it anew."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.SERVER)
        self._held: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed once it is read
        self.size = 0
        self.has_head = False
        self._was_told = False

    def take(self, data: bytes) -> bool:
        """Add what has come; true when nothing more has to be awaited."""
        self._held.write(data)
        self.size += len(data)
        try:
            self._http.receive_data(data)
            return self._is_whole() or self.size > LARGEST
        # Not HTTP, or a head too long: the server says so.
        except h11.RemoteProtocolError:
            return True

    def _is_whole(self) -> bool:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                return False
            if isinstance(event, h11.Request):
                self.has_head = True
            elif event is h11.PAUSED or isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return True

    def asks_leave(self) -> bool:
        """Whether the client sends the body only once it is told to go on; said once."""
        is_first, self._was_told = not self._was_told, True
        return is_first and self._http.they_are_waiting_for_100_continue

    def all(self) -> bytes | None:
        """All of it if it is small; else nothing, and `source` reads it."""
        if self.size > IN_MEMORY:
            return None
        self._held.seek(0)
        return self._held.read()

    def source(self, connection: socket.socket) -> "Replayed":
        """What a thread reads in place of the socket: what has come, and then the socket."""
        return Replayed(self._held, connection)

    def close(self) -> None:
        """Let go of what lies on the disk."""
        self._held.close()


class Replayed:
    """Bytes that have come already, then those of the socket."""

    def __init__(self, held: IO[bytes], connection: socket.socket) -> None:
        self._held, self._connection = held, connection
        held.seek(0)

    def recv(self, size: int) -> bytes:
        """As a socket's: at most `size` bytes, none at the end."""
        data = b"" if self._held.closed else self._held.read(size)
        if data:
            return data
        self._held.close()
        return self._connection.recv(size)
