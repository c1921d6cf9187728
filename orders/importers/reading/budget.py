"""How much of files a worker reads before it gives up: cells, and seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from django.utils.translation import gettext as _

from orders.importers.reading.refusal import ReadError


@dataclass
class Budget:
    """What may be read yet; a reader counts each row against it."""

    cells: int
    seconds: float
    began: float = field(default_factory=monotonic)

    def count(self, cells: int) -> None:
        """Take the cells of a row off; ReadError when nothing is left."""
        self.cells -= cells
        if self.cells < 0 or monotonic() - self.began > self.seconds:
            raise ReadError(_("That is too much for one import. Export a shorter period, or divide the file."))


# Half a million orders in sixty columns, or half an hour, whichever comes first.
READING: Final = (30_000_000, 1800.0)
_present: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def of(limits: tuple[int, float]) -> Iterator[None]:
    """Read within these limits; without them, as the command does, as much as there is."""
    token = _present.set(Budget(*limits))
    try:
        yield
    finally:
        _present.reset(token)


def count(cells: int) -> None:
    """A row of so many cells was read; ReadError above the limits."""
    budget = _present.get()
    if budget is not None:
        budget.count(cells)
