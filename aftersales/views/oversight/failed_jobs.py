"""For supervisors: what is stuck and may be tried again, and outages."""

from datetime import datetime
from typing import Any, Final, Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.cases import extensions
from aftersales.actions.oversight import failed_jobs
from aftersales.forms.oversight.outages import OutageForm
from aftersales.queries import keyset
from aftersales.queries.oversight import failed_jobs as failed_job_queries
from aftersales.rules.actor import Actor
from aftersales.views import submissions
from aftersales.views.access import actor, page
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


class Verb(Protocol):
    """Tries one stuck row again."""

    def __call__(self, pk: int, /, *, by: Actor, at: datetime) -> object:
        """By whom, when."""


VERBS: Final[dict[str, Verb]] = {
    "deadline": failed_jobs.retry_deadline,
    "notice": failed_jobs.retry_notice,
    "refund": failed_jobs.retry_refund,
    "message": failed_jobs.retry_message,
    "scan": failed_jobs.retry_scan,
    "subscription": failed_jobs.retry_subscription,
    "pickup": failed_jobs.retry_pickup,
}
LABELS: Final[dict[str, Promise | str]] = {
    "deadline": gettext_lazy("Deadlines"),
    "refund": gettext_lazy("Refunds"),
    "notice": gettext_lazy("Notices"),
    "message": gettext_lazy("Carriers' messages"),
    "scan": gettext_lazy("Scans"),
    "subscription": gettext_lazy("Subscriptions"),
    "pickup": gettext_lazy("Couriers"),
    "outage": gettext_lazy("Outages"),
}


@page("trouble")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One kind at a time."""
    return _shown(request, request.GET.get("list", ""))


@page("trouble")
@require_POST
def again(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Try one row again; it goes on record."""
    if kind not in VERBS:
        raise Http404
    return submissions.perform(
        request,
        lambda: _again(VERBS[kind], kind, pk, actor(request)),
        again=lambda refusal: _shown(request, kind, refusal),
        done=_("It is tried again with the next sweep."),
    )


@page("trouble")
@require_http_methods(["GET", "HEAD", "POST"])
def outage(request: HttpRequest) -> HttpResponse:
    """First how many deadlines it would move, then the declaration."""
    is_sent = request.method == "POST"
    data = request.POST if is_sent else request.GET if "started_at" in request.GET else None
    form = OutageForm(data)
    if not is_sent or not form.is_valid():
        return _asked(request, form, status=422 if is_sent else 200)
    return submissions.perform(
        request,
        lambda: _declare(form, actor(request)),
        again=lambda refusal: _asked(request, form, refusal),
        done=_("Declared. The deadlines move with the next sweep, before the clock acts."),
    )


def _again(verb: Verb, kind: str, pk: int, by: Actor) -> str:
    try:
        verb(pk, by=by, at=timezone.now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return f"{reverse('aftersales:trouble')}?list={kind}"


def _declare(form: OutageForm, by: Actor) -> str:
    data = form.cleaned_data
    extensions.declare_outage(
        started_at=data["started_at"],
        ended_at=data["ended_at"],
        reason=data["reason"],
        user_id=by.user_id,
        at=timezone.now(),
    )
    return f"{reverse('aftersales:trouble')}?list=outage"


def _asked(request: HttpRequest, form: OutageForm, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    count = None
    if form.is_bound and form.is_valid():
        count = failed_job_queries.would_move(form.cleaned_data["started_at"], form.cleaned_data["ended_at"])
    context = {"form": form, "count": count, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "oversight/failed_jobs/outage.html", context, status=status)


def _shown(request: HttpRequest, name: str, refusal: Refused | None = None) -> HttpResponse:
    counts = failed_job_queries.counts(timezone.now())
    name = name if name in LABELS else next((kind for kind in LABELS if counts[kind]), "deadline")
    address = reverse("aftersales:trouble")
    context: dict[str, Any] = {"list": name, "tabs": _tabs(counts, name, address), "refusal": refusal}
    if name == "outage":
        context["outages"] = failed_job_queries.outages()
    else:
        rows = failed_job_queries.page(name, **marks(request))
        told = [(row, submissions.new_key()) for row in failed_job_queries.told(name, rows.rows)]
        context |= {
            "rows": told,
            "of_cases": name in failed_job_queries.OF_CASES,
            **neighbours(rows, address, list=name),
        }
    return render(request, "oversight/failed_jobs/list.html", context)


def _tabs(counts: dict[str, int], present: str, address: str) -> list[dict[str, Any]]:
    return [
        {
            "url": f"{address}?list={kind}",
            "label": label,
            "count": keyset.capped_text(counts[kind]),
            "current": kind == present,
        }
        for kind, label in LABELS.items()
    ]
