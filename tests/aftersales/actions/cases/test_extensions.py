"""Deadlines that move: extensions by people, outages, a clock that slept."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import extensions
from aftersales.models import ClockBeat, Outage
from orders.refusals import Refused
from tests.aftersales.promised import SECOND, refund_case
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_an_extension_needs_a_reason_and_moves_the_date_by_the_policys_step(order, people):
    case = stage("awaiting_return", order, people)
    due = case.due_at

    with pytest.raises(Refused, match="why"):
        extensions.extend(case.pk, by=people.agent, at=NOON + DAY, why=" ")
    case = extensions.extend(case.pk, by=people.agent, at=NOON + DAY, why="She is in hospital.")

    assert case.due_at == due + 3 * DAY
    assert case.events.get(action="extend").why == "She is in hospital."
    assert case.events.get(action="extend").data["days"] == 3


def test_past_the_limit_only_a_supervisor_extends(order, people):
    case = stage("awaiting_return", order, people)
    extensions.extend(case.pk, by=people.agent, at=NOON + DAY, why="Once.")

    with pytest.raises(Refused, match="ask a supervisor"):
        extensions.extend(case.pk, by=people.agent, at=NOON + DAY, why="Twice.")
    due = again(case).due_at
    case = extensions.extend(case.pk, by=people.supervisor, at=NOON + DAY, why="Flood.", days=10)

    assert case.due_at == due + 10 * DAY


@pytest.mark.parametrize("days", [0, -3, 31])
def test_a_supervisor_extends_by_one_to_thirty_days(days, order, people):
    case = stage("awaiting_return", order, people)

    with pytest.raises(Refused, match="between 1 and 30"):
        extensions.extend(case.pk, by=people.supervisor, at=NOON + DAY, why="Flood.", days=days)


def test_nothing_runs_nothing_is_extended(order, people):
    case = stage("arbitration", order, people)
    sweeps.fire_deadlines(case.due_at + MINUTE)
    assert again(case).due_at is None

    with pytest.raises(Refused, match="No deadline"):
        extensions.extend(case.pk, by=people.supervisor, at=case.due_at + HOUR, why="More time.")


def test_an_outage_moves_deadlines_before_the_clock_acts(order, people):
    case = opened(order, by=people.buyer)
    due = case.due_at
    extensions.declare_outage(
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
    extensions.declare_outage(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )
    outage = Outage.objects.get()
    after = opened(sold(merchant=order.merchant, buyer=order.buyer), by=people.buyer, at=NOON + 6 * HOUR)

    moved = [extensions.apply_outage(outage, at=NOON + 6 * HOUR) for _time in range(2)]

    assert moved == [1, 0]
    assert again(before).due_at == before.due_at + 3 * HOUR
    assert again(after).due_at == after.due_at


def test_overlapping_outages_count_each_minute_once(order, people):
    case = opened(order, by=people.buyer)
    for begins, ends in ((2, 5), (3, 6), (2, 6)):
        extensions.declare_outage(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="Network", user_id=None, at=NOON + DAY
        )

    sweeps.apply_outages(NOON + DAY)

    assert again(case).due_at == case.due_at + 4 * HOUR


def test_a_paused_clock_loses_nothing_to_an_outage(order, people):
    case = stage("pending_buyer", order, people)
    left = case.deadlines.get(kind="merchant_response").left
    extensions.declare_outage(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 5 * HOUR, reason="Network", user_id=None, at=NOON + 6 * HOUR
    )

    sweeps.apply_outages(NOON + 6 * HOUR)

    assert case.deadlines.get(kind="merchant_response").left == left
    assert again(case).due_at == case.due_at + 3 * HOUR


def test_what_the_platform_owes_is_not_put_off_by_its_outage(unshipped, people):
    case = refund_case(unshipped, people, NOON)
    extensions.declare_outage(
        started_at=NOON + HOUR, ended_at=NOON + 9 * HOUR, reason="Network", user_id=None, at=NOON + 9 * HOUR
    )

    sweeps.apply_outages(NOON + 9 * HOUR)

    assert again(case).due_at == case.due_at


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (1, 1), (1, 99)])
def test_an_outage_starts_before_it_ends_and_has_ended(begins, ends):
    with pytest.raises(Refused):
        extensions.declare_outage(
            started_at=NOON + begins * HOUR, ended_at=NOON + ends * HOUR, reason="?", user_id=None, at=NOON + 3 * HOUR
        )


def test_a_clock_that_slept_moves_what_ran_meanwhile(order, people):
    sweeps.run(NOON)
    case = opened(order, by=people.buyer)

    sweeps.run(case.due_at + 6 * HOUR)

    assert again(case).status == "pending_merchant"
    assert again(case).due_at == case.due_at + 54 * HOUR
    assert Outage.objects.get().moved_count == 1


def test_a_sleep_is_counted_once_even_when_the_first_sweep_after_it_fails(order, people):
    sweeps.run(NOON)
    case = opened(order, by=people.buyer)

    sweeps.note_sleep(NOON + 6 * HOUR)
    sweeps.apply_outages(NOON + 6 * HOUR)
    sweeps.run(NOON + 6 * HOUR + 30 * SECOND)

    assert Outage.objects.count() == 1
    assert again(case).due_at == case.due_at + 6 * HOUR


def test_a_clock_that_ticks_makes_no_outage():
    for minute in range(0, 40, 9):
        sweeps.run(NOON + minute * MINUTE)

    assert not Outage.objects.exists()
    assert ClockBeat.objects.get().beat_at == NOON + 36 * MINUTE
