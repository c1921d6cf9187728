"""The form behind the button that gives money back."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import AmountField, PlainTextField
from aftersales.rules.phrases import money_text


class RefundForm(MoveForm):
    """The amount, by default what the rules give back; less than that is an offer to the buyer."""

    why = PlainTextField(label=gettext_lazy("Note"), rows=2, max_length=2000, required=False)

    def __init__(self, *args: Any, total: Decimal, **kwargs: Any) -> None:
        self.total = total
        super().__init__(*args, **kwargs)

    def shape(self) -> None:
        """Add the amount, at most what the rules give back."""
        self.fields["amount"] = AmountField(
            self.case.currency,
            largest=self.total,
            label=_("To give back"),
            help_text=_("%(total)s by the rules. Less than that is an offer, which the buyer accepts or declines.")
            % {"total": money_text(self.total, self.case.currency)},
        )
        self.initial.setdefault("amount", self.total)
        self.order_fields(["amount", "why"])
