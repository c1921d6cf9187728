"""The time to ask, opened once more for one order: what is on record, and the form to open it."""

from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.actions.orders import opened_windows
from aftersales.forms.orders.opened_windows import OpenWindowForm
from aftersales.models import OpenedWindow, Reason
from aftersales.models.policies.reason import ProblemClass
from aftersales.moves import rights
from aftersales.rules.policies import shop_day
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, insist, order_or_404, page
from orders.models import Order
from orders.refusals import Refused

A_FEW_DAYS: Final = timedelta(days=3)


@page("orders")
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: DeskRequest, number: str) -> HttpResponse:
    """The form, and every record of before; a record leads back to the order."""
    insist(actor(request), rights.OPEN_WINDOW)
    order = order_or_404(request, number)
    today = shop_day.of(timezone.now())
    if request.method != "POST":
        return _page(request, order, OpenWindowForm(today=today, initial=_usual(today)))
    form = OpenWindowForm(request.POST, today=today)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return submissions.perform(
        request,
        lambda: _open(request, order, form),
        again=lambda refusal: _page(request, order, form, refusal=refusal),
        done=_("Opened: the buyer can ask until the end of that day."),
    )


def _usual(today: date) -> dict[str, object]:
    """What it is mostly opened for: something that was agreed with the merchant, for the next days."""
    agreed = Reason.objects.filter(is_active=True, problem_class=ProblemClass.AGREED).first()
    return {"reason": agreed, "until": today + A_FEW_DAYS}


def _open(request: DeskRequest, order: Order, form: OpenWindowForm) -> str:
    data = form.cleaned_data
    opened_windows.open_until(
        order.pk, data["reason"], form.until_moment, why=data["why"], by=actor(request), at=timezone.now()
    )
    return reverse("aftersales:order", args=[order.number])


def _page(
    request: DeskRequest, order: Order, form: OpenWindowForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "records": OpenedWindow.objects.filter(order=order).select_related("reason", "opened_by"),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "orders/opened_window.html", context, status=status)
