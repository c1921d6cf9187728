"""Amounts and weights to share, for property tests."""

from decimal import Decimal

from hypothesis import strategies as st

from orders import money

D = Decimal


CNY = "CNY"


fen = st.integers(0, 10**10).map(lambda count: money.from_minor(count, CNY))
