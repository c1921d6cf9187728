"""What a role decides alone: a share of the order and a sum in one day, besides the sum at one time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import approvals
from aftersales.models import Policy
from aftersales.rules import actor
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def more(order):
    """Another order of the same buyer: 100.00 and 10.00 of freight."""
    return lambda: sold(merchant=order.merchant, buyer=order.buyer)


def test_a_share_of_the_order_needs_a_second_person(order, people):
    Policy.objects.update(authority_percent=50)
    case = opened(order, by=people.buyer)

    with pytest.raises(Refused, match="more than 50 % of the order"):
        decisions.approve(case.pk, by=people.agent, at=NOON + HOUR)

    approvals.ask(case.pk, by=people.agent, at=NOON + HOUR)
    assert approvals.allow(case.pk, by=people.supervisor, at=NOON + 2 * HOUR).status == "awaiting_return"


def test_a_smaller_share_an_agent_decides_alone(order, people):
    Policy.objects.update(authority_percent=50)
    line = order.lines.get()
    case = opened(order, by=people.buyer, units={line.pk: 1})

    assert decisions.approve(case.pk, by=people.agent, at=NOON + HOUR).status == "awaiting_return"


def test_the_merchant_decides_about_their_own_money(order, people):
    Policy.objects.update(authority_percent=50, authority_agent_day=Decimal(1))
    case = opened(order, by=people.buyer)

    assert decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR).status == "awaiting_return"


def test_what_a_person_decided_today_counts_against_the_daily_limit(order, more, people):
    Policy.objects.update(authority_agent_day=Decimal(199))
    first, second = opened(order, by=people.buyer), opened(more(), by=people.buyer)
    decisions.approve(first.pk, by=people.agent, at=NOON + HOUR)

    with pytest.raises(Refused, match=r"you would have decided ¥200\.00 today, above your ¥199\.00 a day"):
        decisions.approve(second.pk, by=people.agent, at=NOON + 2 * HOUR)

    assert decisions.approve(second.pk, by=people.agent2, at=NOON + 2 * HOUR).status == "awaiting_return"


def test_a_new_day_begins_at_midnight_where_the_shop_is(order, more, people):
    Policy.objects.update(authority_agent_day=Decimal(199))
    first, second = opened(order, by=people.buyer), opened(more(), by=people.buyer)
    decisions.approve(first.pk, by=people.agent, at=NOON + HOUR)

    case = decisions.approve(second.pk, by=people.agent, at=NOON + timedelta(hours=12, minutes=1))

    assert case.status == "awaiting_return"


def test_offers_count_while_the_buyer_may_take_them(order, more, people):
    Policy.objects.update(authority_agent_day=Decimal(120))
    first, second = opened(order, by=people.buyer), opened(more(), by=people.buyer)
    negotiation.offer(first.pk, by=people.agent, at=NOON + HOUR, amount=Decimal(80))

    with pytest.raises(Refused, match="today"):
        negotiation.offer(second.pk, by=people.agent, at=NOON + HOUR, amount=Decimal(50))

    negotiation.decline(first.pk, by=people.buyer, at=NOON + 2 * HOUR)
    assert negotiation.offer(second.pk, by=people.agent, at=NOON + 2 * HOUR, amount=Decimal(50))


def test_what_was_refused_does_not_count_against_the_daily_limit(order, more, people):
    Policy.objects.update(authority_agent_day=Decimal(100))
    first, second = opened(order, by=people.buyer), opened(more(), by=people.buyer)
    decisions.reject(first.pk, by=people.agent, at=NOON + HOUR, reason=refusal())

    assert decisions.approve(second.pk, by=people.agent, at=NOON + HOUR).status == "awaiting_return"


@pytest.mark.parametrize("role", ["senior", "supervisor"])
def test_each_person_has_a_daily_limit_of_their_own(role, order, people):
    Policy.objects.update(**{f"authority_{role}_day": Decimal(99)})
    case = opened(order, by=people.buyer)

    with pytest.raises(Refused, match="today"):
        decisions.approve(case.pk, by=getattr(people, role), at=NOON + HOUR)


def test_a_currency_that_no_policy_is_for_needs_a_second_person(shop, people):
    order = sold(merchant=shop, currency="USD", lines=[(1, 20)], freight_amount=0)
    case = opened(order, by=actor.buyer(order.buyer_id))

    for person in (people.agent, people.senior):
        with pytest.raises(Refused, match="No policy says what is decided alone in USD"):
            decisions.approve(case.pk, by=person, at=NOON + HOUR)

    approvals.ask(case.pk, by=people.agent, at=NOON + HOUR)
    assert approvals.allow(case.pk, by=people.supervisor, at=NOON + 2 * HOUR).status == "awaiting_return"


def test_a_policy_for_the_currency_says_what_is_decided_alone(shop, people):
    Policy.objects.update(currency="USD", authority_agent=Decimal(30))
    order = sold(merchant=shop, currency="USD", lines=[(1, 20)], freight_amount=0)
    case = opened(order, by=actor.buyer(order.buyer_id))

    assert decisions.approve(case.pk, by=people.agent, at=NOON + HOUR).status == "awaiting_return"
