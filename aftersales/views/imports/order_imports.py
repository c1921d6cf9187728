"""Imports for supervisors: upload, preview, progress, rejected rows to download."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from aftersales.actions import wake
from aftersales.forms.imports.uploads_of_orders import UploadForm
from aftersales.views.access import page
from orders.importers import rejects, runs
from orders.importers.facts import Rejection
from orders.models import ImportRun

SHOWN = 50


@page("imports")
def listing(request: HttpRequest) -> HttpResponse:
    """The last imports, and the upload of a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    is_sent = request.method == "POST"
    run = _uploaded(request, form) if is_sent else None
    if run is not None:
        return redirect("aftersales:import", run.pk)
    recent = ImportRun.objects.select_related("merchant")[:SHOWN]
    return render(request, "imports/list.html", {"form": form, "runs": recent}, status=422 if is_sent else 200)


def _uploaded(request: HttpRequest, form: UploadForm) -> ImportRun | None:
    if not form.is_valid():
        return None
    data, person = form.cleaned_data, request.user.get_username()
    run = runs.upload(data["source"], data["tables"], merchant=data["merchant"], started_by=person, at=timezone.now())
    wake.after_commit("run_imports")
    return run


@require_safe
@page("imports")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its preview, its progress, its result."""
    run = get_object_or_404(ImportRun.objects.select_related("merchant"), pk=pk)
    # Read by now: the preview stands beside what asks.
    if "reading" in request.GET and run.status != ImportRun.Status.UPLOADED:
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "run": run,
        "rejections": run.rejections.all()[:SHOWN],
        "is_moving": run.status in runs.UNREAD,
        "shown": SHOWN,
    }
    template = "imports/_progress.html" if getattr(request, "htmx", False) else "imports/detail.html"
    response = render(request, template, context)
    # One address, two answers: a cache must not show the part for the page.
    response["Vary"] = "HX-Request"
    return response


@require_POST
@page("imports")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the import of the previewed files; a second click changes nothing."""
    run = get_object_or_404(ImportRun, pk=pk)
    if runs.start(run):
        wake.after_commit("run_imports")
        messages.success(request, _("The import has been queued."))
    else:
        messages.info(request, _("This import was started before."))
    return redirect("aftersales:import", run.pk)


@require_safe
@page("imports")
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """Rejected rows with line and reason, harmless in a spreadsheet."""
    run = get_object_or_404(ImportRun, pk=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{run.pk}.csv"'
    # Excel reads UTF-8 only behind this mark.
    response.write("\ufeff")
    rejects.write(
        (Rejection(one.file, one.line, one.order_number, one.reason, one.row) for one in run.rejections.iterator()),
        response,  # type: ignore[arg-type]  # a response takes text like a file does
    )
    return response
