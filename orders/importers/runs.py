"""Imports that people upload: files stored, first rows read by a sweep and shown, the rest done with a bar to watch.

The web process never looks into a file: one of some kilobytes can unpack to more than its memory holds.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.importers import SOURCES
from orders.importers.facts import OrderFacts, Rejection
from orders.importers.reading import budget
from orders.importers.reading.refusal import ReadError
from orders.importers.run import Summary, import_paths, preview
from orders.importers.storing.outcomes import Recorder
from orders.models import ImportRejection, ImportRun, Merchant
from orders.models.order import Source

# Prolonged with every batch; when it has passed, the worker is taken for dead and another one starts again.
LEASE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 3
UNREAD: Final = (ImportRun.Status.UPLOADED, ImportRun.Status.QUEUED, ImportRun.Status.RUNNING)
FILES_STORED_FOR: Final = timedelta(days=30)  # as they came, with names and addresses of buyers
PREVIEWED: Final = 20


def upload(
    source: str, files: Sequence[UploadedFile], *, merchant: Merchant | None, started_by: str, at: datetime
) -> ImportRun:
    """Store the files as they came; a worker reads their first rows, nothing of them is stored yet."""
    run = ImportRun.objects.create(
        source=source,
        merchant=merchant,
        started_by=started_by,
        created_at=at,
        files=_names(files),
        language=get_language() or "en",
    )
    _store_files(run, files)
    return run


def _names(files: Sequence[UploadedFile]) -> list[str]:
    """A name for each that a folder takes; two of one name are two files."""
    names: list[str] = []
    for file in files:
        name = _safe_name(file)
        names.append(name if name not in names else f"{len(names)}-{name}")
    return names


def _store_files(run: ImportRun, files: Sequence[UploadedFile]) -> None:
    folder = folder_of(run)
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in zip(run.files, files, strict=True):
        with (folder / name).open("wb") as out:
            shutil.copyfileobj(file, out)


def _store_preview(run: ImportRun) -> None:
    run.total_count, first = preview(SOURCES[run.source], paths_of(run), count=PREVIEWED)
    run.preview = [_preview_row(one) for one in first]
    run.status, run.hold_until, run.tries = ImportRun.Status.PREVIEW, None, 0
    run.save(update_fields=["total_count", "preview", "status", "hold_until", "tries"])


def _preview_row(one: OrderFacts | Rejection) -> dict[str, object]:
    if isinstance(one, Rejection):
        return {"number": one.order_number, "reason": str(one.reason), "line": one.line}
    return {
        "number": one.external_number,
        "status": str(one.status),
        "merchant": one.merchant_name or one.merchant_ref,
        "currency": one.currency,
        "paid": str(one.paid_total),
        "lines": [f"{line.title} × {line.quantity}" for line in one.lines][:3],
        "ordered_at": one.ordered_at.isoformat() if one.ordered_at else "",
    }


@transaction.atomic
def start(run: ImportRun) -> bool:
    """Queue a previewed import; false when somebody has started it already."""
    waiting = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.PREVIEW)
    return bool(waiting.update(status=ImportRun.Status.QUEUED))


def perform_next(at: datetime, *, record: Recorder) -> bool:
    """Read one upload, or do one queued import, or one whose worker died; false when none waits.

    `record` as in `run.import_paths`.
    """
    run = _claim(at)
    if run is None:
        return False
    try:
        with translation.override(run.language), budget.of(budget.READING):
            _store_preview(run) if run.status == ImportRun.Status.UPLOADED else _import(run, at, record)
    except (ReadError, OSError, MemoryError) as error:
        _end(run, ImportRun.Status.FAILED, at, failure=str(error))
    return True


def _import(run: ImportRun, at: datetime, record: Recorder) -> None:
    summary = _perform(run, at, record)
    _show_progress(run, summary)
    _store_rejections(run, summary.rejections)
    _end(run, ImportRun.Status.DONE, at)


def _perform(run: ImportRun, at: datetime, record: Recorder) -> Summary:
    return import_paths(
        SOURCES[run.source],
        paths_of(run),
        merchant=run.merchant,
        at=at,
        record=record,
        progress=lambda summary: _show_progress(run, summary),
    )


def remove_old_files(at: datetime) -> int:
    """Remove the files of imports from more than 30 days ago, but those still to be read; answers of how many."""
    stored = [int(folder.name) for folder in _root().glob("[0-9]*")]
    old = ImportRun.objects.filter(pk__in=stored, created_at__lt=at - FILES_STORED_FOR).exclude(status__in=UNREAD)
    runs = list(old) if stored else []
    for run in runs:
        shutil.rmtree(folder_of(run), ignore_errors=True)
    return len(runs)


def folder_of(run: ImportRun) -> Path:
    """Where the files of an import are stored."""
    return _root() / str(run.pk)


def _root() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def paths_of(run: ImportRun) -> list[Path]:
    """What the reader is given: the folder for Olist, else the files."""
    folder = folder_of(run)
    return [folder] if run.source == Source.OLIST else [folder / name for name in run.files]


@transaction.atomic
def _claim(at: datetime) -> ImportRun | None:
    run = _next_waiting(at)
    if run is None:
        return None
    # A file that kills its worker would otherwise do so for ever.
    if run.tries >= MOST_TRIES:
        with translation.override(run.language):
            _end(run, ImportRun.Status.FAILED, at, failure=_("The import was broken off three times."))
        return None
    if run.status != ImportRun.Status.UPLOADED:
        run.status, run.started_at = ImportRun.Status.RUNNING, run.started_at or at
    run.hold_until = at + LEASE
    run.tries += 1
    run.save()
    return run


def _next_waiting(at: datetime) -> ImportRun | None:
    waiting = ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
    unclaimed = Q(status__in=(ImportRun.Status.UPLOADED, ImportRun.Status.QUEUED), hold_until__isnull=True)
    abandoned = Q(status__in=UNREAD, hold_until__lte=at)
    return waiting.filter(unclaimed | abandoned).order_by("pk").first()


def _show_progress(run: ImportRun, summary: Summary) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        read_count=summary.read,
        created_count=summary.created,
        updated_count=summary.updated,
        unchanged_count=summary.unchanged,
        rejected_count=summary.rejected,
        hold_until=F("started_at") + timedelta(seconds=summary.seconds) + LEASE,
    )


def _store_rejections(run: ImportRun, rejections: Iterable[Rejection]) -> None:
    # An import whose worker died has stored some already, and starts again from the first row.
    ImportRejection.objects.filter(run=run).delete()
    ImportRejection.objects.bulk_create((_rejection_row(run, one) for one in rejections), batch_size=1000)


def _rejection_row(run: ImportRun, one: Rejection) -> ImportRejection:
    return ImportRejection(
        run=run,
        file=one.file[:255],
        line=one.line,
        order_number=one.order_number[:128],
        reason=str(one.reason),
        row=dict(one.row),
    )


def _end(run: ImportRun, status: ImportRun.Status, at: datetime, failure: str = "") -> None:
    ImportRun.objects.filter(pk=run.pk).update(status=status, ended_at=at, hold_until=None, failure=failure)


def _safe_name(file: UploadedFile) -> str:
    # Names come from people's machines: no folder, nothing hidden, nothing that a shell would read otherwise.
    name = re.sub(r"[^\w.\-]+", "_", Path(file.name or "file").name)[-100:].lstrip(".")
    return name or "file"
