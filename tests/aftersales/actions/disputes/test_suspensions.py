"""A suspension has a cause, which says how long it may take; every other clock of the dispute rests meanwhile."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from aftersales import sweeps
from aftersales.actions.disputes import arbitration
from aftersales.models import Case
from aftersales.rules.policies import clock_lines
from tests.aftersales.actions.disputes.dispute_clocks import at_clock
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, stage
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def passed(case):
    """The case after the clock has seen what is due."""
    sweeps.fire_deadlines(again(case).due_at + MINUTE)
    return again(case)


@pytest.fixture
def disputed(order, people):
    """With a first reply in time: nothing was missed yet."""
    case = stage("arbitration", order, people)
    Case.objects.filter(pk=case.pk).update(breached_at=None)
    return again(case)


@pytest.mark.parametrize("kind", clock_lines.lines_in("arbitration")[0])
def test_a_suspension_stops_whatever_clock_ran_and_it_goes_on_with_what_was_left(kind, order, people):
    case = at_clock(kind, order, people)
    due_at, at = case.due_at, case.moved_at + HOUR
    left = due_at - at
    arbitration.suspend(case.pk, by=people.supervisor, at=at, cause="court", why="It was sued.")
    assert case.deadlines.get(kind=kind, status="paused").left == left

    case = arbitration.resume(case.pk, by=people.supervisor, at=at + 10 * DAY)

    assert (case.due_kind, case.due_at, case.suspension_cause) == (kind, due_at + 10 * DAY, "")
    assert broken() == []


@pytest.mark.parametrize(
    ("cause", "until"),
    [
        ("joint_request", datetime(2026, 3, 19, 9, tzinfo=UTC)),  # seven working days after Tuesday, 10 March
        ("police", datetime(2026, 4, 9, 9, tzinfo=UTC)),
        ("court", datetime(2026, 9, 10, 9, tzinfo=UTC)),
    ],
)
def test_a_suspension_lasts_as_its_cause_says_and_is_then_taken_up_again(cause, until, disputed, people):
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    case = arbitration.suspend(disputed.pk, by=people.supervisor, at=at, cause=cause, why="It is written.")
    assert (case.suspension_cause, case.due_kind, case.due_at) == (cause, "suspension", until)
    assert case.events.last().data == {"cause": cause}

    case = passed(case)

    assert (case.status, case.suspension_cause, case.due_kind) == ("arbitration", "", "evidence")


@pytest.mark.parametrize("cause", ["", "holiday"])
def test_a_suspension_needs_a_cause_of_the_list(cause, disputed, people):
    with pytest.raises(ValueError, match="SuspensionCause"):
        arbitration.suspend(disputed.pk, by=people.supervisor, at=NOON + 3 * HOUR, cause=cause, why="It is written.")


@pytest.mark.parametrize(("status", "cause"), [("suspended", ""), ("suspended", "holiday"), ("arbitration", "court")])
def test_the_database_refuses_a_suspension_without_a_cause_and_a_cause_without_one(status, cause, disputed):
    change = "UPDATE aftersales_case SET status = %s, suspension_cause = %s WHERE id = %s"

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="case_suspended_has_cause"):
        cursor.execute(change, [status, cause, disputed.pk])
