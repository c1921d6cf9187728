"""Forms of finance: a manual settlement, the answer to a request, the ticked refunds."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import PlainTextField

MOST_SELECTED: Final = 200


class SettlementForm(forms.Form):
    """The reference under which the money was paid outside the gateway."""

    reference = PlainTextField(
        label=_("Reference of the payment"),
        max_length=128,
        help_text=_("From the bank or wallet, so that the second person can look it up."),
    )


class AnswerForm(forms.Form):
    """What the second person answers to an approval request."""

    answer = PlainTextField(label=_("Answer"), max_length=2000, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{kwargs.get('prefix', '')}_%s")
        super().__init__(*args, **kwargs)


def chosen(values: Iterable[str]) -> list[int]:
    """The ids that were ticked, at most 200; what is no id is left out."""
    # A longer number is no bigint, and the database would answer it with an error.
    ids = [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19]
    return ids[:MOST_SELECTED]
