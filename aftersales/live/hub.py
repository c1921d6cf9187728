"""The open event streams of this process: one thread reads the logs once a second and writes to each what concerns it.

A stream holds neither a thread nor a connection to the database while nothing happens.
"""

import logging
import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.contrib.sessions.models import Session
from django.db import Error, connection
from django.utils import timezone

from aftersales.live import presence, wire
from aftersales.live.presence import Visit
from aftersales.models import User
from aftersales.queries import visibility_facts
from aftersales.queries.cases import timeline
from aftersales.queries.console import changes
from aftersales.queries.console.changes import Change, Cursor
from aftersales.queries.people import actors
from aftersales.queries.visibility_facts import VisibilityFacts
from aftersales.rules.permissions import PAGES

TURN_SECONDS: Final = 1.0
BEAT_SECONDS: Final = 15.0  # well below the minute after which proxies close what is silent
RIGHTS_SECONDS: Final = 15.0  # with a turn that waits for the database, nobody listens for 30 s who may not

Arrival = tuple[VisibilityFacts, Visit]  # or a departure: a case, and who has come to it or left it

logger = logging.getLogger(__name__)


class Full(Exception):
    """This process has as many streams open as it may."""


class Stream:
    """The open event stream of one tab. What is sent before it has a sink waits, up to 100 frames."""

    def __init__(self, user: User, session_key: str) -> None:
        self.user, self.session_key = user, session_key
        self.auth_hash = user.get_session_auth_hash()
        self.sink: wire.Sink | None = None
        self.waiting: list[bytes] = []
        self.has_ended = False
        self.lock = threading.Lock()

    def attach(self, sink: wire.Sink) -> None:
        """Write to this sink from now on, beginning with what has waited."""
        with self.lock:
            self.sink = sink
            for data in self.waiting:
                sink.send(data)
            self.waiting.clear()
            if self.has_ended:
                sink.close()

    def send(self, data: bytes) -> bool:
        """Write without blocking; false when the reader has left, or is too slow."""
        with self.lock:
            if self.sink is None:
                self.waiting.append(data)
                return len(self.waiting) < wire.MOST_WAITING
            return self.sink.send(data)

    def is_gone(self) -> bool:
        """Whether the browser has left."""
        return self.sink is not None and self.sink.is_gone()

    def end(self) -> None:
        """Close the stream; if it has no sink yet, as soon as it gets one."""
        with self.lock:
            self.has_ended = True
            if self.sink is not None:
                self.sink.close()


