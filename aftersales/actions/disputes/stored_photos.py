"""Photos of a case, written as files under random names outside the web root, each with its row."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aftersales.models import Case, Evidence, InspectedUnit
from aftersales.rules.disputes.photo import ENDINGS, Photo
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused

MOST_PER_CASE = 60
FILE_FIELDS = ("name", "path", "mime_type", "size", "width", "height", "sha256")


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
    if not photos:
        return []
    if case.evidence.count() + len(photos) > MOST_PER_CASE:
        raise Refused(_("A case takes at most %(most)d photos.") % {"most": MOST_PER_CASE})
    # Files first: if the transaction fails, a file without a row harms nobody, a row without a file would.
    return Evidence.objects.bulk_create(
        Evidence(**facts(case, role, user_id, at), unit=unit, **written(photo)) for photo in photos
    )


def facts(case: Case, role: Role, user_id: int | None, at: datetime) -> dict[str, Any]:
    """What a row says of a photo beside its file."""
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
