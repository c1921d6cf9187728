"""Amounts in the reader's language."""

from decimal import Decimal

import pytest
from django.utils import translation


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("168", "CNY", "en", "¥168.00"),
        ("168", "CNY", "zh-hans", "¥168.00"),
        ("-1234.5", "CNY", "en", "−¥1,234.50"),
        ("10", "USD", "zh-hans", "US$10.00"),
        ("54.9", "BRL", "en", "R$54.90"),
        ("8800", "JPY", "en", "JP¥8,800"),
    ],
)
def test_an_amount_is_written_as_in_the_language_of_its_reader(rendered, amount, currency, language, text):
    with translation.override(language):
        shown = rendered("{% money amount currency %}", amount=Decimal(amount), currency=currency)

    assert f">{text}<" in shown


def test_an_amount_that_is_not_known_is_a_dash(rendered):
    assert rendered("{% money amount 'CNY' %}", amount=None) == '<span class="money">–</span>'
