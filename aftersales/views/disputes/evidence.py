"""Photos of a case, only for those who may see the case: whole, small, and what is known of them."""

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

from aftersales.models import Evidence
from aftersales.queries.cases import wording
from aftersales.rules.disputes.photo import ENDINGS
from aftersales.views.access import DeskRequest, case_or_404, page
from logistics.models import UnidentifiedPhoto

SIZES: Final = frozenset({"240", "1280"})  # pixels of the longer side: in a row of photos, in the viewer
KEPT_BY_BROWSER: Final = "private, max-age=3600, immutable"


@page("cases")
@require_safe
def photo(request: DeskRequest, number: str, pk: int) -> HttpResponseBase:
    """One photo, `?size=240` for a small one, `?download` to keep it; nothing in it is ever run."""
    case = case_or_404(request, number)
    row = get_object_or_404(Evidence.objects.select_related("user"), pk=pk, case=case)
    by = wording.who(case, row.role, row.user)
    return served(request, row, name=f"{number}-{row.pk}", by=by, at=row.added_at)


@login_required
@require_safe
def viewer(request: DeskRequest) -> HttpResponseBase:
    """The frame in which photos are looked at; a script asks for it when somebody wants one."""
    return render(request, "components/photos/viewer.html")


def served(
    request: DeskRequest, row: Evidence | UnidentifiedPhoto, *, name: str, by: str, at: datetime
) -> HttpResponseBase:
    """The file of a row, for who has been found to see it; `?about` says what, whose and from when it is."""
    if "about" in request.GET:
        return render(request, "components/photos/about.html", {"photo": row, "by": by, "at": at})
    path = Path(settings.EVIDENCE_ROOT) / row.path
    side = int(request.GET["size"]) if request.GET.get("size") in SIZES else 0
    if 0 < side < max(row.width, row.height):
        path = _small(path, side)
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
