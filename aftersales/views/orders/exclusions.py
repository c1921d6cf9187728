"""What was confirmed at purchase of an order's items: what is on record, and the form to record it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.actions.orders import exclusions
from aftersales.forms.orders.exclusions import ExclusionForm
from aftersales.models import ExclusionRecord
from aftersales.moves import rights
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, insist, order_or_404, page
from orders.models import Order
from orders.refusals import Refused


@page("orders")
@require_http_methods(["GET", "HEAD", "POST"])
def confirmed(request: DeskRequest, number: str) -> HttpResponse:
    """The form, and every record of before; a record leads back to the order."""
    insist(actor(request), rights.CONFIRM_EXCLUSION)
    order = order_or_404(request, number)
    lines = list(order.lines.order_by("position"))
    if request.method != "POST":
        return _page(request, order, ExclusionForm(lines=lines, initial={"line": lines[0].pk if lines else None}))
    form = ExclusionForm(request.POST, lines=lines)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return submissions.perform(
        request,
        lambda: _record(request, order, form),
        again=lambda refusal: _page(request, order, form, refusal=refusal),
        done=_("Recorded: it counts for what is asked for from now on."),
    )


def _record(request: DeskRequest, order: Order, form: ExclusionForm) -> str:
    data = form.cleaned_data
    exclusions.record(
        order.pk, data["line"], data["confirmed_as"], proof=data["proof"], by=actor(request), at=timezone.now()
    )
    return reverse("aftersales:order", args=[order.number])


def _page(
    request: DeskRequest, order: Order, form: ExclusionForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    records = ExclusionRecord.objects.filter(order_line__order=order).select_related("order_line", "recorded_by")
    context = {"order": order, "form": form, "records": records, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "orders/confirmed.html", context, status=status)
