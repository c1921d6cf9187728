"""Photos of a case: kept under random names outside the web root."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.models import Case, Evidence, InspectedUnit
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import ENDINGS, Photo
from aftersales.rules.vocabulary import Role
from logistics.models import UnidentifiedPhoto
from orders.refusals import Refused

MOST_PER_CASE = 60
KEPT = ("name", "path", "mime_type", "size", "width", "height", "sha256")


@gate.transactional
def add(case_id: int, photos: Sequence[Photo], *, by: Actor, at: datetime) -> list[Evidence]:
    """Attach photos to a case; Refused above 60 of them."""
    case = gate.locked(case_id)
    role = gate.role_to("evidence", by, case)
    kept = store(case, photos, role=role, user_id=by.user_id, at=at)
    case_log.put(case, "evidence", role=role, by=by, at=at, data={"count": len(kept)})
    return kept


def store(
    case: Case,
    photos: Sequence[Photo],
    *,
    role: Role,
    user_id: int | None,
    at: datetime,
    unit: InspectedUnit | None = None,
) -> list[Evidence]:
    """Write the files, then the rows; a file without a row is harmless, a row without a file is not."""
    if case.evidence.count() + len(photos) > MOST_PER_CASE:
        raise Refused(_("A case takes at most %(most)d photos.") % {"most": MOST_PER_CASE})
    return Evidence.objects.bulk_create(
        Evidence(
            case=case,
            unit=unit,
            round_number=case.round_number,
            role=role,
            user_id=user_id,
            added_at=at,
            **kept(photo),
        )
        for photo in photos
    )


def adopt(case: Case, photos: Sequence[UnidentifiedPhoto], *, role: Role, user_id: int | None, at: datetime) -> None:
    """Photos of a parcel that has found its case are evidence there; as many as the case still takes."""
    room = max(MOST_PER_CASE - case.evidence.count(), 0) if photos else 0
    Evidence.objects.bulk_create(
        Evidence(
            case=case,
            round_number=case.round_number,
            role=role,
            user_id=user_id,
            added_at=at,
            **{name: getattr(photo, name) for name in KEPT},
        )
        for photo in photos[:room]
    )


def kept(photo: Photo) -> dict[str, Any]:
    """The file is written; what is to be remembered of it, by name."""
    values = (
        photo.name,
        _write(photo),
        photo.mime_type,
        len(photo.content),
        photo.width,
        photo.height,
        photo.sha256,
    )
    return dict(zip(KEPT, values, strict=True))


def _write(photo: Photo) -> str:
    name = f"{secrets.token_hex(20)}.{ENDINGS[photo.mime_type]}"
    folder = Path(settings.EVIDENCE_ROOT) / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(photo.content)
    return f"{name[:2]}/{name}"
