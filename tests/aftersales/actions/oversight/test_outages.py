"""Outages: deadlines move by the time in which nobody could reach us, once."""

import pytest

from aftersales import sweeps
from aftersales.actions.oversight import outages
from aftersales.models import Outage
from orders.refusals import Refused
from tests.aftersales.promised import refund_case
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_an_outage_moves_deadlines_before_the_clock_acts(order, people):
    case = opened(order, by=people.buyer)
    due = case.due_at
    outages.declare(
        started_at=due - 2 * HOUR,
        ended_at=due + HOUR,
        reason="Network",
        user_id=people.supervisor.user_id,
        at=due + HOUR,
    )

    sweeps.run(due + HOUR + MINUTE)

    assert again(case).status == "pending_merchant"
    assert again(case).due_at == due + 3 * HOUR
    sweeps.fire_deadlines(due + 3 * HOUR + MINUTE)
    assert again(case).status == "awaiting_return"


def test_an_outage_moves_once_and_only_what_ran_then(order, people):
    before = stage("awaiting_return", order, people)
    outages.declare(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )
    outage = Outage.objects.get()
    after = opened(sold(merchant=order.merchant, buyer=order.buyer), by=people.buyer, at=NOON + 6 * HOUR)

    moved = [outages.apply(outage, at=NOON + 6 * HOUR) for _time in range(2)]

    assert moved == [1, 0]
    assert again(before).due_at == before.due_at + 3 * HOUR
    assert again(after).due_at == after.due_at


def test_overlapping_outages_count_each_minute_once(order, people):
    case = opened(order, by=people.buyer)
    for begins, ends in ((2, 5), (3, 6), (2, 6)):
        outages.declare(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="Network", user_id=None, at=NOON + DAY
        )

    sweeps.apply_outages(NOON + DAY)

    assert again(case).due_at == case.due_at + 4 * HOUR


def test_a_paused_clock_loses_nothing_to_an_outage(order, people):
    case = stage("pending_buyer", order, people)
    left = case.deadlines.get(kind="merchant_response").left
    outages.declare(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )

    sweeps.apply_outages(NOON + 6 * HOUR)

    assert case.deadlines.get(kind="merchant_response").left == left
    assert again(case).due_at == case.due_at + 3 * HOUR


def test_what_the_platform_owes_is_not_put_off_by_its_outage(unshipped, people):
    case = refund_case(unshipped, people, NOON)
    outages.declare(
        started_at=NOON + HOUR, ended_at=NOON + 9 * HOUR, reason="Network", user_id=None, at=NOON + 9 * HOUR
    )

    sweeps.apply_outages(NOON + 9 * HOUR)

    assert again(case).due_at == case.due_at


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (1, 1), (1, 99)])
def test_an_outage_starts_before_it_ends_and_has_ended(begins, ends):
    with pytest.raises(Refused):
        outages.declare(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="?", user_id=None, at=NOON + 3 * HOUR
        )
