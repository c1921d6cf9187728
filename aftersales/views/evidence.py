"""Photos of a case, only for those who may see the case."""

import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from PIL import Image

from aftersales.models import Evidence
from aftersales.rules.photo import ENDINGS
from aftersales.views.access import DeskRequest, case_or_404, page
from logistics.models import LoosePhoto

SIZES: Final = frozenset({"240"})  # pixels of the longer side
KEPT_BY_BROWSER: Final = "private, max-age=3600, immutable"


@page("cases")
@require_safe
def photo(request: DeskRequest, number: str, pk: int) -> HttpResponseBase:
    """One photo, `?size=240` for a small one, `?download` to keep it; nothing in it is ever run."""
    row = get_object_or_404(Evidence, pk=pk, case=case_or_404(request, number))
    return served(request, row, name=f"{number}-{row.pk}")


def served(request: DeskRequest, row: Evidence | LoosePhoto, *, name: str) -> HttpResponseBase:
    """The file of a row, for who has been found to see it."""
    path = Path(settings.EVIDENCE_ROOT) / row.path
    if request.GET.get("size") in SIZES:
        path = _small(path, int(request.GET["size"]))
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"),
        as_attachment="download" in request.GET,
        filename=f"{name}.{ENDINGS[row.mime_type]}",
        content_type=row.mime_type,
    )
    response["Cache-Control"] = KEPT_BY_BROWSER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _small(path: Path, side: int) -> Path:
    """The photo at most `side` pixels wide and high; made once, then kept beside the big one."""
    small = path.with_name(f"{path.stem}.{side}{path.suffix}")
    if small.exists() or not path.is_file():
        return small
    with Image.open(path) as picture:
        kind = picture.format
        picture.thumbnail((side, side))
        # Written whole under a name of its own first: another request may ask for it at the same moment.
        part = path.with_name(f"{secrets.token_hex(8)}.part")
        picture.save(part, kind, quality=82)
    part.replace(small)
    return small
