"""Whether goods were dispatched and delivered, since when, and who says so: the one derivation from what is told.

`PRECEDENCE` is the rule: the first line that tells something is taken. A stored date names who told it, and gives way
only to somebody who stands above; a status without its date counts from the latest moment told (ADR 28, 29).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
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

    SCAN = "scan", _("scanned by the carrier")
    PERSON = "person", _("told by a person, with proof")
    IMPORT = "import", _("dated by the import")
    COMPLETION = "completion", _("dated by the completion of the order")
    DELIVERY = "delivery", _("dated by the delivery")
    STATUS = "status", _("told by the status alone; the date is the latest one known")


# Who can date a fact, the first before the others; everything else is derived and never stored.
DATING: Final = (ToldBy.SCAN, ToldBy.PERSON, ToldBy.IMPORT)


class DatedByField(models.CharField):
    """Who told the date beside it, empty where it has none; see `names_source`."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs |= {"max_length": 10, "choices": [(each.value, each.label) for each in DATING]}
        kwargs |= {"blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


def names_source(fact: str) -> models.Q:
    """The condition that a date names who told it: the one is there if and only if the other is."""
    dated = {f"{fact}_at__isnull": False, f"{fact}_told_by__in": [each.value for each in DATING]}
    return models.Q(**dated) | models.Q(**{f"{fact}_at__isnull": True, f"{fact}_told_by": ""})


@dataclass(frozen=True, slots=True)
class Moments:
    """What is told of an order; `last` is the latest moment told of anything."""

    status: str
    shipped_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    last: datetime
    # A date that does not name who told it counts least; the database stores none such.
    shipped_told_by: str = ToldBy.IMPORT
    signed_told_by: str = ToldBy.IMPORT


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with its moment and its source."""

    at: datetime
    by: ToldBy

    @property
    def is_dated(self) -> bool:
        """Whether somebody dated it; else the moment is only the latest possible one."""
        return self.by in DATING

    @property
    def is_scanned(self) -> bool:
        """Whether a carrier's scan tells it, who is believed first."""
        return self.by == DATING[0]


Rule = tuple[ToldBy, "Callable[[Moments], datetime | None]"]


def _signature(source: ToldBy) -> Rule:
    return source, lambda told: told.signed_at if (told.signed_told_by or ToldBy.IMPORT) == source else None


def _departure(source: ToldBy) -> Rule:
    return source, lambda told: told.shipped_at if (told.shipped_told_by or ToldBy.IMPORT) == source else None


DELIVERED: Final = frozenset({OrderStatus.SIGNED, OrderStatus.COMPLETED})
PRECEDENCE: Final[dict[str, tuple[Rule, ...]]] = {
    "delivered": (
        *map(_signature, DATING),
        (ToldBy.COMPLETION, lambda told: told.completed_at if told.status in DELIVERED else None),
        (ToldBy.STATUS, lambda told: told.last if told.status in DELIVERED else None),
    ),
    "dispatched": (
        *map(_departure, DATING),
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


def is_unknown(told: Moments, heard_at: datetime, at: datetime) -> bool:
    """Whether nobody has told for too long where goods are that have not arrived, as far as is told: ask a person."""
    if told.status == OrderStatus.CANCELLED or delivered(told) is not None:
        return False
    return heard_at + settings.GOODS_SILENT_AFTER < at


def gives_way(known_by: str, to: ToldBy) -> bool:
    """Whether a date told by one gives way to one told by another: to the same one, or to who stands above."""
    return not known_by or DATING.index(to) <= DATING.index(ToldBy(known_by))


def _first(fact: str, told: Moments) -> Told | None:
    return next((Told(at, by) for by, rule in PRECEDENCE[fact] if (at := rule(told)) is not None), None)
