"""To whom an invoice is issued: title, taxpayer's number with its check digit, number of the invoice."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField
from orders import tax_numbers


class TaxNumberField(PlainTextField):
    """A taxpayer's number: spaces and full-width signs are read; cleaned to upper case, or to nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Taxpayer's number"))
        kwargs.setdefault("help_text", _("Unified social credit code, 18 characters. Leave it empty for a person."))
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """The number as it is kept; ValidationError for what can be none."""
        number = tax_numbers.plain(super().clean(value))
        if number and not tax_numbers.is_well_formed(number):
            raise ValidationError(_("A taxpayer's number has 15 to 20 digits and capital letters."), code="form")
        return number


class HeaderForm(forms.Form):
    """A header; a check digit that does not fit is pointed out once, and kept where somebody says it is so."""

    title = PlainTextField(label=_("Invoice title"), max_length=200, help_text=_("A company or a person."))
    tax_number = TaxNumberField()
    is_as_typed = forms.BooleanField(label=_("I have checked the number: it is right"), required=False)

    def clean(self) -> dict[str, Any]:
        """Point out a number whose check digit does not fit, unless it is said to be right."""
        data = super().clean() or {}
        number = data.get("tax_number", "")
        if number and not data.get("is_as_typed") and not tax_numbers.has_right_check_digit(number):
            self.add_error(
                "tax_number",
                _("Please check the number: its check digit does not fit, so a character may be mistyped. "
                  "If it is right, tick the box below."),
            )  # fmt: skip
        return data

    @property
    def doubts(self) -> bool:
        """Whether the number was pointed out: only then is it asked whether it stands so."""
        return self.is_bound and "tax_number" in self.errors and "form" not in self._codes()

    def _codes(self) -> set[str]:
        return {error.code or "" for error in self.errors.as_data().get("tax_number", [])}


class InvoiceHeaderForm(HeaderForm):
    """The header of an order's invoice, and the number under which it was issued."""

    invoice_number = PlainTextField(
        label=_("Invoice number"), max_length=64, required=False, help_text=_("Empty: none was issued yet.")
    )
