"""Sums of money: parts that add up, amounts typed by people."""

import random
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orders import money

D = Decimal
CNY = "CNY"

fen = st.integers(0, 10**10).map(lambda count: money.from_minor(count, CNY))
few_or_many_fen = st.one_of(fen, st.integers(0, 60).map(lambda count: money.from_minor(count, CNY)))
weights = st.lists(st.one_of(fen, st.integers(0, 10**6)), min_size=1, max_size=30)
currencies = st.sampled_from(["CNY", "JPY", "KWD", "CLF", money.POINTS])


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class Line:
    """What is left of one order line, as the entitlement keeps it."""

    def __init__(self, amount, quantity, currency=CNY):
        self.amount, self.quantity, self.currency = amount, quantity, currency
        self.units_left, self.amount_left = quantity, amount

    def take(self, units):
        share = money.share_of_units(
            self.amount, self.quantity, units, self.units_left, self.amount_left, self.currency
        )
        self.units_left -= units
        self.amount_left -= share
        return units, share

    def give_back(self, taken):
        self.units_left += taken[0]
        self.amount_left += taken[1]


def shuffled_refunds(line, rng, refunds):
    """Take the whole line in up to `refunds` parts, some of them given back and taken again in another order."""
    held = []
    for _turn in range(refunds - 1):
        if line.units_left <= 1:
            break
        held.append(line.take(rng.randint(1, max(1, min(line.units_left - 1, 2 * line.quantity // refunds)))))
        if rng.random() < 0.2:
            line.give_back(held.pop(rng.randrange(len(held))))
    if line.units_left:
        held.append(line.take(line.units_left))
    for _turn in range(rng.randrange(3)):
        line.give_back(held.pop(rng.randrange(len(held))))
        while line.units_left:
            held.append(line.take(rng.randint(1, line.units_left)))
    return held


# minor units


@pytest.mark.parametrize(
    ("currency", "smallest"),
    [("CNY", "0.01"), ("JPY", "1"), ("KRW", "1"), ("KWD", "0.001"), ("CLF", "0.0001"), ("BRL", "0.01")],
)
def test_quantum_is_the_minor_unit_of_the_currency(currency, smallest):
    assert money.quantum(currency) == D(smallest)
    assert -money.quantum(currency).as_tuple().exponent == money.MINOR_UNITS[currency]


@pytest.mark.parametrize("currency", ["", "cny", "RMB", "XXX", "€"])
def test_quantum_of_no_currency_is_refused(currency):
    with pytest.raises(money.UnknownCurrency):
        money.quantum(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "result"),
    [("1.005", "CNY", "1.01"), ("1.004", "CNY", "1.00"), ("0.5", "JPY", "1"), ("1.0005", "KWD", "1.001")],
)
def test_rounded_takes_halves_up(amount, currency, result):
    assert str(money.rounded(D(amount), currency)) == result


@given(st.integers(0, 10**15), currencies)
def test_minor_units_and_back(count, currency):
    assert money.to_minor(money.from_minor(count, currency), currency) == count


def test_to_minor_refuses_a_fraction_of_the_minor_unit():
    with pytest.raises(ValueError, match="finer than the minor unit"):
        money.to_minor(D("0.001"), CNY)


# allocation


@given(st.integers(0, 10**10), weights, currencies)
def test_allocate_parts_sum_to_the_total_and_none_is_negative(count, shares, currency):
    total = money.from_minor(count, currency)

    parts = money.allocate(total, shares, currency)

    assert sum(parts) == total
    assert min(parts) >= 0
    assert all(money.to_minor(part, currency) >= 0 for part in parts)


@given(fen, weights)
def test_allocate_is_within_one_minor_unit_of_the_exact_share(total, shares):
    parts = money.allocate(total, shares, CNY)

    everyone = D(sum(shares))
    if everyone:
        assert all(
            abs(part - total * share / everyone) < D("0.0101") for part, share in zip(parts, shares, strict=True)
        )


@given(fen, weights)
def test_allocate_gives_nothing_to_a_zero_weight(total, shares):
    parts = money.allocate(total, [*shares, 0, 1], CNY)

    assert all(part == 0 for part, share in zip(parts, [*shares, 0, 1], strict=True) if share == 0)


def test_allocate_counts_weights_that_are_all_zero_as_equal():
    assert money.allocate(D("0.05"), [0, 0], CNY) == [D("0.02"), D("0.03")]


def test_allocate_gives_the_remainder_to_the_last_among_equals():
    assert money.allocate(D("10.00"), [1, 1, 1], CNY) == [D("3.33"), D("3.33"), D("3.34")]


def test_allocate_nothing_among_nobody():
    assert money.allocate(D(0), [], CNY) == []


@pytest.mark.parametrize(
    ("total", "shares"),
    [(D("-1"), [1]), (D("1"), [1, -1]), (D("1"), []), (D("0.001"), [1]), (D("NaN"), [1])],
)
def test_allocate_refuses_what_cannot_be_shared(total, shares):
    with pytest.raises(ValueError):
        money.allocate(total, shares, CNY)


@given(fen, st.lists(st.tuples(fen, fen), min_size=1, max_size=20))
def test_allocate_capped_never_goes_above_a_cap(total, pairs):
    shares, caps = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    room = sum(caps)

    if room < total:
        with pytest.raises(money.Short) as short:
            money.allocate_capped(total, shares, caps, CNY)
        assert short.value.shortfall == total - room
        return
    parts = money.allocate_capped(total, shares, caps, CNY)

    assert sum(parts) == total
    assert all(0 <= part <= cap for part, cap in zip(parts, caps, strict=True))


@given(st.lists(fen, min_size=1, max_size=10))
def test_allocate_capped_fills_every_cap_when_all_is_wanted(caps):
    assert money.allocate_capped(sum(caps), [1] * len(caps), caps, CNY) == caps


def test_allocate_capped_keeps_the_proportion_of_those_below_their_cap():
    parts = money.allocate_capped(D("70.00"), [60, 40, 20], [D("10"), D("90"), D("90")], CNY)

    assert parts == [D("10.00"), D("40.00"), D("20.00")]


def test_allocate_capped_ignores_what_a_cap_holds_below_the_minor_unit():
    with pytest.raises(money.Short) as short:
        money.allocate_capped(D("1.00"), [1], [D("0.999")], CNY)

    assert short.value.shortfall == D("0.01")


# units of a line


def test_peer_14_split_tender_caps_hold():
    captured = [D("60.00"), D("40.00")]

    first = money.allocate_capped(D("70.00"), captured, captured, CNY)
    left = [cap - part for cap, part in zip(captured, first, strict=True)]
    second = money.allocate_capped(D("30.00"), left, left, CNY)

    assert first == [D("42.00"), D("28.00")]
    assert [a + b for a, b in zip(first, second, strict=True)] == captured
    with pytest.raises(money.Short) as short:
        money.allocate_capped(D("0.01"), captured, [D(0), D(0)], CNY)
    assert short.value.shortfall == D("0.01")


def test_peer_16_discount_shared_exactly():
    prices = [D("6.00"), D("4.00")]

    discount = money.allocate(D("1.00"), prices, CNY)

    assert [price - part for price, part in zip(prices, discount, strict=True)] == [D("5.40"), D("3.60")]


def test_peer_17_ten_over_three_units_one_by_one():
    line = Line(D("10.00"), 3)

    shares = [line.take(1)[1] for _unit in range(3)]

    assert shares == [D("3.33"), D("3.33"), D("3.34")]
    assert line.amount_left == 0


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_peer_17_the_order_of_partial_refunds_changes_nothing(order):
    line = Line(D("100.01"), 6)

    assert sum(line.take(units)[1] for units in order) == D("100.01")


def test_peer_17_a_share_given_back_is_taken_again():
    line = Line(D("10.00"), 3)
    first, second, third = (line.take(1) for _unit in range(3))

    line.give_back(third)
    line.give_back(first)
    again = [line.take(1)[1], line.take(1)[1]]

    assert second[1] + sum(again) == D("10.00")


def test_units_never_take_more_than_is_left_when_the_remainder_is_held_by_another():
    line = Line(D("0.03"), 4)
    first, second, third, _last = (line.take(1) for _unit in range(4))

    for taken in (first, second, third):
        line.give_back(taken)

    assert line.take(2)[1] == line.take(1)[1] == 0


def test_peer_18_a_partial_refund_carries_its_own_tax_only():
    net, tax = [D("60.00"), D("40.00")], D("13.00")

    taxes = money.allocate(tax, net, CNY)
    line = Line(taxes[0], 3)

    assert taxes == [D("7.80"), D("5.20")]
    assert line.take(1)[1] == D("2.60")
    assert line.take(2)[1] == D("5.20")


def test_peer_22_coupons_and_points_go_back_in_proportion_once():
    paid = [D("30.00"), D("30.00"), D("40.00")]

    coupon = money.allocate(D("10.00"), paid, CNY)
    points = money.allocate(D(101), paid, money.POINTS)
    line = Line(points[2], 4, money.POINTS)
    given_back = [line.take(1)[1], line.take(2)[1], line.take(1)[1]]

    assert coupon == [D("3.00"), D("3.00"), D("4.00")]
    assert points == [D(30), D(30), D(41)]
    assert given_back == [D(10), D(20), D(11)]
    assert line.amount_left == 0


@given(
    amount=few_or_many_fen,
    quantity=st.integers(1, 200),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 10**6)), max_size=50),
)
def test_share_of_units_never_loses_or_makes_money(amount, quantity, steps):
    line, held = Line(amount, quantity), []

    for takes, pick in steps:
        if takes and line.units_left:
            held.append(line.take(1 + pick % line.units_left))
        elif held:
            line.give_back(held.pop(pick % len(held)))
        assert line.amount_left >= 0
        assert all(share >= 0 for _units, share in held)
        assert line.amount_left + sum(share for _units, share in held) == amount
    held.append(line.take(line.units_left))

    assert sum(share for _units, share in held) == amount


@given(amount=few_or_many_fen, quantity=st.integers(1, 60), data=st.data())
def test_share_of_units_in_another_order_gives_every_part_the_same_but_the_last(amount, quantity, data):
    parts, left = [], quantity
    while left:
        parts.append(data.draw(st.integers(1, left)))
        left -= parts[-1]
    other = data.draw(st.permutations(parts))

    one, two = Line(amount, quantity), Line(amount, quantity)
    straight = [one.take(units) for units in parts]
    turned = [two.take(units) for units in other]

    assert sum(share for _units, share in straight) == sum(share for _units, share in turned) == amount
    floors = {units: money.from_minor(money.to_minor(amount, CNY) * units // quantity, CNY) for units in parts}
    assert all(share == floors[units] for units, share in straight[:-1] + turned[:-1])
    assert all(share >= floors[units] for units, share in (straight[-1], turned[-1]))


@pytest.mark.parametrize("asked", [(4, 3, "1"), (-1, 3, "1"), (1, 0, "0"), (1, 9, "1"), (1, 1, "-0.01")])
def test_share_of_units_refuses_more_than_is_left(asked):
    units, units_left, amount_left = asked

    with pytest.raises(ValueError, match="left of"):
        money.share_of_units(D("10"), 3, units, units_left, D(amount_left), CNY)


def test_share_of_units_of_no_units_is_nothing():
    assert money.share_of_units(D("10"), 3, 0, 0, D("0"), CNY) == 0


def test_100_000_generated_orders_refunded_in_1_to_50_parts():
    rng, sizes = random.Random(20260213), set()

    for _order in range(100_000):
        paid = money.from_minor(rng.choice((rng.randrange(100), rng.randrange(10**7))), CNY)
        refunds = rng.randint(1, 50)
        line = Line(paid, rng.randint(refunds, 2 * refunds))
        shares = [share for _units, share in shuffled_refunds(line, rng, refunds)]
        assert sum(shares) == paid
        assert min(shares) >= 0
        assert line.units_left == line.amount_left == 0
        sizes.add(len(shares))
    assert sizes >= set(range(1, 40))


def test_generated_orders_share_discount_freight_and_tax_to_the_last_fen():
    rng = random.Random(20260924)

    for _order in range(10_000):
        prices = [money.from_minor(rng.randrange(10**6), CNY) for _line in range(rng.randint(1, 8))]
        discount = money.from_minor(rng.randint(0, money.to_minor(sum(prices), CNY)), CNY)
        lowered = money.allocate_capped(discount, prices, prices, CNY)
        paid = [price - part for price, part in zip(prices, lowered, strict=True)]
        lines = [Line(amount, rng.randint(1, 6)) for amount in paid]
        shares = [share for line in lines for _units, share in shuffled_refunds(line, rng, line.quantity)]
        assert sum(shares) == sum(prices) - discount
        assert min(shares, default=0) >= 0


# typed amounts


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
        ("1.5", "KWD", "en", "KWD\N{NO-BREAK SPACE}1.500"),
    ],
)
def test_format_amount(amount, currency, language, text):
    assert money.format_amount(D(amount), currency, language) == text
