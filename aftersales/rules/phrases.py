"""Amounts and times inside sentences, in the reader's language."""

from datetime import datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import get_language

from orders import money


def money_text(amount: Decimal, currency: str) -> str:
    """An amount as the reader writes it."""
    return money.format_amount(amount, currency, get_language() or "en")


def moment_text(moment: datetime) -> str:
    """A moment in the reader's zone and form."""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
