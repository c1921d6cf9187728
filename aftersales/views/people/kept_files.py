"""Files of a form that waits until its person has said again who they are: on the disk, for their session alone."""

import json
import secrets
import shutil
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

FIELD: Final = "kept_files"
KEYS: Final = "_kept_files"  # in the session: which keys are its own
KEPT_SECONDS: Final = 3600
MOST: Final = 5  # forms of one session that wait at the same time; the oldest makes room


def keep(request: HttpRequest) -> str:
    """Put the files of the request aside; answers the key under which they come back, or nothing without files."""
    _tidy()
    if not request.FILES:
        return ""
    key = secrets.token_urlsafe(24)
    known: list[list[str | None]] = []
    place = _root() / key
    place.mkdir(mode=0o700, parents=True)
    for name, files in request.FILES.lists():
        for file in files:
            _write(place / str(len(known)), file)
            known.append([name, file.name, file.content_type, file.charset])
    (place / "index.json").write_text(json.dumps(known))
    request.session[KEYS] = [*request.session.get(KEYS, []), key][-MOST:]
    return key


def bring_back(request: HttpRequest) -> None:
    """Add the files that were put aside to those of the request; each set comes back once, and to its session only."""
    key = request.POST.get(FIELD, "")
    keys = request.session.get(KEYS, []) if key else []
    place = _root() / key
    if key not in keys or not (place / "index.json").exists():
        return
    request.session[KEYS] = [one for one in keys if one != key]
    for number, (field, name, content_type, charset) in enumerate(json.loads((place / "index.json").read_text())):
        stored = place / str(number)
        # Open for as long as the request; the name goes with the folder.
        opened = stored.open("rb")
        back = UploadedFile(opened, name, content_type, stored.stat().st_size, charset)
        request.FILES.appendlist(field, back)
    shutil.rmtree(place, ignore_errors=True)


def _write(place: Path, file: UploadedFile) -> None:
    file.seek(0)
    with place.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    file.seek(0)


def _tidy() -> None:
    """Remove what nobody came back for."""
    root = _root()
    if not root.exists():
        return
    for place in root.iterdir():
        if time.time() - place.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)


def _root() -> Path:
    return Path(settings.VAR_DIR) / "kept"
