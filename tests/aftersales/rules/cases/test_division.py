"""Thousands of cases split, in pure arithmetic: parts sum, none is negative, their order is all one."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.cases import division
from orders import money
from orders.entitlement import Claim
from tests import counts

CNY = "CNY"
ZERO = Decimal(0)


def fen(count):
    return money.from_minor(count, CNY)


class Request:
    """Units and money of a line that a case asks for, of so many sold at such a price."""

    def __init__(self, paid, sold, units, amount):
        self.paid, self.sold, self.units, self.amount = paid, sold, units, amount

    @classmethod
    def of(cls, rng, *, whole):
        sold = rng.randint(2, 40)
        paid = fen(rng.choice((rng.randrange(100), rng.randrange(10**7))))
        units = rng.randint(2, sold)
        most = money.share_of_units(paid, sold, units, sold, paid, CNY)
        return cls(paid, sold, units, most if whole else fen(rng.randint(0, money.to_minor(most, CNY))))

    def split(self, moved):
        """Take units away; answers the part."""
        amount = division.part(self.amount, self.units, moved, paid=self.paid, sold=self.sold, currency=CNY)
        self.units, self.amount = self.units - moved, self.amount - amount
        return Request(self.paid, self.sold, moved, amount)

    def merge(self, part):
        self.units, self.amount = self.units + part.units, self.amount + part.amount


def sizes(rng, units):
    """Ways to take some of the units away, never all."""
    parts, left = [], units
    while left > 1 and len(parts) < 12:
        parts.append(rng.randint(1, left - 1))
        left -= parts[-1]
    return parts


def test_generated_cases_split_into_up_to_13_parts():
    rng, lengths = random.Random(20260310), set()

    for number in range(counts.of(sample=10_000, long=100_000)):
        case = Request.of(rng, whole=number % 2 == 0)
        units, amount = case.units, case.amount
        parts = [case.split(moved) for moved in sizes(rng, units)]
        if rng.random() < 0.3:
            case.merge(parts.pop(rng.randrange(len(parts))))
        shares = [case.amount, *(part.amount for part in parts)]
        assert sum(shares) == amount
        assert min(shares) >= 0
        assert case.units + sum(part.units for part in parts) == units
        assert all(money.is_whole(share, CNY) for share in shares)
        lengths.add(len(shares))
    assert lengths >= set(range(1, 10))


def test_the_order_in_which_parts_leave_changes_none_of_them():
    rng = random.Random(20260311)

    for _case in range(counts.of(sample=3_000, long=20_000)):
        one = Request.of(rng, whole=True)
        two = Request(one.paid, one.sold, one.units, one.amount)
        parts = sizes(rng, one.units)
        turned = rng.sample(range(len(parts)), len(parts))
        straight = [one.split(moved).amount for moved in parts]
        other = dict(zip(turned, [two.split(parts[place]).amount for place in turned], strict=True))
        assert straight == [other[place] for place in range(len(parts))]
        assert (one.units, one.amount) == (two.units, two.amount)


def test_a_part_of_a_lower_sum_is_its_share_to_the_fen():
    rng = random.Random(20260312)

    for _case in range(counts.of(sample=3_000, long=20_000)):
        case = Request.of(rng, whole=False)
        units, amount, moved = case.units, case.amount, rng.randint(1, case.units - 1)
        whole = money.share_of_units(case.paid, case.sold, units, case.sold, case.paid, CNY)
        part = case.split(moved)
        if amount < whole:
            assert 0 <= amount * moved / units - part.amount < fen(1)


claims = st.dictionaries(st.integers(1, 5), st.tuples(st.integers(0, 9), st.integers(0, 999).map(fen)), max_size=5).map(
    lambda lines: [Claim(pk, *held) for pk, held in lines.items()]
)


@given(held=claims, wanted=claims, free_units=st.integers(0, 9), free=st.integers(0, 999).map(fen))
def test_a_conversion_moves_the_difference_and_nothing_else(held, wanted, free_units, free):
    """What is reserved in the end is what the new type holds; nothing that both hold is let go or taken."""
    surplus, missing = division.surplus(held, wanted), division.missing(held, wanted)

    before, after = ({claim.line_id: claim for claim in side} for side in (held, wanted))
    none = Claim(0, 0, ZERO)
    for pk in range(1, 6):
        less = next((claim for claim in surplus if claim.line_id == pk), none)
        more = next((claim for claim in missing if claim.line_id == pk), none)
        old, new = before.get(pk, none), after.get(pk, none)
        assert old.units - less.units + more.units == new.units
        assert old.amount - less.amount + more.amount == new.amount
        assert less.units * more.units == 0
        assert less.amount * more.amount == 0
        assert min(less.units, more.units, less.amount, more.amount) >= 0


@given(total=st.integers(0, 10**9).map(fen), stays=st.integers(0, 10**6), goes=st.integers(0, 10**6))
def test_a_sum_of_the_whole_case_is_shared_without_a_rest(total, stays, goes):
    kept, moved = division.shared(total, stays, goes, CNY)

    assert kept + moved == total
    assert min(kept, moved) >= 0
