"""What every source has to say of itself, and how its orders are read."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from django.utils.functional import Promise

from orders.importers.facts import OrderFacts, Rejection
from orders.importers.reading.layouts import Layout


class Reading(Protocol):
    """Facts in the order of the files; orders of one purchase follow each other."""

    total: int

    def __iter__(self) -> Iterator[OrderFacts | Rejection]:
        """Yield one order, or why it cannot be read, after another."""


class Source(ABC):
    """One kind of export."""

    name: str
    title: str | Promise
    hint: str | Promise
    timezone: str
    currency: str
    columns: tuple[Layout, ...]
    needs_merchant: bool
    numbers_are_global: bool

    @abstractmethod
    def read(self, paths: Sequence[Path]) -> Reading:
        """Open the files and tell what they say; ReadError if they are not such an export."""
