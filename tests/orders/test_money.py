"""Minor units, rounding, and sums shared so that parts always make the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import money
from tests.orders.sums import CNY, D, fen

weights = st.lists(st.one_of(fen, st.integers(0, 10**6)), min_size=1, max_size=30)


currencies = st.sampled_from(["CNY", "JPY", "KWD", "CLF", money.POINTS])


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
