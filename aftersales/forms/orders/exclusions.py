"""What was confirmed at purchase, item by item."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField, offer_choices
from orders.models import OrderLine
from orders.models.exclusion import ConfirmedExclusion


class ExclusionForm(forms.Form):
    """Which item, as what it was confirmed, and where that can be found."""

    line = forms.TypedChoiceField(label=_("Item"), coerce=int)
    confirmed_as = forms.ChoiceField(
        label=_("Confirmed at purchase as"),
        choices=[("", _("Not confirmed")), *ConfirmedExclusion.choices],
        required=False,
    )
    proof = PlainTextField(
        label=_("Proof"),
        max_length=500,
        rows=2,
        help_text=_("Where it can be found: the number of a screenshot, a link, the day of a message."),
    )

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(
            self, "line", [(str(line.pk), " ".join(filter(None, [line.title, line.variant]))) for line in lines]
        )
