"""The form of an invoice task that is done."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField
from aftersales.forms.orders.invoice_headers import HeaderForm
from aftersales.models import InvoiceTask


class InvoiceTaskForm(HeaderForm):
    """The number under which the invoice was reversed or issued anew; anew also to whom."""

    reference = PlainTextField(label=_("Number of the credit note or of the new invoice"), max_length=64)
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, invoice_task: InvoiceTask, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", str(invoice_task.pk))
        kwargs.setdefault("initial", {"title": invoice_task.title, "tax_number": invoice_task.tax_number})
        kwargs.setdefault("auto_id", f"id_{kwargs.get('prefix', '')}_%s")
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        if invoice_task.kind != InvoiceTask.Kind.INVOICE_REISSUE:
            del self.fields["title"], self.fields["tax_number"]
