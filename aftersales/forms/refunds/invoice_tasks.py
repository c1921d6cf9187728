"""The form of an invoice task that is done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField


class InvoiceTaskForm(forms.Form):
    """The number under which the invoice was reversed or issued anew."""

    reference = PlainTextField(label=_("Number of the red letter or of the new invoice"), max_length=64)
    note = PlainTextField(label=_("Note"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{kwargs.get('prefix', '')}_%s")
        super().__init__(*args, **kwargs)
