"""The list of parcels under way without a scan for too long."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from aftersales.queries import keyset
from aftersales.queries.returns import stuck_parcels
from aftersales.views.access import DeskRequest, page
from aftersales.views.paging import marks, neighbours

HOUR: Final = 3600


@page("stuck")
@require_safe
def parcels(request: DeskRequest) -> HttpResponse:
    """Stuck parcels, the longest without a scan first."""
    at = timezone.now()
    found = stuck_parcels.seen_by(request.user, at).select_related("merchant", "order")
    rows = keyset.page(found, *stuck_parcels.KEYS, **marks(request))
    context = {
        "now": at,
        "rows": stuck_parcels.with_cases(rows.rows, request.user),
        "hours": int(settings.PARCEL_QUIET_AFTER.total_seconds() // HOUR),
        **neighbours(rows, reverse("aftersales:stuck")),
    }
    return render(request, "returns/stuck_parcels/list.html", context)
