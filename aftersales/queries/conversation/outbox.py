"""Messages that can still be taken back, or that could not be sent."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from aftersales.models import Outgoing
from orders.db.compiled_query import CompiledQuery

WAITING = CompiledQuery(lambda user: Outgoing.objects.filter(user=user).select_related("case").order_by("pk"), int)


@dataclass(frozen=True)
class Waiting:
    """A message in the outbox, and for how many more seconds it can be taken back."""

    row: Outgoing
    seconds_left: int


def waiting(user_id: int, at: datetime) -> list[Waiting]:
    """The person's messages that can still be taken back, or that could not be sent; one query."""
    # A message that is due and not yet swept has been sent as far as its author is concerned.
    rows = [row for row in WAITING(user_id) if row.refused or row.send_at > at]
    return [Waiting(row, ceil((row.send_at - at).total_seconds())) for row in rows]
