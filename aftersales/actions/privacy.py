"""Who looked at a buyer's data: nothing is shown before it is on record."""

from collections.abc import Sequence
from datetime import datetime

from aftersales.actions import gate
from aftersales.models import Case, Event
from aftersales.rules.actor import Actor


@gate.transactional
def reveal(case_id: int, fields: Sequence[str], *, by: Actor, at: datetime) -> Case:
    """Put on record that somebody sees these fields of the buyer unmasked; Forbidden without the right."""
    case = gate.locked(case_id)
    role = gate.role_to("reveal", by, case)
    Event.objects.create(
        case=case,
        happened_at=at,
        action="reveal",
        role=role,
        user_id=by.user_id,
        from_status=case.status,
        to_status=case.status,
        version=case.version,
        data={"revealed": list(fields)},
    )
    return case
