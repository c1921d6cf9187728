"""Fields for what people type: text without hidden characters, sums in the currency of the order."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import money

LONGEST_TEXT: Final = 5000

# NUL and other controls, zero-width characters, marks that turn the direction of writing: they hide what a text says.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def plain(text: str) -> str:
    """The text without characters that nobody sees; line ends as one newline."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Set what can be chosen in a field of this form, not of its class."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Set which rows can be chosen in a field of this form, not of its class."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


class PlainTextField(forms.CharField):
    """Text without hidden characters, at most 5,000 unless told otherwise; with `rows` it is a text area."""

    def __init__(self, *, max_length: int = LONGEST_TEXT, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text without hidden characters, before its length and emptiness are checked."""
        return super().to_python(None if value is None else plain(str(value))) or ""


class MomentField(forms.DateTimeField):
    """A moment in local time, as browsers send it: 2026-11-22T14:05."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


class AmountField(forms.CharField):
    """A sum in a currency: reads 1,234.50 and full-width digits; cleaned to a Decimal, or None where it is empty.

    `smallest` is the least accepted, one minor unit by default; `largest` the most, with a sentence of its own.
    """

    def __init__(
        self, currency: str, *, smallest: Decimal | None = None, largest: Decimal | None = None, **kwargs: Any
    ) -> None:
        self.currency, self.smallest, self.largest = currency, smallest, largest
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}))
        kwargs.setdefault("label", _("Amount"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """The amount; ValidationError says what is wrong with it."""
        text = plain(str(value or "")).strip()
        if not text and not self.required:
            return None
        try:
            amount = money.parse_amount(text, self.currency, self.smallest)
        except money.BadAmount as bad:
            raise ValidationError(bad.sentence) from bad
        if self.largest is not None and amount > self.largest:
            most = f"{self.largest:,.{money.MINOR_UNITS[self.currency]}f}"
            raise ValidationError(_("At most %(most)s is possible here."), params={"most": most})
        return amount
