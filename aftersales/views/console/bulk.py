"""Acts for many cases: previewed, begun, watched, cancelled, tried again, exported."""

import csv
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.actions.console import bulk as actions
from aftersales.forms.console import bulk as forms
from aftersales.models import BulkAct, BulkJob, BulkRow, Case
from aftersales.queries import keyset
from aftersales.queries.console import bulk, queue
from aftersales.queries.console.bulk import Selected
from aftersales.queries.conversation import canned_replies
from aftersales.rules.conversation import placeholders
from aftersales.rules.phrases import money_text
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.console import queue_list
from aftersales.views.console.queue_list import LIST
from aftersales.views.paging import marks, neighbours
from orders.importers.rejects import harmless

SHOWN: Final = 50
DEPENDING: Final = frozenset({BulkAct.ASSIGN, BulkAct.TEAM, BulkAct.MESSAGE})  # the preview depends on the form
DANGER: Final = frozenset({BulkAct.REJECT})


@dataclass(frozen=True)
class Choice:
    """An act with its form and the cases it is for; `is_cut` when more were selected than one job takes."""

    action: str
    form: forms.TermsForm
    selected: list[Selected]
    is_cut: bool


@page("bulk")
@require_POST
@vary_on_headers("HX-Request")
def choose(request: DeskRequest) -> HttpResponse:
    """What would happen to the selected cases; with `go` the job is begun."""
    action = request.POST.get("action", "")
    if action not in dict(bulk.acts_for(actor(request).roles)):
        if action in bulk.RIGHTS:
            raise PermissionDenied
        return _nothing(request, _("Choose what is to be done with the selected cases."))
    selected, is_cut = _selected(request)
    if not selected:
        return _nothing(request, _("No case is selected: go back to the list and select some."))
    is_sent = "go" in request.POST
    data = request.POST if is_sent or "again" in request.POST else None
    choice = Choice(action, forms.FORMS[action](data, user=request.user), selected, is_cut)
    if not is_sent or not choice.form.is_valid():
        return _preview(request, choice, status=422 if is_sent else 200)
    return _begin(request, choice)


def _begin(request: DeskRequest, choice: Choice) -> HttpResponse:
    def act() -> str:
        terms, language = choice.form.terms(), get_language() or ""
        job = actions.begin(
            choice.action, terms, choice.selected, by=request.user, at=timezone.now(), language=language
        )
        return reverse("aftersales:bulk-job", args=[job.pk])

    return submissions.perform(request, act, again=lambda refusal: _preview(request, choice, str(refusal)))


@page("bulk")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """The last jobs: the person's own, for supervisors everybody's."""
    jobs = list(bulk.jobs_for(request.user)[:SHOWN])
    counted = bulk.outcomes(jobs)
    return render(request, "console/bulk/list.html", {"jobs": [(job, _named(counted[job.pk])) for job in jobs]})


@page("bulk")
@require_safe
@vary_on_headers("HX-Request")
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """A job: how far it is, and what became of each case."""
    return _job(request, get_object_or_404(bulk.jobs_for(request.user), pk=pk))


