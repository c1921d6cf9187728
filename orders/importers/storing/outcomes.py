"""What holds for an import, and what became of each of its orders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orders.importers.facts import OrderFacts, Rejection
from orders.importers.sources.base import Source
from orders.importers.storing.reported_order import ReportedOrder
from orders.models import Merchant

Purchase = Sequence[OrderFacts]
Recorder = Callable[[Mapping[int, ReportedOrder], datetime], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all orders of an import: `shop` owns what names no merchant.

    `record` gets the orders that were stored, by their id, inside their transaction: an export tells of parcels too,
    and where those are kept is for who starts the import to know.
    """

    source: Source
    shop: Merchant | None
    at: datetime
    record: Recorder
    is_dry_run: bool = False


class Verdict(StrEnum):
    """What became of an order of the source."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One order as the source counts them, however many merchants share it."""

    verdict: Verdict
    rejection: Rejection | None = None


def rejected(purchase: Purchase, reason: str) -> Outcome:
    """Say of an order that it was not stored."""
    facts = purchase[0]
    return Outcome(Verdict.REJECTED, Rejection(facts.file, facts.line, facts.external_number, reason))
