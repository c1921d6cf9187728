"""The web server's worker: gunicorn's threads, except that an event stream needs none.

A stream says nothing most of the time. Once its head is sent the connection leaves the pool, and the hub writes to it.
"""

from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

from aftersales.live.wire import HandedOver, Wire

GONE: Final = object()
OFFER: Final = "desk.hand_over"  # in the environment of a request: this server can let go of a connection


class DeskWorker(ThreadWorker):
    """`--worker-class=config.process.worker.DeskWorker`."""

    wsgi: Any

    def load_wsgi(self) -> None:
        """Tell the application in each request that a connection can be handed over."""
        super().load_wsgi()
        application: Any = self.wsgi

        def offering(environ: dict[str, Any], start_response: Any) -> Any:
            environ[OFFER] = True
            return application(environ, start_response)

        self.wsgi = offering

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
