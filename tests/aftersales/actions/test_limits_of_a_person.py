"""Whatever one person does, in whatever order: what an order and a day give stays within their limits.

Hypothesis draws what an agent does, with buyers who ask and accept, and a merchant who handles goods and decides
nothing. What was given or promised is counted from refunds, coupons, receivables and the cases themselves, not from
what the product wrote down for its limits.
"""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales import moves
from aftersales.models import Case, Policy
from aftersales.rules.refunds import authority
from tests import counts, shared_world
from tests.aftersales.actions import drawn_desk
from tests.aftersales.stages import broken
from tests.factories import NOON

pytestmark = pytest.mark.django_db
OF_ORDER, OF_DAY = Decimal(100), Decimal(150)
SETTINGS = settings(
    max_examples=counts.of(sample=40, long=2000),
    deadline=None,
    derandomize=not counts.LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)


ACTS = drawn_desk.acts_of(drawn_desk.Desk)


def stay_within_limits(desk, steps):
    for step in steps:
        desk.do(*step)
        of_orders = [sum(map(drawn_desk.worth, Case.objects.filter(order=order)), Decimal(0)) for order in desk.orders]
        assert max(of_orders) <= OF_ORDER, step
        assert sum(of_orders) <= OF_DAY, step


@pytest.fixture
def desk(shop, people):
    Policy.objects.update(
        authority_agent=OF_ORDER, authority_agent_day=OF_DAY, authority_own_offer=OF_ORDER, release_above=1000
    )
    return drawn_desk.Desk(drawn_desk.two_orders(shop), people)


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(1, 3)), max_size=30))
def test_no_sequence_of_acts_of_one_person_gives_more_than_their_limits(desk, steps):
    with shared_world.undone():
        desk.at = NOON
        stay_within_limits(desk, [("ask", 0, 2), ("ask", 7, 1), ("ask", 4, 1), *steps])
        assert broken() == []


# Each is a way around a limit that somebody has gone: with the question off it must give too much.
WAYS_AROUND = {
    "in two cases": [("ask", 0, 2), ("ask", 2, 1), ("approve", 0, 1), ("approve", 1, 1)],
    "in parts": [("ask", 0, 2), ("split", 0, 1), ("ask", 2, 1), *(("approve", number, 1) for number in range(3))],
    "by offers": [("ask", 0, 2), ("offer", 0, 3), ("take", 0, 1), ("ask", 2, 1), ("offer", 1, 1), ("take", 1, 1)],
    "in a day": [("ask", 0, 2), ("approve", 0, 1), ("ask", 7, 1), ("approve", 1, 1)],
}


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_a_way_around_gives_too_much_only_where_nobody_asks(way, desk, monkeypatch):
    with shared_world.undone():
        stay_within_limits(desk, WAYS_AROUND[way])
    monkeypatch.setattr(authority, "above", lambda *_asked: None)

    with pytest.raises(AssertionError):
        stay_within_limits(desk, WAYS_AROUND[way])


def test_every_act_of_an_agent_that_leads_to_money_is_drawn():
    drawn = {"approve", "offer", "accept_offer", "give_money_instead", "choose_refund", "choose_exchange"}
    of_agents = {move.name for move in moves.DECIDING if "agent" in move.who}

    assert of_agents == drawn
