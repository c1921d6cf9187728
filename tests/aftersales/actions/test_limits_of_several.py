"""Agent, supervisor and two of finance, in whatever order they act: what each does alone stays within their limits.

As for one person: what was given, and who let it go, is read from refunds, coupons and cases, not from what the
product wrote down for its limits. Who decided a case is who did a deciding act on it.
"""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales import moves
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Event, Policy, Refund
from aftersales.queries.refunds import finance_limits
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import Fault
from tests import counts, shared_world
from tests.aftersales.actions.drawn_desk import Desk, acts_of, two_orders, worth
from tests.aftersales.stages import broken
from tests.factories import NOON

pytestmark = pytest.mark.django_db
OF_ORDER, OF_DAY = Decimal(100), {"agent": Decimal(120), "supervisor": Decimal(150)}
LET_GO, LET_GO_IN_A_DAY = Decimal(70), Decimal(90)
SETTINGS = settings(
    max_examples=counts.of(sample=40, long=2000),
    deadline=None,
    derandomize=not counts.LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Office(Desk):
    """The same desk, with a supervisor who rules, and two of finance who release."""

    def rule(self, case, size):
        amount = Decimal(30 * size) if size < 3 else None
        terms = {"ruling": "The goods were broken.", "liable": Fault.MERCHANT, "amount": amount}
        arbitration.rule_for_buyer(case.pk, by=self.people.supervisor, at=self.at, **terms)

    def release(self, case, size):
        by = (self.people.finance, self.people.finance2)[size % 2]
        releases.release_many([refund.pk for refund in case.refunds.all()], by=by, at=self.at)

    def bring_before_the_platform(self, case, size):
        self.reject(case, size)
        self.escalate(case, size)


def deciders(case):
    found = Event.objects.filter(case=case, action__in=[move.name for move in moves.DECIDING], user__isnull=False)
    return {event.role for event in found}


def stay_within_limits(office, steps):
    for step in steps:
        office.do(*step)
        given = {case: worth(case) for case in Case.objects.all()}
        of_orders, of_people = Counter(), Counter()
        for case, amount in given.items():
            of_orders[case.order_id] += amount
            if len(who := deciders(case)) == 1:
                of_people[next(iter(who))] += amount
        assert all(total <= OF_ORDER for total in of_orders.values()), step
        assert all(of_people[role] <= limit for role, limit in OF_DAY.items()), step
        _alone_within_limits(step)


def _alone_within_limits(step):
    """Whatever one of finance has released without the other."""
    alone = Refund.objects.filter(released_by__isnull=False, first_released_by__isnull=True)
    of_orders, of_people = Counter(), Counter()
    for refund in alone:
        of_orders[refund.order_id] += refund.amount
        of_people[refund.released_by_id] += refund.amount
    assert all(total <= LET_GO for total in of_orders.values()), step
    assert all(total <= LET_GO_IN_A_DAY for total in of_people.values()), step


@pytest.fixture
def office(shop, people):
    Policy.objects.update(
        authority_agent=OF_ORDER,
        authority_agent_day=OF_DAY["agent"],
        authority_supervisor=OF_ORDER,
        authority_supervisor_day=OF_DAY["supervisor"],
        authority_own_offer=OF_ORDER,
        release_above=20,
        authority_finance=LET_GO,
        authority_finance_day=LET_GO_IN_A_DAY,
    )
    return Office(two_orders(shop), people)


DISPUTED = [("ask", 0, 2), ("ask", 7, 1), ("bring_before_the_platform", 0, 1), ("bring_before_the_platform", 1, 1)]


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(acts_of(Office)), st.integers(0, 9), st.integers(1, 3)), max_size=30))
def test_no_sequence_of_acts_of_several_lets_one_of_them_give_more_than_they_may(office, steps):
    with shared_world.undone():
        office.at = NOON
        stay_within_limits(office, [*DISPUTED, *steps])
        assert broken() == []


# Each is a way around a limit: with the question off it must give too much.
RULED = {
    "two rulings of one order": [
        *DISPUTED, ("rule", 0, 3), ("ask", 2, 1), ("bring_before_the_platform", 2, 1), ("rule", 2, 3),
    ],
}  # fmt: skip
RELEASED = {
    "two releases in a day": [
        ("ask", 7, 1), ("approve", 0, 1), ("release", 0, 1), *DISPUTED[:1], ("offer", 1, 2), ("take", 1, 1),
        ("goods_come_back", 1, 1), ("release", 1, 1),
    ],
    "two releases of an order": [
        ("ask", 7, 1), ("approve", 0, 1), ("release", 0, 1), ("ask", 7, 1), ("offer", 1, 1), ("take", 1, 1),
        ("release", 1, 2),
    ],
}  # fmt: skip


@pytest.mark.parametrize("way", RULED)
def test_a_ruling_gives_too_much_only_where_nobody_asks(way, office, monkeypatch):
    with shared_world.undone():
        stay_within_limits(office, RULED[way])
    monkeypatch.setattr(authority, "above", lambda *_asked: None)

    with pytest.raises(AssertionError):
        stay_within_limits(office, RULED[way])


@pytest.mark.parametrize("way", RELEASED)
def test_a_release_lets_too_much_go_only_where_nobody_asks(way, office, monkeypatch):
    with shared_world.undone():
        stay_within_limits(office, RELEASED[way])
        assert Refund.objects.filter(first_released_by__isnull=False).exists(), "the way must come to the question"
    monkeypatch.setattr(finance_limits, "above", lambda *_asked: None)

    with pytest.raises(AssertionError):
        stay_within_limits(office, RELEASED[way])
