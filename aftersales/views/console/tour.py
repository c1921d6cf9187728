"""The tour of the console: six steps, shown once to everybody who works on cases, and again for who asks."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.models import User
from aftersales.queries.console import queue_sidebar
from aftersales.views.access import DeskRequest, page


@page("tour")
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def tour(request: DeskRequest) -> HttpResponse:
    """The steps as a page; to htmx the box that walks through them."""
    return render(request, "console/tour/_box.html" if request.htmx else "console/tour/tour.html")


@page("tour")
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that the tour was shown: it does not come by itself again."""
    User.objects.filter(pk=cast(User, request.user).pk).update(tour_seen_at=timezone.now())
    return HttpResponse(status=204)


@page("tour")
@require_POST
def again(request: DeskRequest) -> HttpResponse:
    """Show the tour once more, on the first case of the queue, or where it is empty on the next case opened."""
    User.objects.filter(pk=request.user.pk).update(tour_seen_at=None)
    rows = queue_sidebar.rows(request.user, timezone.now(), "", limit=1)
    return redirect("aftersales:case", rows[0].cells.number) if rows else redirect("aftersales:cases")
