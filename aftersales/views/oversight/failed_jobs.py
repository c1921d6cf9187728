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

from aftersales.actions.oversight import failed_jobs, outages
from aftersales.forms.oversight.outages import OutageForm
from aftersales.queries import keyset
from aftersales.queries.oversight import failed_jobs as listings
from aftersales.rules.actor import Actor
from aftersales.views import submissions
from aftersales.views.access import actor, page
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


class Verb(Protocol):
    """An action that tries a failed job again."""

    def __call__(self, pk: int, /, *, by: Actor, at: datetime) -> object:
        """Refused when there is nothing to try again, ObjectDoesNotExist for an unknown number."""


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
    """Failed jobs of the kind that `list` names, or of the first kind that has some."""
    return _shown(request, request.GET.get("list", ""))


@page("trouble")
@require_POST
def again(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Try one failed job again; who did is recorded."""
    # Kinds stand in the address, which anybody can type.
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
    """Ask for the times, say how many deadlines an outage would move, then declare it."""
    if request.method != "POST":
        return _outage_form(request, OutageForm(request.GET if "started_at" in request.GET else None))
    form = OutageForm(request.POST)
    if not form.is_valid():
        return _outage_form(request, form, status=422)
    return submissions.perform(
        request,
        lambda: _declare(form, actor(request)),
        again=lambda refusal: _outage_form(request, form, refusal),
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
    outages.declare(
        started_at=data["started_at"],
        ended_at=data["ended_at"],
        reason=data["reason"],
        user_id=by.user_id,
        at=timezone.now(),
    )
    return f"{reverse('aftersales:trouble')}?list=outage"


def _outage_form(
    request: HttpRequest, form: OutageForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    count = None
    if form.is_bound and form.is_valid():
        count = listings.would_move(form.cleaned_data["started_at"], form.cleaned_data["ended_at"])
    context = {"form": form, "count": count, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "oversight/failed_jobs/outage.html", context, status=status)


def _shown(request: HttpRequest, name: str, refusal: Refused | None = None) -> HttpResponse:
    counts = listings.counts(timezone.now())
    name = name if name in LABELS else next((kind for kind in LABELS if counts[kind]), "deadline")
    context: dict[str, Any] = {"list": name, "tabs": _tabs(counts, name), "refusal": refusal}
    context |= {"outages": listings.outages()} if name == "outage" else _rows(request, name)
    return render(request, "oversight/failed_jobs/list.html", context)


def _rows(request: HttpRequest, kind: str) -> dict[str, Any]:
    page = listings.page(kind, **marks(request))
    return {
        "rows": [(row, submissions.new_key()) for row in listings.described(kind, page.rows)],
        "of_cases": kind in listings.OF_CASES,
        **neighbours(page, reverse("aftersales:trouble"), list=kind),
    }


def _tabs(counts: dict[str, int], present: str) -> list[dict[str, Any]]:
    address = reverse("aftersales:trouble")
    return [
        {
            "url": f"{address}?list={kind}",
            "label": label,
            "count": keyset.capped_text(counts[kind]),
            "current": kind == present,
        }
        for kind, label in LABELS.items()
    ]
