"""Photos of a case, stored under random names outside the web root."""

from collections.abc import Sequence
from datetime import datetime

from aftersales.actions import admitted, case_log, gate
from aftersales.actions.disputes.stored_photos import FILE_FIELDS, MOST_PER_CASE, facts
from aftersales.actions.disputes.stored_photos import store as store
from aftersales.actions.disputes.stored_photos import written as written
from aftersales.models import Case, Evidence
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Role
from logistics.models import UnidentifiedPhoto


@gate.transactional
def add(case_id: int, photos: Sequence[Photo], *, by: Actor, at: datetime) -> list[Evidence]:
    """Attach photos to a case; Refused once the time for evidence is over, or when it would have more than 60."""
    case, role = admitted.to("evidence", case_id, by=by, at=at)
    stored = store(case, photos, role=role, user_id=by.user_id, at=at)
    case_log.put(case, "evidence", role=role, by=by, at=at, data={"count": len(stored)})
    return stored


def adopt(case: Case, photos: Sequence[UnidentifiedPhoto], *, role: Role, user_id: int | None, at: datetime) -> None:
    """Take photos of an unidentified parcel over as evidence of its case, as many as the case still takes."""
    room = max(MOST_PER_CASE - case.evidence.count(), 0) if photos else 0
    Evidence.objects.bulk_create(
        Evidence(**facts(case, role, user_id, at), **{name: getattr(photo, name) for name in FILE_FIELDS})
        for photo in photos[:room]
    )
