"""What a source says it gave back, held against what we gave back ourselves. Pure.

A refund of ours shows up in the next export as the source's own; only what is beyond ours counts as given back
elsewhere, and what once counted never shrinks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders import money
from orders.importers.facts import ZERO


class Irreconcilable(ValueError):
    """The facts cannot be reconciled with what is stored; `sentence` says why, translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(slots=True)
class Share:
    """Something that can be given back once: a line, the freight, a payment; `reported` is the source's sum."""

    paid: Decimal
    reported: Decimal = ZERO
    reserved: Decimal = ZERO
    settled: Decimal = ZERO
    elsewhere: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What nobody holds and nobody got back."""
        return self.paid - self.reserved - self.settled - self.elsewhere


@dataclass(slots=True)
class Units:
    """Units of a line that can come back once."""

    sold: int
    reported: int = 0
    reserved: int = 0
    settled: int = 0
    elsewhere: int = 0


def count_money(
    lines: Sequence[Share], freight: Share, payments: Sequence[Share], *, unattributed: Decimal, currency: str
) -> None:
    """Raise `elsewhere` of lines, freight and payments to what the source gave back beyond us; Irreconcilable.

    `unattributed` is what the source does not lay to a line: it is shared by what is left, freight last.
    """
    parts = [*lines, freight]
    before = _elsewhere(parts)
    known = sum((part.settled for part in parts), before)
    for part in parts:
        part.elsewhere = max(part.elsewhere, part.reported - part.settled)
    # What is told for no line first pays what we know already, ours included; only the rest is new.
    if unattributed:
        reported = sum((part.reported for part in parts), unattributed)
        _share(max(reported - known - (_elsewhere(parts) - before), ZERO), lines, freight, currency)
    _spread(_elsewhere(parts) - before, payments, currency)
    if any(part.left < 0 for part in (*parts, *payments)):
        raise Irreconcilable(more_than_left())


def count_units(units: Units) -> None:
    """Raise `elsewhere` of a line's units to what the source took back beyond us; Irreconcilable."""
    # Never less than before: an export that leaves a refund out does not undo it (ADR 11).
    units.elsewhere = max(units.elsewhere, units.reported - units.settled)
    if units.reserved + units.settled + units.elsewhere > units.sold:
        raise Irreconcilable(more_than_left())


def more_than_left() -> str:
    """Say that the facts leave less than our cases hold or gave back."""
    return _(
        "The export leaves less of this order than open cases hold or refunds have given back. "
        "Look at the order's cases, then import again."
    )


def other_currency(currency: str) -> str:
    """Say that the order is known in another currency."""
    return _("The order is known in %(currency)s; its currency cannot change.") % {"currency": currency}


def _elsewhere(parts: Sequence[Share]) -> Decimal:
    return sum((part.elsewhere for part in parts), ZERO)


def _share(amount: Decimal, lines: Sequence[Share], freight: Share, currency: str) -> None:
    room = [max(line.left, ZERO) for line in lines]
    on_lines = min(amount, sum(room, ZERO))
    if lines:
        for line, part in zip(lines, money.allocate_capped(on_lines, room, room, currency), strict=True):
            line.elsewhere += part
    freight.elsewhere += min(amount - on_lines, max(freight.left, ZERO))


def _spread(amount: Decimal, payments: Sequence[Share], currency: str) -> None:
    room = [max(payment.left, ZERO) for payment in payments]
    if amount > sum(room, ZERO):
        raise Irreconcilable(more_than_left())
    if payments:
        for payment, part in zip(payments, money.allocate_capped(amount, room, room, currency), strict=True):
            payment.elsewhere += part
