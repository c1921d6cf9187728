"""Amounts of money on a page."""

from decimal import Decimal
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales.templatetags.attributes import classes
from orders.money import format_amount

NOTHING: Final = "–"


def money(amount: Decimal | None, currency: str, css: str = "") -> SafeString:
    """An amount as the reader's language writes it, with a true minus; a dash where there is none."""
    if amount is None:
        return format_html('<span class="money">{}</span>', NOTHING)
    text = format_amount(amount, currency, get_language() or "en").replace("-", "\N{MINUS SIGN}", 1)
    return format_html('<span class="{}">{}</span>', classes("money", "minus" if amount < 0 else "", css), text)
