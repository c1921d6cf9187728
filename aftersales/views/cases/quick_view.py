"""A case looked at from a list, without leaving it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.queries.cases import quick_view
from aftersales.views.access import DeskRequest, actor, page


@page("cases")
@require_safe
@vary_on_headers("HX-Request")
def peek(request: DeskRequest, number: str) -> HttpResponse:
    """The look for the dialog of a list; a page of its own without scripts."""
    found = quick_view.find(request.user, number)
    if found is None:
        raise Http404
    at = timezone.now()
    context = {"case": found, "now": at, **quick_view.of(found, actor(request), at)}
    return render(request, "cases/_quick_view.html" if request.htmx else "cases/quick_view.html", context)
