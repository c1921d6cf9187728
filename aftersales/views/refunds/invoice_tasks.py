"""Invoice tasks that follow from cases: the waiting ones, and the form that says one is done."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aftersales.actions.refunds import invoice_tasks as actions
from aftersales.forms.refunds.invoice_tasks import InvoiceTaskForm
from aftersales.models import InvoiceTask, User
from aftersales.queries.refunds import invoice_tasks
from aftersales.views import submissions
from aftersales.views.access import actor, page
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


@page("invoice_tasks")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Every waiting task, the oldest first."""
    return _shown(request)


@page("invoice_tasks")
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a task is done, under the number of the new invoice or red letter."""
    task = get_object_or_404(invoice_tasks.visible(cast(User, request.user)), pk=pk)
    form = InvoiceTaskForm(request.POST, invoice_task=task)
    if not form.is_valid():
        return _shown(request, task, form, status=422)
    return submissions.perform(
        request,
        lambda: _done(request, task, form),
        again=lambda refusal: _shown(request, task, form, refusal),
        done=_("Done."),
    )


def _done(request: HttpRequest, task: InvoiceTask, form: InvoiceTaskForm) -> str:
    said = form.cleaned_data
    header = (said["title"], said["tax_number"]) if "title" in said else None
    terms = {"reference": said["reference"], "note": said["note"], "header": header}
    actions.done(task.pk, by=actor(request), at=timezone.now(), **terms)
    return reverse("aftersales:invoice_tasks")


def _shown(
    request: HttpRequest,
    task: InvoiceTask | None = None,
    form: InvoiceTaskForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = invoice_tasks.waiting(cast(User, request.user), **marks(request))
    cards = [
        {
            "invoice_task": each,
            "form": form if form is not None and task == each else InvoiceTaskForm(invoice_task=each),
            "once": submissions.new_key(),
        }
        for each in rows.rows
    ]
    context = {"cards": cards, "refusal": refusal, **neighbours(rows, reverse("aftersales:invoice_tasks"))}
    return render(request, "refunds/invoice_tasks/list.html", context, status=status)
