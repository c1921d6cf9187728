"""Photos of a case, for those who may see the case: whole, reduced, and with what is known of them."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from PIL import Image

from aftersales.models import Evidence, GoodsRecord
from aftersales.queries.cases import wording
from aftersales.rules.disputes.photo import ENDINGS
from aftersales.views.access import DeskRequest, case_or_404, page
from logistics.models import UnidentifiedPhoto

StoredPhoto = Evidence | UnidentifiedPhoto | GoodsRecord
SIZES: Final = frozenset({"240", "1280"})  # pixels of the longer side: in a row of photos, in the viewer
KEPT_BY_BROWSER: Final = "private, max-age=3600, immutable"


@page("cases")
@require_safe
def photo(request: DeskRequest, number: str, pk: int) -> HttpResponseBase:
    """One photo; `?size=240` for a reduced one, `?download` to save it, `?about` for what is known of it."""
    case = case_or_404(request, number)
    row = get_object_or_404(Evidence.objects.select_related("user"), pk=pk, case=case)
    by = wording.who(case, row.role, row.user)
    return photo_response(request, row, name=f"{number}-{row.pk}", by=by, at=row.added_at)


@login_required
@require_safe
def viewer(request: DeskRequest) -> HttpResponseBase:
    """The frame in which photos are looked at; a script loads it when a photo is opened."""
    return render(request, "components/photos/viewer.html")


def photo_response(request: DeskRequest, row: StoredPhoto, *, name: str, by: str, at: datetime) -> HttpResponseBase:
    """The file of a photo that the caller has found to be visible; with `?about` whose it is and from when."""
    if "about" in request.GET:
        return render(request, "components/photos/about.html", {"photo": row, "by": by, "at": at})
    path = _path(request, row)
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"),
        as_attachment="download" in request.GET,
        filename=f"{name}.{ENDINGS[row.mime_type]}",
        content_type=row.mime_type,
    )
    # Uploads are the only content here that strangers made: a browser must show it as a picture and never run it.
    response["Cache-Control"] = KEPT_BY_BROWSER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _path(request: DeskRequest, row: StoredPhoto) -> Path:
    path = Path(settings.EVIDENCE_ROOT) / str(row.path)
    side = int(request.GET["size"]) if request.GET.get("size") in SIZES else 0
    return _reduced(path, side) if 0 < side < max(row.width, row.height) else path


def _reduced(path: Path, side: int) -> Path:
    """The photo with its longer side at most `side` pixels; made once, then stored beside the whole one."""
    small = path.with_name(f"{path.stem}.{side}{path.suffix}")
    if small.exists() or not path.is_file():
        return small
    with Image.open(path) as picture:
        kind = picture.format
        picture.thumbnail((side, side))
        # Written under another name first: a request at the same moment must not read half a file.
        part = path.with_name(f"{secrets.token_hex(8)}.part")
        picture.save(part, kind, quality=82)
    part.replace(small)
    return small
