"""A case looked at from a list, without leaving it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.queries import case_peek
from aftersales.views.access import DeskRequest, actor, page


@page("cases")
@require_safe
@vary_on_headers("HX-Request")
def peek(request: DeskRequest, number: str) -> HttpResponse:
    """The look for the dialog of a list; a page of its own without scripts."""
    found = case_peek.find(request.user, number)
    if found is None:
        raise Http404
    context = {"case": found, "now": timezone.now(), **case_peek.of(found, actor(request))}
    return render(request, "cases/_peek.html" if request.htmx else "cases/peek.html", context)
