"""Deadlines that are due: the clock acts after the cut-off, once; failing is put aside and holds up nothing else."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, extensions
from aftersales.models import Deadline
from aftersales.rules.vocabulary import CaseType
from logistics.models import ReturnAddress
from orders.refusals import Refused
from tests.aftersales.promised import SECOND
from tests.aftersales.stages import DAY, HOUR, MINUTE, again
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(order, buyer):
    """A case whose deadline can not be kept: the shop has no address any more."""
    case = opened(order, by=buyer)
    ReturnAddress.objects.filter(merchant=order.merchant).update(is_active=False)
    return case


def test_the_clock_acts_a_minute_after_the_cut_off_and_once(order, buyer):
    case = opened(order, by=buyer)

    fired = [sweeps.fire_deadlines(case.due_at + wait)["merchant_response"] for wait in (59 * SECOND, MINUTE, HOUR)]

    assert fired == [0, 1, 0]
    assert case.deadlines.get(kind="merchant_response").status == "fired"


def test_silence_is_counted_as_approved_by_the_clock(order, buyer):
    case = opened(order, by=buyer)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert case.clock_approved_at == case.approved_at == case.breached_at
    assert case.return_address is not None
    assert case.rounds.get().outcome == "agreed"


def test_many_silent_merchants_are_answered_for_in_one_sweep(shop, order, buyer):
    asked = [opened(sold(merchant=shop, buyer=order.buyer), by=buyer) for _number in range(12)]
    mixed = opened(sold(merchant=shop, buyer=order.buyer, unshipped=True), by=buyer, type=CaseType.REFUND_ONLY)

    done = sweeps.fire_deadlines(asked[0].due_at + MINUTE)

    assert done["merchant_response"] == 13
    assert {again(case).status for case in asked} == {"awaiting_return"}
    assert again(mixed).status == "refunding"
    assert Deadline.objects.filter(kind="ship_return", status="pending").count() == 12


def test_a_deadline_that_keeps_failing_is_held_longer_each_time_and_then_put_aside(failing):
    row = failing.deadlines.get(kind="merchant_response")
    at, holds = failing.due_at + MINUTE, []
    for _try in range(5):
        sweeps.fire_deadlines(at)
        row.refresh_from_db()
        holds.append(row.hold_until - at)
        at = row.hold_until

    assert holds == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 32 * MINUTE]
    assert (row.status, row.tries) == ("quarantined", 5)
    assert "no return address" in row.last_error
    assert sweeps.fire_deadlines(at + DAY)["merchant_response"] == 0
    assert again(failing).version == 1


def test_a_deadline_that_failed_is_left_alone_while_it_is_held(failing):
    sweeps.fire_deadlines(failing.due_at + MINUTE)

    sweeps.fire_deadlines(failing.due_at + MINUTE + 119 * SECOND)

    assert failing.deadlines.get(kind="merchant_response").tries == 1


def test_ten_cases_that_fail_do_not_hold_up_the_others(failing, order, buyer):
    for _number in range(9):
        opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)
    elsewhere = sold()
    sound = [
        opened(sold(merchant=elsewhere.merchant, buyer=order.buyer), by=buyer, at=NOON + SECOND)
        for _number in range(20)
    ]

    sweeps.fire_deadlines(failing.due_at + HOUR)

    assert {again(case).status for case in sound} == {"awaiting_return"}
    assert Deadline.objects.filter(kind="merchant_response", status="pending", tries=1).count() == 10


def test_a_quarantined_promise_is_not_extended_and_a_person_can_still_decide(failing, people):
    Deadline.objects.filter(case=failing, kind="merchant_response").update(status="quarantined")

    with pytest.raises(Refused, match="No deadline"):
        extensions.extend(failing.pk, by=people.supervisor, at=NOON + 50 * HOUR, why="Later.")
    ReturnAddress.objects.update(is_active=True)

    assert decisions.approve(failing.pk, by=people.merchant, at=NOON + 50 * HOUR).status == "awaiting_return"
