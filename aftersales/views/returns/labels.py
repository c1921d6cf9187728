"""The label for goods that come back, as a PDF file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aftersales.forms.returns.receipts import title_of
from aftersales.models import Case
from aftersales.moves import rights
from aftersales.queries.returns import return_label
from aftersales.rules.parties.masks import mask_name, mask_phone
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases.case_page import page_context
from logistics.labels import pdf
from logistics.labels.label import Item, Label


@page("cases")
@require_safe
def label(request: DeskRequest, number: str) -> HttpResponse:
    """The label as A6, or with `?size=a4` on a sheet with instructions; 409 when nothing is to come back."""
    found = case_or_404(request, number)
    if actor(request).role_for(rights.PRINT_LABEL) is None:
        raise PermissionDenied(_("Your role prints no return labels."))
    if not return_label.is_due(found):
        refusal = _("There is no label: no goods are on their way back in this case.")
        return render(request, "cases/case.html", page_context(request, found) | {"refusal": refusal}, status=409)
    size = "a4" if request.GET.get("size") == "a4" else "a6"
    headers = {"Content-Disposition": f'inline; filename="{found.number}-{size}.pdf"'}
    return HttpResponse(pdf.draw(_label(found), size), content_type="application/pdf", headers=headers)


def _label(case: Case) -> Label:
    address = case.return_address
    assert address is not None  # return_label.is_due has seen it
    parcel = return_label.parcel_of(case)
    return Label(
        case_number=case.number,
        order_number=case.order.number,
        merchant=case.merchant.name,
        buyer=mask_name(case.order.receiver_name or case.buyer.name),
        phone=mask_phone(case.order.receiver_phone or case.buyer.phone),
        contact=address.contact,
        contact_phone=address.phone,
        region=address.region,
        address=address.address,
        postcode=address.postcode,
        carrier=parcel.carrier if parcel else "",
        waybill=parcel.waybill if parcel else "",
        items=_items(case),
    )


def _items(case: Case) -> list[Item]:
    lines = case.lines.select_related("order_line").order_by("order_line_id")
    return [Item(title_of(line), line.units) for line in lines]
