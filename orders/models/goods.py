"""Whether goods were dispatched and delivered, since when, and who says so: the one derivation from what is told.

`PRECEDENCE` is the rule: the first line that tells something is taken. Dates are a carrier's scan or the import's;
a status without its date counts from the latest moment that the source has told (ADR 28).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class OrderStatus(models.TextChoices):
    """How far an order has come; a fact told by the source, not decided here."""

    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    SIGNED = "signed", _("Signed for")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class ToldBy(models.TextChoices):
    """What tells a fact about the goods."""

    DATE = "date", _("dated by the carrier or the import")
    COMPLETION = "completion", _("dated by the completion of the order")
    DELIVERY = "delivery", _("dated by the delivery")
    STATUS = "status", _("told by the status alone; the date is the latest one known")


@dataclass(frozen=True, slots=True)
class Moments:
    """What is told of an order; `last` is the latest moment told of anything."""

    status: str
    shipped_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    last: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with its moment and its source."""

    at: datetime
    by: ToldBy


DELIVERED: Final = frozenset({OrderStatus.SIGNED, OrderStatus.COMPLETED})
PRECEDENCE: Final[dict[str, tuple[tuple[ToldBy, Callable[[Moments], datetime | None]], ...]]] = {
    "delivered": (
        (ToldBy.DATE, lambda told: told.signed_at),
        (ToldBy.COMPLETION, lambda told: told.completed_at if told.status in DELIVERED else None),
        (ToldBy.STATUS, lambda told: told.last if told.status in DELIVERED else None),
    ),
    "dispatched": (
        (ToldBy.DATE, lambda told: told.shipped_at),
        # What has arrived has left, whether or not anybody dated it.
        (ToldBy.DELIVERY, lambda told: fact.at if (fact := delivered(told)) else None),
        (ToldBy.STATUS, lambda told: told.last if told.status == OrderStatus.SHIPPED else None),
    ),
}


def delivered(told: Moments) -> Told | None:
    """The delivery; nothing where neither a date nor the status tells of one."""
    return _first("delivered", told)


def dispatched(told: Moments) -> Told | None:
    """The dispatch; nothing where neither a date nor the status tells of one."""
    return _first("dispatched", told)


def _first(fact: str, told: Moments) -> Told | None:
    return next((Told(at, by) for by, rule in PRECEDENCE[fact] if (at := rule(told)) is not None), None)
