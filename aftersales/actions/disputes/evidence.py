"""Photos of a case, stored under random names outside the web root."""

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
FILE_FIELDS = ("name", "path", "mime_type", "size", "width", "height", "sha256")


@gate.transactional
def add(case_id: int, photos: Sequence[Photo], *, by: Actor, at: datetime) -> list[Evidence]:
    """Attach photos to a case; Refused when it would have more than 60."""
    case = gate.locked(case_id)
    role = gate.role_to("evidence", by, case)
    stored = store(case, photos, role=role, user_id=by.user_id, at=at)
    case_log.put(case, "evidence", role=role, by=by, at=at, data={"count": len(stored)})
    return stored


def store(
    case: Case,
    photos: Sequence[Photo],
    *,
    role: Role,
    user_id: int | None,
    at: datetime,
    unit: InspectedUnit | None = None,
) -> list[Evidence]:
    """Write files and rows of photos, of an inspected unit or of the whole case; the caller has locked the case."""
    if case.evidence.count() + len(photos) > MOST_PER_CASE:
        raise Refused(_("A case takes at most %(most)d photos.") % {"most": MOST_PER_CASE})
    # Files first: if the transaction fails, a file without a row harms nobody, a row without a file would.
    return Evidence.objects.bulk_create(
        Evidence(**_facts(case, role, user_id, at), unit=unit, **written(photo)) for photo in photos
    )


def adopt(case: Case, photos: Sequence[UnidentifiedPhoto], *, role: Role, user_id: int | None, at: datetime) -> None:
    """Take photos of an unidentified parcel over as evidence of its case, as many as the case still takes."""
    room = max(MOST_PER_CASE - case.evidence.count(), 0) if photos else 0
    Evidence.objects.bulk_create(
        Evidence(**_facts(case, role, user_id, at), **{name: getattr(photo, name) for name in FILE_FIELDS})
        for photo in photos[:room]
    )


def _facts(case: Case, role: Role, user_id: int | None, at: datetime) -> dict[str, Any]:
    return {"case": case, "round_number": case.round_number, "role": role, "user_id": user_id, "added_at": at}


def written(photo: Photo) -> dict[str, Any]:
    """Write the file; returns the fields that a row stores of it."""
    values = (
        photo.name,
        _write(photo),
        photo.mime_type,
        len(photo.content),
        photo.width,
        photo.height,
        photo.sha256,
    )
    return dict(zip(FILE_FIELDS, values, strict=True))


def _write(photo: Photo) -> str:
    # Random, so that nobody can guess the address of a photo from its case or its content.
    name = f"{secrets.token_hex(20)}.{ENDINGS[photo.mime_type]}"
    folder = Path(settings.EVIDENCE_ROOT) / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(photo.content)
    return f"{name[:2]}/{name}"
