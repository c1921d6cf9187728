"""What people type: plain text without hidden signs, sums of money in the currency of the order."""

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

# NUL and other controls, zero-width signs, marks that turn the direction of writing: they hide what a text says.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def plain(text: str) -> str:
    """The text without signs that nobody sees; line ends as one sign."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """What can be chosen in a field of this form."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Which rows can be chosen in a field of this form."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


class PlainTextField(forms.CharField):
    """Text that shows all it holds; at most 5,000 signs unless told otherwise. `rows` makes it a text area."""

    def __init__(self, *, max_length: int = LONGEST_TEXT, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """Strip what is hidden before length and emptiness are judged."""
        return super().to_python(None if value is None else plain(str(value))) or ""


class AmountField(forms.CharField):
    """A sum in a currency: 1,234.50 and full-width digits are read; cleaned to a Decimal, or None when left empty.

    `smallest` is the least accepted, one minor unit if not given; `largest` the most, with its own sentence.
    """

    def __init__(
        self, currency: str, *, smallest: Decimal | None = None, largest: Decimal | None = None, **kwargs: Any
    ) -> None:
        self.currency, self.smallest, self.largest = currency, smallest, largest
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}))
        kwargs.setdefault("label", _("Amount"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """Read the amount; ValidationError says what is wrong with it."""
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