class Hub:
    """The streams of one process, and the thread that feeds them, which runs while there are any."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Start empty; in a forked process too, which has neither the thread nor the sockets of its parent."""
        self.lock = threading.Lock()
        self.streams: set[Stream] = set()
        self.cursor: Cursor | None = None
        self.here: frozenset[Visit] | None = None
        self.thread: threading.Thread | None = None
        self.waker = threading.Event()
        self.next_beat = self.next_look = 0.0

    def open(self, user: User, session_key: str, *, most: int) -> Stream:
        """Open a stream that misses nothing committed from now on; Full when `most` are open already."""
        with self.lock:
            if len(self.streams) >= most:
                raise Full
            if self.cursor is None:
                self.cursor = changes.newest()
            stream = Stream(user, session_key)
            self.streams.add(stream)
            self._begin()
        return stream

    def close(self, stream: Stream) -> None:
        """End a stream and forget it."""
        with self.lock:
            self.streams.discard(stream)
        stream.end()

    def stop(self) -> None:
        """End all streams, then the thread."""
        for stream in self._listening():
            self.close(stream)
        self.waker.set()
        thread = self.thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(5)

    def turn(self, at: datetime, seconds: float) -> None:
        """One turn of the thread; `seconds` is a monotonic clock for beats and rights.

        1. Forget the streams whose browsers have left.
        2. Every quarter of a minute, end the streams of those who may not listen any more.
        3. Read what has changed, once for all, and who has come to a case or left it.
        4. Write to each stream what its person may know.
        5. Every quarter of a minute, write a beat, so that the browser knows that the stream lives.
        """
        self._forget_gone()
        if self.cursor is None or not self.streams:
            return
        if seconds >= self.next_look:
            self._check_rights(at)
            self.next_look = seconds + RIGHTS_SECONDS  # not before: a look that failed is taken again the next turn
        found, self.cursor = changes.since(self.cursor)
        self._tell(found, self._arrivals(at))
        if seconds >= self.next_beat:
            self.next_beat = seconds + BEAT_SECONDS
            self._beat()

    def _forget_gone(self) -> None:
        for stream in self._listening():
            if stream.is_gone():
                self.close(stream)

    def _check_rights(self, at: datetime) -> None:
        """End the streams of those who have logged out, were deactivated or have a new password; read rights anew."""
        streams = self._listening()
        sessions = Session.objects.filter(session_key__in={each.session_key for each in streams}, expire_date__gt=at)
        alive = set(sessions.values_list("session_key", flat=True))
        users = {user.pk: user for user in actors.with_rights({each.user.pk for each in streams})}
        for stream in streams:
            user = users.get(stream.user.pk)
            if user is not None and stream.session_key in alive and _may_listen(user, stream.auth_hash):
                stream.user = user
            else:
                stream.send(wire.frame("over", {}))
                self.close(stream)

    def _arrivals(self, at: datetime) -> list[Arrival]:
        now = presence.everybody(at)
        before, self.here = self.here, now
        changed = (now ^ before) if now is not None and before is not None else frozenset()
        cases = {case.number: case for case in visibility_facts.facts_by_number(each.number for each in changed)}
        return [(cases[each.number], each) for each in changed if each.number in cases]

    def _tell(self, found: Sequence[Change], arrivals: Sequence[Arrival]) -> None:
        if not found and not arrivals:
            return
        # Somebody with ten tabs open has ten streams: what they may know is asked once.
        frames: dict[int, bytes | None] = {}
        for stream in self._listening():
            if stream.user.pk not in frames:
                frames[stream.user.pk] = self._frame(stream.user, found, arrivals)
            data = frames[stream.user.pk]
            if data is not None:
                self._send(stream, data)

    def _frame(self, user: User, found: Sequence[Change], arrivals: Sequence[Arrival]) -> bytes | None:
        summary = changes.summary_for(user, found)
        known = [case for case, who in arrivals if _may_know(user, who)]
        seen = sorted({case.number for case in known if visibility_facts.sees(user, case)})
        if not seen and not any(summary.values()):
            return None
        return wire.frame("changes", {**summary, "presence": seen}, self.cursor)

    def _beat(self) -> None:
        beat = wire.frame("beat", {}, self.cursor)
        for stream in self._listening():
            self._send(stream, beat)

    def _send(self, stream: Stream, data: bytes) -> None:
        if not stream.send(data):
            self.close(stream)

    def _listening(self) -> list[Stream]:
        with self.lock:
            return list(self.streams)

    def _begin(self) -> None:
        if self.thread is None:
            self.waker.clear()
            self.thread = threading.Thread(target=self._run, name="live", daemon=True)
            self.thread.start()

    def _run(self) -> None:
        while self._goes_on():
            began = time.monotonic()
            try:
                self.turn(timezone.now(), began)
            except Error:
                # The thread must outlive the database: when it answers again, streams go on from their cursor.
                logger.warning("live: the database does not answer", exc_info=True)
                connection.close()
            except Exception:
                logger.exception("live: a turn failed")
            self.waker.wait(max(0.05, TURN_SECONDS - (time.monotonic() - began)))

    def _goes_on(self) -> bool:
        with self.lock:
            if self.streams:
                return True
            self.thread, self.cursor, self.here = None, None, None
            self.next_beat = self.next_look = 0.0
        connection.close()
        return False


def _may_know(user: User, who: Visit) -> bool:
    """Merchants are told where their colleagues are, our people where anybody is, nobody where they are themselves."""
    if who.user_id == user.pk:
        return False
    return timeline.is_insider(user.roles) or (user.merchant_id is not None and who.merchant_id == user.merchant_id)


def _may_listen(user: User, auth_hash: str) -> bool:
    is_known = user.is_active and user.get_session_auth_hash() == auth_hash
    return is_known and bool(user.roles & PAGES["cases"])


HUB = Hub()


os.register_at_fork(after_in_child=HUB.begin_anew)
