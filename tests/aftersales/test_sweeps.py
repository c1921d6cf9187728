"""The sweep notes when the clock itself has slept: that is an outage."""

import pytest

from aftersales import sweeps
from aftersales.models import ClockBeat, Outage
from tests.aftersales.promised import SECOND
from tests.aftersales.stages import HOUR, MINUTE, again
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


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
