"""Amounts as people type and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import money
from tests.orders.sums import CNY, D


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.5", "12.50"),
        ("12", "12.00"),
        (" 1,234.50 ", "1234.50"),
        ("１２３．４５", "123.45"),
        ("￥１，２３４", "1234.00"),
        ("¥ 8", "8.00"),
        ("8元", "8.00"),
        ("3。5", "3.50"),
        (".5", "0.50"),
        ("0.01", "0.01"),
        ("99,999,999.99", "99999999.99"),
    ],
)
def test_parse_amount_reads_what_people_type(text, amount):
    assert str(money.parse_amount(text, CNY)) == amount


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount."),
        (" \t\u3000", "Enter an amount."),
        ("0", "The amount must be at least 0.01."),
        ("0.00", "The amount must be at least 0.01."),
        ("-1", "The amount cannot be negative."),
        ("－１", "The amount cannot be negative."),
        ("\u22125", "The amount cannot be negative."),
        ("-Infinity", "Write the amount in digits, for example 1,234.50."),
        ("NaN", "Write the amount in digits, for example 1,234.50."),
        ("sNaN", "Write the amount in digits, for example 1,234.50."),
        ("Infinity", "Write the amount in digits, for example 1,234.50."),
        ("1e9", "The amount cannot be more than 99,999,999.99."),
        ("1e999999999", "The amount cannot be more than 99,999,999.99."),
        ("100000000", "The amount cannot be more than 99,999,999.99."),
        ("0.001", "An amount in CNY has at most 2 decimal places."),
        ("1e2", "Write the amount in digits, for example 1,234.50."),
        ("1,23", "Write the amount in digits, for example 1,234.50."),
        ("12,34.5", "Write the amount in digits, for example 1,234.50."),
        ("1_000", "Write the amount in digits, for example 1,234.50."),
        ("1²", "Write the amount in digits, for example 1,234.50."),
        ("٣", "Write the amount in digits, for example 1,234.50."),
        ("\u202e001", "Write the amount in digits, for example 1,234.50."),
        ("1\x00", "Write the amount in digits, for example 1,234.50."),
        ("+5", "Write the amount in digits, for example 1,234.50."),
        ("ten", "Write the amount in digits, for example 1,234.50."),
        ("9" * 1_000_000, "Write the amount in digits, for example 1,234.50."),
    ],
)
def test_parse_amount_says_what_is_wrong(text, sentence):
    with pytest.raises(money.BadAmount) as bad:
        money.parse_amount(text, CNY)

    assert bad.value.sentence == sentence


def test_parse_amount_knows_the_currency():
    assert money.parse_amount("1.234", "KWD") == D("1.234")
    assert money.parse_amount("500", "JPY") == D(500)
    with pytest.raises(money.BadAmount, match="JPY has no decimal places"):
        money.parse_amount("0.5", "JPY")
    with pytest.raises(money.UnknownCurrency):
        money.parse_amount("1", "RMB")


def test_parse_amount_takes_zero_where_the_form_allows_it():
    assert money.parse_amount("0", CNY, smallest=D(0)) == 0


@given(st.text(max_size=60))
def test_parse_amount_answers_any_text_with_an_amount_or_a_sentence(text):
    try:
        amount = money.parse_amount(text, CNY)
    except money.BadAmount as bad:
        assert bad.sentence
    else:
        assert D("0.01") <= amount <= money.LARGEST


@given(st.integers(1, 9_999_999_999))
def test_parse_amount_reads_what_format_amount_writes(count):
    amount = money.from_minor(count, CNY)

    assert money.parse_amount(money.format_amount(amount, CNY, "zh-hans"), CNY) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1234.5", "CNY", "zh-hans", "¥1,234.50"),
        ("1234.5", "CNY", "en", "¥1,234.50"),
        ("-5", "CNY", "en", "-¥5.00"),
        ("1200", "JPY", "zh-hans", "JP¥1,200"),
        ("9.99", "USD", "en", "$9.99"),
        ("9.99", "USD", "zh-hans", "US$9.99"),
        ("9.99", "BRL", "en", "R$9.99"),
        ("1200", "JPY", "en", "JP¥1,200"),
        ("9.99", "EUR", "en", "€9.99"),
        ("9.99", "GBP", "zh-hans", "£9.99"),
        ("9.99", "HKD", "en", "HK$9.99"),
        ("9.99", "INR", "zh-hans", "₹9.99"),
        ("1.5", "KWD", "en", "KWD\N{NO-BREAK SPACE}1.500"),
        ("-300", "points", "en", "-points\N{NO-BREAK SPACE}300"),
    ],
)
def test_format_amount(amount, currency, language, text):
    assert money.format_amount(D(amount), currency, language) == text
