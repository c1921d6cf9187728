"""A buyer's phone, name and address as they are shown to everybody."""

import pytest

from aftersales.rules.parties import masks


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800006620", "138****6620"),
        ("+86 138 0000 6620", "138****6620"),
        ("010-6552-9988", "010****9988"),
        ("6552 9988", "****9988"),
        ("12345", "*****"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_a_phone_number_shows_its_ends_only(phone, shown):
    assert masks.mask_phone(phone) == shown


@pytest.mark.parametrize(("name", "shown"), [("张晓梅", "张**"), ("Alice", "A***"), (" 李 ", "李**"), ("", "–")])
def test_a_name_shows_its_first_character(name, shown):
    assert masks.mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省杭州市西湖区文三路 12 号", "浙江省杭州市西湖区***"),
        ("上海市浦东新区世纪大道 1 号", "上海市浦东新区***"),
        ("江苏省苏州市昆山市玉山镇 8 号", "江苏省苏州市***"),
        ("广东省东莞市南城街道阳光小区 5 栋", "广东省东莞市***"),
        ("12 High Street, Ashford, Kent, UK", "***, Kent, UK"),
        ("12 High Street", "***"),
        ("", "–"),
    ],
)
def test_an_address_ends_at_its_district(address, shown):
    assert masks.mask_address(address) == shown
