"""To whom the invoice of an order is issued: the form, and what was told before."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.actions.orders import invoice_headers
from aftersales.forms.orders.invoice_headers import InvoiceHeaderForm
from aftersales.moves import rights
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, insist, order_or_404, page
from orders.models import Order
from orders.refusals import Refused

FIELDS = {"title": "invoice_title", "tax_number": "invoice_tax_number", "invoice_number": "invoice_number"}


@page("orders")
@require_http_methods(["GET", "HEAD", "POST"])
def header(request: DeskRequest, number: str) -> HttpResponse:
    """The form with what is known; a header that is told leads back to the order."""
    insist(actor(request), rights.KEEP_INVOICE)
    order = order_or_404(request, number)
    if request.method != "POST":
        return _page(request, order, InvoiceHeaderForm(initial={to: getattr(order, of) for to, of in FIELDS.items()}))
    form = InvoiceHeaderForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return submissions.perform(
        request,
        lambda: _record(request, order, form),
        again=lambda refusal: _page(request, order, form, refusal=refusal),
        done=_("Recorded: invoices are issued to it from now on."),
    )


def _record(request: DeskRequest, order: Order, form: InvoiceHeaderForm) -> str:
    told = {name: form.cleaned_data[name] for name in FIELDS}
    invoice_headers.record(order.pk, **told, by=actor(request), at=timezone.now())
    return reverse("aftersales:order", args=[order.number])


def _page(
    request: DeskRequest, order: Order, form: InvoiceHeaderForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    records = order.invoice_headers.select_related("recorded_by")
    context = {"order": order, "form": form, "records": records, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "orders/invoice.html", context, status=status)
