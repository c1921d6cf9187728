"""The web server's worker: gunicorn's threads, except that neither an event stream nor a slow client needs one.

A stream says nothing most of the time: once its head is sent the connection leaves the pool, and the hub writes to it.
A request comes to the pool when all of it is here; until then the loop that accepts connections gathers it (`intake`).
"""

import selectors
import socket
import struct
import time
from functools import partial
from typing import Any, Final

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from aftersales.live.wire import HandedOver, Wire
from config.process import intake
from config.process.intake import Intake

GONE: Final = object()
OFFER: Final = "desk.hand_over"  # in the environment of a request: this server can let go of a connection
GO_ON: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
# How long a thread waits for a client that does not read what it asked for.
UNREAD_SECONDS: Final = 30


class DeskWorker(ThreadWorker):
    """`--worker-class=config.process.worker.DeskWorker`."""

    wsgi: Any
    nr_conns: int
    pending_conns: Any

    def load_wsgi(self) -> None:
        """Tell the application in each request that a connection can be handed over."""
        super().load_wsgi()
        application: Any = self.wsgi

        def offering(environ: dict[str, Any], start_response: Any) -> Any:
            environ[OFFER] = True
            return application(environ, start_response)

        self.wsgi = offering

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and gather what it sends."""
        try:
            client, address = listener.accept()
        # Gone again, or taken by another process that was told of it as well.
        except (BlockingIOError, ConnectionAbortedError):
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", UNREAD_SECONDS, 0))
        self.nr_conns += 1
        self._gather(TConn(self.cfg, client, address, listener.getsockname()))

    def _gather(self, conn: Any) -> None:
        now = time.monotonic()
        conn.intake, conn.until = Intake(), now + intake.WHOLE_SECONDS
        conn.timeout = now + intake.HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
        # Most requests are there with their connection.
        self.on_pending_socket_readable(conn, conn.sock)

    def on_pending_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take what has come; a request that is whole goes to a thread, a client that has gone is forgotten."""
        try:
            data = client.recv(intake.PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(conn)
        elif conn.intake.take(data):
            self._hand_on(conn)
        else:
            self._await_more(conn)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Gather the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def _await_more(self, conn: Any) -> None:
        if not conn.intake.has_head:
            return
        conn.timeout = min(time.monotonic() + intake.PAUSE_SECONDS, conn.until)
        if conn.intake.asks_leave():
            conn.sock.send(GO_ON)

    def _hand_on(self, conn: Any) -> None:
        """Give the request to a thread, which finds it where it reads from the socket."""
        self._let_go(conn)
        if conn.parser is None:
            conn.parser, conn.initialized = http.get_parser(self.cfg, conn.sock, conn.client), True
        data = conn.intake.all()
        if data is None:
            conn.parser.unreader.sock = conn.intake.source(conn.sock)
        else:
            conn.intake.close()
            conn.parser.unreader.unread(data)
        conn.data_ready = True
        self.enqueue_req(conn)

    def _let_go(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _forget(self, conn: Any) -> None:
        self._let_go(conn)
        conn.intake.close()
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Forget clients that have not sent a request in their time."""
        now = time.monotonic()
        for conn in [each for each in self.pending_conns if each.timeout <= now]:
            self._forget(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Asked to stop: who has sent nothing whole by then has asked for nothing."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def handle(self, conn: Any) -> Any:
        """Serve a request in a thread of the pool, as gunicorn does."""
        try:
            return super().handle(conn)
        except HandedOver as given:
            given.stream.attach(Wire(conn.sock, is_chunked=given.is_chunked))
            return GONE

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Close or keep the connection; one that was handed over is no longer ours."""
        if not fs.cancelled() and fs.exception() is None and fs.result() is GONE:
            self.nr_conns -= 1
            return
        super().finish_request(conn, fs)

    def run(self) -> None:
        """Serve until told to stop; streams have no part in the grace that requests are given."""
        from aftersales.live.hub import HUB

        try:
            super().run()
        finally:
            HUB.stop()
