"""Shares of units, taxes, coupons and tenders, one by one and by property."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import money
from tests import counts
from tests.orders.sums import CNY, D, fen

few_or_many_fen = st.one_of(fen, st.integers(0, 60).map(lambda count: money.from_minor(count, CNY)))


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


def test_peer_17_ten_over_three_units_refunded_one_by_one_is_ten():
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


def test_generated_orders_refunded_in_1_to_50_parts():
    rng, sizes = random.Random(20260213), set()

    for _order in range(counts.of(sample=8_000, long=100_000)):
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

    for _order in range(counts.of(sample=2_000, long=10_000)):
        prices = [money.from_minor(rng.randrange(10**6), CNY) for _line in range(rng.randint(1, 8))]
        discount = money.from_minor(rng.randint(0, money.to_minor(sum(prices), CNY)), CNY)
        lowered = money.allocate_capped(discount, prices, prices, CNY)
        paid = [price - part for price, part in zip(prices, lowered, strict=True)]
        lines = [Line(amount, rng.randint(1, 6)) for amount in paid]
        shares = [share for line in lines for _units, share in shuffled_refunds(line, rng, line.quantity)]
        assert sum(shares) == sum(prices) - discount
        assert min(shares, default=0) >= 0
