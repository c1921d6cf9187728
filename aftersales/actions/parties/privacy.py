"""Who looked at a buyer's data: nothing is shown before it is on record."""

from collections.abc import Sequence
from datetime import datetime

from aftersales.actions import case_log, gate
from aftersales.models import Case
from aftersales.rules.actor import Actor


@gate.transactional
def reveal(case_id: int, fields: Sequence[str], *, by: Actor, at: datetime) -> Case:
    """Put on record that somebody sees these fields of the buyer unmasked; Forbidden without the right."""
    case = gate.locked(case_id)
    role = gate.role_to("reveal", by, case)
    # On record before it is shown: where the row can not be written, nothing is returned.
    case_log.put(case, "reveal", role=role, by=by, at=at, data={"revealed": list(fields)})
    return case
