"""What happened: moves done and refused, what the clock did, and what nobody expected."""

import logging
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from orders.refusals import Refused

# Numbers, names and dates differ from refusal to refusal; what is left tells which rule refused.
PARTICULARS = re.compile(r"“[^”]*”|[R$¥£€US]*[\d][\d.,:/\-–]*( [AP]M)?|\b[0-9a-f]{6,}\b")


@dataclass(frozen=True)
class Bug:
    """Something other than a refusal: where and when it came up, and its trace."""

    at: datetime
    action: str
    about: str
    error: str


class Stopped(Exception):
    """The simulation has met a bug and ends."""


@dataclass
class Tally:
    """Counts of a simulation."""

    keep_going: bool = False
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    clock: Counter[str] = field(default_factory=Counter)
    bugs: list[Bug] = field(default_factory=list)

    def attempt(self, action: str, about: str, at: datetime) -> "Attempt":
        """One act of a person, to be counted however it ends."""
        return Attempt(self, action, about, at)

    def refuse(self, action: str, refusal: Refused) -> None:
        """Count a refusal under its sentence."""
        self.refused[action] += 1
        self.sentences[PARTICULARS.sub("…", str(refusal))] += 1

    def report(self, action: str, about: str, error: BaseException, at: datetime) -> None:
        """Remember a bug; unless told to keep going, it ends the simulation."""
        self.bugs.append(Bug(at, action, about, "".join(traceback.format_exception(error))))
        if not self.keep_going:
            raise Stopped from error


@dataclass(frozen=True)
class Attempt:
    """Counts an act as done, refused with a sentence, or a bug."""

    tally: Tally
    action: str
    about: str
    at: datetime

    def __enter__(self) -> None:
        """Nothing to prepare: every verb is a transaction of its own."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """Swallow what was counted; an interruption, or the end of the play, goes on."""
        if error is None:
            self.tally.done[self.action] += 1
        elif isinstance(error, Refused):
            self.tally.refuse(self.action, error)
        elif isinstance(error, Exception) and not isinstance(error, Stopped):
            self.tally.report(self.action, self.about, error, self.at)
        else:
            return False
        return True


class LogWatcher(logging.Handler):
    """Takes from the log what sweeps swallow to keep others going: refusals are counted, anything else is a bug."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(logging.WARNING)
        self.tally = tally
        self.at: datetime | None = None
        self.logged: list[tuple[str, BaseException]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception of a log line, if it has one."""
        arguments = record.args if isinstance(record.args, tuple) else ()
        argument = next((one for one in arguments if isinstance(one, BaseException)), None)
        error = record.exc_info[1] if record.exc_info else argument
        if error is not None:
            self.logged.append((record.getMessage(), error))

    def count(self, at: datetime) -> None:
        """Count what was logged since the last time."""
        logged, self.logged = self.logged, []
        for message, error in logged:
            if isinstance(error, Refused):
                self.tally.refuse("clock", error)
            else:
                self.tally.report("clock", message, error, at)


@contextmanager
def watching_log(tally: Tally) -> Iterator[LogWatcher]:
    """Watch the log of this app, which writes nothing to the screen meanwhile."""
    log, watcher = logging.getLogger("aftersales"), LogWatcher(tally)
    before = log.propagate
    log.addHandler(watcher)
    log.propagate = False
    try:
        yield watcher
    finally:
        log.removeHandler(watcher)
        log.propagate = before
