"""The header of an order's invoice: a person tells it, and imports leave it as it was told."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import InvoiceHeader, InvoiceTask
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from orders import entitlement
from orders.models import Order
from orders.refusals import Refused


@gate.transactional
def record(
    order_id: int, *, title: str, tax_number: str = "", invoice_number: str = "", by: Actor, at: datetime
) -> InvoiceHeader:
    """Set title, taxpayer's number and number of the invoice; tasks that still wait are about the new header."""
    if by.role_for(rights.KEEP_INVOICE) is None or by.user_id is None:
        raise gate.Forbidden(_("Your role may not set to whom an invoice is issued."))
    order = entitlement.locked_order(order_id)
    if by.merchant_id is not None and by.merchant_id != order.merchant_id:
        raise gate.Forbidden(_("Your role may not set to whom an invoice is issued."))
    if not title.strip():
        raise Refused(_("Say to whom the invoice is issued."))
    told = {"invoice_title": title.strip(), "invoice_tax_number": tax_number, "invoice_number": invoice_number.strip()}
    Order.objects.filter(pk=order_id).update(**told)
    waiting = InvoiceTask.objects.filter(case__order=order_id, done_at__isnull=True)
    waiting.update(title=told["invoice_title"], tax_number=tax_number)
    return InvoiceHeader.objects.create(
        order_id=order_id,
        title=told["invoice_title"],
        tax_number=tax_number,
        invoice_number=told["invoice_number"],
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
