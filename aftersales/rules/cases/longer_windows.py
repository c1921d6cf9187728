"""What lets somebody ask for an item after the time of its policy is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aftersales.models import Reason


class Longer(Protocol):
    """Facts about one item, looked up only when the policy's own time is over; under the lock of its order."""

    def opened_until(self, reason: Reason) -> datetime | None:
        """Until when a supervisor has opened the window of the order for a reason; nothing where nobody has."""

    def days_in_repair(self) -> int:
        """Whole days that the item was away to be repaired: they lengthen its warranty."""


class _Usual:
    """Nothing is longer than the policy says."""

    def opened_until(self, reason: Reason) -> datetime | None:
        return None

    def days_in_repair(self) -> int:
        return 0


USUAL: Longer = _Usual()
