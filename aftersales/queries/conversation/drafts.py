"""What somebody has typed and not sent, and what can still be taken back."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db.models import Exists, OuterRef

from aftersales.models import Draft, Outgoing, Submission
from orders.db.compiled_query import CompiledQuery

# The last keystroke may be saved after its form was sent: such a draft is over.
WAS_SENT = Exists(Submission.objects.filter(user=OuterRef("user"), key=OuterRef("once")))
DRAFT = CompiledQuery(lambda user, case: Draft.objects.filter(user=user, case=case).exclude(WAS_SENT), int, int)
WAITING = CompiledQuery(lambda user: Outgoing.objects.filter(user=user).select_related("case").order_by("pk"), int)


def draft(user_id: int, case_id: int) -> Draft | None:
    """What the person has typed into the case; one query."""
    return next(iter(DRAFT(user_id, case_id)), None)


@dataclass(frozen=True)
class Waiting:
    """A message that can be taken back, and for how many more seconds; none when it could not be sent."""

    row: Outgoing
    seconds_left: int


def waiting(user_id: int, at: datetime) -> list[Waiting]:
    """Messages of the person that can still be taken back, or that could not be sent; one query."""
    rows = [row for row in WAITING(user_id) if row.refused or row.send_at > at]
    return [Waiting(row, ceil((row.send_at - at).total_seconds())) for row in rows]
