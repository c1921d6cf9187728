"""Acts for many cases: chosen in a list, looked at before they begin, watched, tried again, taken along as a file."""

import csv
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
from aftersales.queries.console.bulk import Picked
from aftersales.queries.conversation import canned_replies
from aftersales.rules.conversation import placeholders
from aftersales.rules.phrases import money_text
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, page
from aftersales.views.console.queue_parts import LIST, asked
from orders.importers.rejects import harmless
from orders.refusals import Refused

SHOWN: Final = 50
DEPENDING: Final = frozenset({BulkAct.ASSIGN, BulkAct.TEAM, BulkAct.MESSAGE})  # what is told depends on what is chosen
DANGER: Final = frozenset({BulkAct.REJECT})


@page("bulk")
@require_POST
@vary_on_headers("HX-Request")
def choose(request: DeskRequest) -> HttpResponse:
    """What would happen to the selected cases; with `go` the job is begun."""
    by, action = actor(request), request.POST.get("action", "")
    if action not in dict(bulk.acts_for(by.roles)):
        if action in bulk.RIGHTS:
            raise PermissionDenied
        return _nothing(request, _("Choose what is to be done with the selected cases."))
    selected, is_cut = _selected(request)
    if not selected:
        return _nothing(request, _("No case is selected: go back to the list and select some."))
    goes = "go" in request.POST
    form = forms.FORMS[action](request.POST if goes or "again" in request.POST else None, user=request.user)
    if not goes or not form.is_valid():
        return _chosen(request, action, form, selected, is_cut=is_cut, status=422 if goes else 200)

    def act() -> str:
        job = actions.begin(
            action, form.terms(), selected, by=request.user, at=timezone.now(), language=get_language() or ""
        )
        return reverse("aftersales:bulk-job", args=[job.pk])

    def again(refusal: Refused) -> HttpResponse:
        return _chosen(request, action, form, selected, is_cut=is_cut, refusal=str(refusal))

    return submissions.perform(request, act, again=again)


@page("bulk")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """The last jobs: the person's own, for supervisors everybody's."""
    jobs = list(bulk.jobs_for(request.user)[:SHOWN])
    counted = bulk.outcomes(jobs)
    return render(request, "console/bulk/list.html", {"jobs": [(job, _told(counted[job.pk])) for job in jobs]})


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
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("Case"), _("What"), _("Result"), _("Reason"), _("At")])
    for row in job.rows.select_related("case").order_by("pk").iterator():
        at = timezone.localtime(row.done_at).strftime("%Y-%m-%d %H:%M:%S") if row.done_at else ""
        told = [row.case.number, row.case.subject, row.get_outcome_display(), row.reason]
        writer.writerow([*map(harmless, told), at])
    return response


def _selected(request: DeskRequest) -> tuple[list[Picked], bool]:
    """The cases by their marks, or all that fit the list; whether there were more than one job takes."""
    if not request.POST.get("every"):
        return forms.picked([request.POST.get("selected", ""), *request.POST.getlist("case")]), False
    query, user, now = QueryDict(request.POST.get("from", "")[:2000]), request.user, timezone.now()
    names = (*queue.NAMES, "saved")
    given = {name: text for name in names if (text := lists.clean(query.get(name, "")))}
    found = queue.page(user, asked(user, given, now).params, now, size=bulk.MOST)
    return [Picked(row["id"], row["version"]) for row in found.rows], bool(found.after)


def _chosen(
    request: DeskRequest,
    action: str,
    form: forms.TermsForm,
    selected: list[Picked],
    *,
    is_cut: bool,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    terms = form.terms() if form.is_bound and form.is_valid() else {}
    told = bulk.preview(action, terms, selected, user=request.user, by=actor(request), at=timezone.now())
    context = {
        "action": action,
        "label": BulkAct(action).label,
        "form": form,
        "told": told,
        "sums": [money_text(amount, currency) for currency, amount in sorted(told.sums.items())],
        "reads": _reads(told.example, terms, request),
        "count": len(selected),
        "is_cut": is_cut,
        "selected": forms.marks(selected),
        "is_danger": action in DANGER,
        "depends": action in DEPENDING,
        "refusal": refusal,
        "once": submissions.new_key(),
        "is_dialog": bool(request.htmx),
    }
    return render(
        request, "console/bulk/_choose.html" if request.htmx else "console/bulk/choose.html", context, status=status
    )


def _reads(case: Case | None, terms: dict[str, Any], request: DeskRequest) -> dict[str, Any] | None:
    """What is sent, as it reads in the first case; nothing for other acts."""
    if case is None or not (terms.get("text") or terms.get("reply")):
        return None
    text = canned_replies.written(case, request.user, timezone.now(), text=terms["text"], pk=terms.get("reply"))
    return {"case": case.number, "text": text, "gaps": placeholders.gaps(text)} if text else None


def _nothing(request: DeskRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "is_dialog": bool(request.htmx)}
    template = "console/bulk/_nothing.html" if request.htmx else "console/bulk/nothing.html"
    return render(request, template, context, status=422)


def _job(request: DeskRequest, job: BulkJob, refusal: str = "") -> HttpResponse:
    counted, wanted = bulk.outcomes([job])[job.pk], lists.clean(request.GET.get("show", ""))
    rows = job.rows.select_related("case")
    rows = rows.filter(outcome=wanted) if wanted in counted else rows
    before, after = (lists.clean(request.GET.get(mark, "")) for mark in lists.MARKS)
    found = keyset.page(rows, "id", size=SHOWN, before=before, after=after)
    address = reverse("aftersales:bulk-job", args=[job.pk])
    context: dict[str, Any] = {
        "job": job,
        "rows": found.rows,
        "counted": _told(counted),
        "total": sum(counted.values()),
        "done": sum(number for name, number in counted.items() if name != BulkRow.Outcome.WAITING),
        "again_count": sum(counted.get(name, 0) for name in bulk.AGAIN),
        "is_mine": job.made_by_id == request.user.pk,
        "show": wanted if wanted in counted else "",
        "refusal": refusal,
        "once": submissions.new_key(),
        "newer_url": _at(address, wanted, before=found.before),
        "older_url": _at(address, wanted, after=found.after),
        "back_url": reverse(LIST),
    }
    return render(request, "console/bulk/_job.html" if request.htmx else "console/bulk/job.html", context)


def _told(counted: dict[str, int]) -> list[tuple[str, object, int]]:
    """Outcomes with their names and how many rows ended so."""
    return [(name, BulkRow.Outcome(name).label, number) for name, number in counted.items()]


def _at(address: str, show: str, **mark: str) -> str:
    """The job's rows from a mark on; nothing without one."""
    query = QueryDict(mutable=True)
    query.update({name: text for name, text in {"show": show, **mark}.items() if text})
    return f"{address}?{query.urlencode()}" if any(mark.values()) else ""