@page("bulk")
@require_POST
def cancel(request: DeskRequest, pk: int) -> HttpResponse:
    """Do no more of it."""
    job = get_object_or_404(bulk.jobs_for(request.user), pk=pk)
    if actions.cancel(job, at=timezone.now()):
        messages.success(request, _("Cancelled: what was done stays done, nothing more is."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect("aftersales:bulk-job", pk)


@page("bulk")
@require_POST
def retry(request: DeskRequest, pk: int) -> HttpResponse:
    """Begin a new job for what was not done."""
    job = get_object_or_404(bulk.jobs_for(request.user), pk=pk)

    def act() -> str:
        begun = actions.retry(job, by=request.user, at=timezone.now(), language=get_language() or "")
        return reverse("aftersales:bulk-job", args=[begun.pk])

    return submissions.perform(request, act, again=lambda refusal: _job(request, job, str(refusal)))


@page("bulk")
@require_safe
def export(request: DeskRequest, pk: int) -> HttpResponse:
    """The result of each case as a file, harmless in a spreadsheet."""
    job = get_object_or_404(bulk.jobs_for(request.user), pk=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bulk-{job.pk}.csv"'
    response.write("\ufeff")  # without this sign Excel reads Chinese as something else
    writer = csv.writer(response)
    writer.writerow([_("Case"), _("What"), _("Result"), _("Reason"), _("At")])
    writer.writerows(_cells(row) for row in job.rows.select_related("case").order_by("pk").iterator())
    return response


def _cells(row: BulkRow) -> list[object]:
    done_at = timezone.localtime(row.done_at).strftime("%Y-%m-%d %H:%M:%S") if row.done_at else ""
    return [*map(harmless, [row.case.number, row.case.subject, row.get_outcome_display(), row.reason]), done_at]


def _selected(request: DeskRequest) -> tuple[list[Selected], bool]:
    """The cases that were ticked, or all that fit the list; and whether these are more than one job takes."""
    if not request.POST.get("every"):
        return forms.selection([request.POST.get("selected", ""), *request.POST.getlist("case")]), False
    query, user, now = QueryDict(request.POST.get("from", "")[:2000]), request.user, timezone.now()
    names = (*queue.NAMES, "saved")
    given = {name: text for name in names if (text := lists.clean(query.get(name, "")))}
    found = queue.page(user, queue_list.read(user, given, now).params, now, size=bulk.MOST)
    return [Selected(row["id"], row["version"]) for row in found.rows], bool(found.after)


def _preview(request: DeskRequest, choice: Choice, refusal: str = "", status: int = 200) -> HttpResponse:
    form, action = choice.form, choice.action
    terms = form.terms() if form.is_bound and form.is_valid() else {}
    preview = bulk.preview(action, terms, choice.selected, user=request.user, by=actor(request), at=timezone.now())
    context = {
        "action": action,
        "label": BulkAct(action).label,
        "form": form,
        "preview": preview,
        "sums": [money_text(amount, currency) for currency, amount in sorted(preview.sums.items())],
        "reads": _reads(preview.example, terms, request),
        "count": len(choice.selected),
        "is_cut": choice.is_cut,
        "selected": forms.selection_text(preview.seen),
        "is_danger": action in DANGER,
        "depends": action in DEPENDING,
        "refusal": refusal,
        "once": submissions.new_key(),
        "is_dialog": bool(request.htmx),
    }
    template = "console/bulk/_choose.html" if request.htmx else "console/bulk/choose.html"
    return render(request, template, context, status=status)


def _reads(case: Case | None, terms: dict[str, Any], request: DeskRequest) -> dict[str, Any] | None:
    """The text as it reads in the first case; None for acts that write none."""
    if case is None or not (terms.get("text") or terms.get("reply")):
        return None
    text = canned_replies.written(case, request.user, timezone.now(), text=terms["text"], pk=terms.get("reply"))
    return {"case": case.number, "text": text, "gaps": placeholders.gaps(text)} if text else None


def _nothing(request: DeskRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "is_dialog": bool(request.htmx)}
    template = "console/bulk/_nothing.html" if request.htmx else "console/bulk/nothing.html"
    return render(request, template, context, status=422)


def _job(request: DeskRequest, job: BulkJob, refusal: str = "") -> HttpResponse:
    counted = bulk.outcomes([job])[job.pk]
    context: dict[str, Any] = {
        "job": job,
        "counted": _named(counted),
        "total": sum(counted.values()),
        "done": sum(number for name, number in counted.items() if name != BulkRow.Outcome.WAITING),
        "again_count": sum(counted.get(name, 0) for name in bulk.NOT_DONE),
        "is_mine": job.made_by_id == request.user.pk,
        "refusal": refusal,
        "once": submissions.new_key(),
        "back_url": reverse(LIST),
        **_rows(request, job, counted),
    }
    return render(request, "console/bulk/_job.html" if request.htmx else "console/bulk/job.html", context)


def _rows(request: DeskRequest, job: BulkJob, counted: dict[str, int]) -> dict[str, Any]:
    """A page of the job's rows, those with the outcome in the address, and where its neighbours are."""
    wanted = lists.clean(request.GET.get("show", ""))
    show = wanted if wanted in counted else ""
    rows = job.rows.filter(outcome=show) if show else job.rows.all()
    found = keyset.page(rows.select_related("case"), "id", size=SHOWN, **marks(request))
    address = reverse("aftersales:bulk-job", args=[job.pk])
    return {"rows": found.rows, "show": show, **neighbours(found, address, show=show)}


def _named(counted: dict[str, int]) -> list[tuple[str, object, int]]:
    """Outcomes with their names and numbers of rows."""
    return [(name, BulkRow.Outcome(name).label, number) for name, number in counted.items()]
