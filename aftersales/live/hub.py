"""Every event stream of this process: one thread asks the database once a second for all of them, and tells each.

Nobody holds a thread or a connection to the database while nothing happens.
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
from aftersales.live.presence import Here
from aftersales.models import User
from aftersales.queries import visibility_facts
from aftersales.queries.cases import timeline
from aftersales.queries.console import changes
from aftersales.queries.console.changes import Mark, News
from aftersales.queries.people import actors
from aftersales.queries.visibility_facts import VisibilityFacts
from aftersales.rules.permissions import PAGES

TURN_SECONDS: Final = 1.0
BEAT_SECONDS: Final = 15.0
RIGHTS_SECONDS: Final = 30.0

logger = logging.getLogger(__name__)


class Full(Exception):
    """As many streams are open as this process serves."""


class Stream:
    """The open event stream of one tab; what is sent before it has a sink waits."""

    def __init__(self, user: User, session_key: str) -> None:
        self.user, self.session_key = user, session_key
        self.auth_hash = user.get_session_auth_hash()
        self.sink: wire.Sink | None = None
        self.waiting: list[bytes] = []
        self.has_ended = False
        self.lock = threading.Lock()

    def attach(self, sink: wire.Sink) -> None:
        """From now on, write there."""
        with self.lock:
            self.sink = sink
            for data in self.waiting:
                sink.send(data)
            self.waiting.clear()
            if self.has_ended:
                sink.close()

    def send(self, data: bytes) -> bool:
        """Write without waiting; false when nobody listens any more."""
        with self.lock:
            if self.sink is None:
                self.waiting.append(data)
                return len(self.waiting) < wire.MOST_WAITING
            return self.sink.send(data)

    def is_gone(self) -> bool:
        """Whether the browser has left."""
        return self.sink is not None and self.sink.is_gone()

    def end(self) -> None:
        """Close it; where it has no sink yet, as soon as it gets one."""
        with self.lock:
            self.has_ended = True
            if self.sink is not None:
                self.sink.close()


class Hub:
    """The streams of one process and the thread that feeds them; it runs while there are any."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Nobody listens yet: in a new process, or in a forked one, where the parent's streams and thread are not."""
        self.lock = threading.Lock()
        self.streams: set[Stream] = set()
        self.mark: Mark | None = None
        self.here: frozenset[Here] | None = None
        self.thread: threading.Thread | None = None
        self.waker = threading.Event()
        self.next_beat = self.next_look = 0.0

    def open(self, user: User, session_key: str, *, most: int) -> Stream:
        """A new stream; nothing that is committed from now on is missed. Raises Full."""
        with self.lock:
            if len(self.streams) >= most:
                raise Full
            if self.mark is None:
                self.mark = changes.newest()
            stream = Stream(user, session_key)
            self.streams.add(stream)
            self._begin()
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        with self.lock:
            self.streams.discard(stream)
        stream.end()

    def stop(self) -> None:
        """End every stream and the thread."""
        for stream in self._listening():
            self.close(stream)
        self.waker.set()
        thread = self.thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(5)

    def turn(self, at: datetime, seconds: float) -> None:
        """Ask once, tell everybody; `seconds` is the running time that beats and checks go by."""
        for stream in self._listening():
            if stream.is_gone():
                self.close(stream)
        if self.mark is None or not self.streams:
            return
        if seconds >= self.next_look:
            self.next_look = seconds + RIGHTS_SECONDS
            self._look_at_rights(at)
        found, self.mark = changes.since(self.mark)
        self._tell(found, self._who_came_or_went(at))
        if seconds >= self.next_beat:
            self.next_beat = seconds + BEAT_SECONDS
            beat = wire.frame("beat", {}, self.mark)
            for stream in self._listening():
                self._send(stream, beat)

    def _tell(self, found: Sequence[News], moved: Sequence[tuple[VisibilityFacts, Here]]) -> None:
        if not found and not moved:
            return
        frames: dict[int, bytes | None] = {}
        for stream in self._listening():
            if stream.user.pk not in frames:
                frames[stream.user.pk] = self._frame(stream.user, found, moved)
            data = frames[stream.user.pk]
            if data is not None:
                self._send(stream, data)

    def _frame(self, user: User, found: Sequence[News], moved: Sequence[tuple[VisibilityFacts, Here]]) -> bytes | None:
        told = changes.told(user, found)
        known = [case for case, who in moved if _may_know(user, who)]
        seen = sorted({case.number for case in known if visibility_facts.sees(user, case)})
        return wire.frame("news", {**told, "presence": seen}, self.mark) if seen or any(told.values()) else None

    def _who_came_or_went(self, at: datetime) -> list[tuple[VisibilityFacts, Here]]:
        now = presence.everybody(at)
        before, self.here = self.here, now
        changed = (now ^ before) if now is not None and before is not None else frozenset()
        cases = {case.number: case for case in visibility_facts.facts_by_number(each.number for each in changed)}
        return [(cases[each.number], each) for each in changed if each.number in cases]

    def _look_at_rights(self, at: datetime) -> None:
        """Whoever has logged out, was switched off or has another password hears nothing more; rights are read anew."""
        streams = self._listening()
        keys = {stream.session_key for stream in streams}
        alive = set(
            Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True)
        )
        users = {user.pk: user for user in actors.with_rights({stream.user.pk for stream in streams})}
        for stream in streams:
            user = users.get(stream.user.pk)
            if user is None or stream.session_key not in alive or not _may_listen(user, stream.auth_hash):
                stream.send(wire.frame("over", {}))
                self.close(stream)
            else:
                stream.user = user

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
                logger.warning("live: the database does not answer", exc_info=True)
                connection.close()
            except Exception:
                logger.exception("live: a turn failed")
            self.waker.wait(max(0.05, TURN_SECONDS - (time.monotonic() - began)))

    def _goes_on(self) -> bool:
        with self.lock:
            if self.streams:
                return True
            self.thread, self.mark, self.here = None, None, None
            self.next_beat = self.next_look = 0.0
        connection.close()
        return False


def _may_know(user: User, who: Here) -> bool:
    """Merchants are told of their own colleagues, our people of everybody; nobody of themselves."""
    if who.user_id == user.pk:
        return False
    return timeline.is_insider(user.roles) or (user.merchant_id is not None and who.merchant_id == user.merchant_id)


def _may_listen(user: User, auth_hash: str) -> bool:
    is_known = user.is_active and user.get_session_auth_hash() == auth_hash
    return is_known and bool(user.roles & PAGES["cases"])


HUB = Hub()


os.register_at_fork(after_in_child=HUB.begin_anew)
