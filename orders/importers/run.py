"""One import from start to end, for the command and for the page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Final

from django.utils.translation import gettext as _

from orders.importers.facts import OrderFacts, Rejection
from orders.importers.reading.refusal import ReadError
from orders.importers.sources.base import Reading, Source
from orders.importers.storing import store
from orders.importers.storing.outcomes import Outcome, Recorder, Terms, Verdict
from orders.models import Merchant

# Large enough for COPY to pay off, small enough that nobody waits long for the locks of a batch.
BATCH: Final = 1000

Progress = Callable[["Summary"], None]
Item = Rejection | list[OrderFacts]


@dataclass
class Summary:
    """What an import came to, counted in orders as the source counts them."""

    source: str
    total: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float = 0.0
    rejections: list[Rejection] = field(default_factory=list)

    def as_dict(self) -> dict[str, str | int | float]:
        """Give the counts under the names that scripts rely on."""
        names = ("source", "read", "created", "updated", "unchanged", "rejected")
        return {**{name: getattr(self, name) for name in names}, "seconds": round(self.seconds, 2)}

    def add(self, outcome: Outcome) -> None:
        """Count one order."""
        self.read += 1
        setattr(self, outcome.verdict, getattr(self, outcome.verdict) + 1)
        if outcome.rejection:
            self.rejections.append(outcome.rejection)


def silent(_summary: Summary) -> None:
    """Report progress to nobody."""


def import_paths(
    source: Source,
    paths: Sequence[Path],
    *,
    merchant: Merchant | None,
    at: datetime,
    record: Recorder,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Read files and store what they tell; ReadError if they cannot be read, or no merchant is named.

    Rejected orders are in the summary, never an exception. `record` keeps what else the orders tell of
    (`outcomes.Terms`), `progress` is called after each batch.
    """
    if source.needs_merchant and merchant is None:
        raise ReadError(_("This export does not say whose shop it is from: name the merchant."))
    return _import(source.read(paths), Terms(source, merchant, at, record, is_dry_run=dry_run), progress)


def preview(source: Source, paths: Sequence[Path], *, count: int = 20) -> tuple[int, list[OrderFacts | Rejection]]:
    """Give the number of orders in the files, and the first of them as they would be taken; ReadError."""
    reading = source.read(paths)
    return reading.total, list(islice(reading, count))


def _import(reading: Reading, terms: Terms, progress: Progress) -> Summary:
    started = monotonic()
    summary = Summary(terms.source.name, total=reading.total)
    for batch in _batches(reading):
        for outcome in _stored(batch, terms):
            summary.add(outcome)
        summary.seconds = monotonic() - started
        progress(summary)
    summary.seconds = monotonic() - started
    return summary


def _batches(reading: Reading) -> Iterator[list[Item]]:
    items = _items(reading)
    while batch := list(islice(items, BATCH)):
        yield batch


def _items(reading: Reading) -> Iterator[Item]:
    """Yield the parts of one purchase as one item: they are stored together or not at all."""
    parts: list[OrderFacts] = []
    for reported in reading:
        if parts and (isinstance(reported, Rejection) or reported.external_number != parts[0].external_number):
            yield parts
            parts = []
        if isinstance(reported, Rejection):
            yield reported
        else:
            parts.append(reported)
    if parts:
        yield parts


def _stored(batch: list[Item], terms: Terms) -> Iterator[Outcome]:
    purchases = [item for item in batch if not isinstance(item, Rejection)]
    outcomes = iter(store.save(purchases, terms))
    for item in batch:
        yield Outcome(Verdict.REJECTED, item) if isinstance(item, Rejection) else next(outcomes)
