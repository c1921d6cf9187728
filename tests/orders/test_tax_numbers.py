"""Titles and taxpayer's numbers: the check digit of GB 32100, and cells of exports that hold both."""

import random

import pytest

from orders import tax_numbers

# Codes of well-known companies, from the public register.
REAL = ["91440300708461136T", "914403001922038216", "91110000802100433B", "91330100799655058B"]
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]  # the table of the standard


@pytest.mark.parametrize("number", REAL)
def test_a_registered_code_fits_and_none_with_one_sign_changed_does(number):
    assert tax_numbers.has_right_check_digit(number)
    for place in range(18):
        for sign in SIGNS:
            if sign != number[place]:
                assert not tax_numbers.has_right_check_digit(number[:place] + sign + number[place + 1 :])


def test_the_check_digit_is_that_of_the_standard():
    chance = random.Random(7)
    for _time in range(2000):
        body = "".join(chance.choice(SIGNS) for _sign in range(17))
        total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
        right = SIGNS[(31 - total % 31) % 31]
        assert [sign for sign in SIGNS if tax_numbers.has_right_check_digit(body + sign)] == [right]


@pytest.mark.parametrize(
    ("number", "is_well_formed"),
    [
        ("91440300708461136T", True),
        ("440301279348352", True),
        ("", False),
        ("9144", False),
        ("9144030070846113６T", False),
    ],
)
def test_what_can_be_a_number(number, is_well_formed):
    assert tax_numbers.is_well_formed(number) == is_well_formed


def test_full_width_spaces_and_lower_case_are_read():
    assert tax_numbers.plain(" ９１440300 708461136t ") == "91440300708461136T"


@pytest.mark.parametrize(
    ("text", "title", "number"),
    [
        ("", "", ""),
        ("个人", "个人", ""),
        ("杭州青禾服饰有限公司", "杭州青禾服饰有限公司", ""),
        ("杭州青禾服饰有限公司 91330100799655058B", "杭州青禾服饰有限公司", "91330100799655058B"),
        ("单位名称:青禾公司;纳税人识别码:91330100799655058b;地址:杭州", "青禾公司", "91330100799655058B"),
        ("抬头：青禾公司，税号：440301279348352", "青禾公司", "440301279348352"),
        ("Acme International Limited", "Acme International Limited", ""),
        ("InternationalLimited", "InternationalLimited", ""),
    ],
)
def test_title_and_number_are_told_apart(text, title, number):
    assert tax_numbers.split(text) == (title, number)
