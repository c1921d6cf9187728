"""Deadlines that people extend: with a reason, by the step of the policy, within its limit."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import extensions
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, stage
from tests.factories import NOON

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


def test_a_deadline_that_is_put_aside_is_not_extended(order, people):
    case = stage("arbitration", order, people)
    case.deadlines.filter(kind="evidence").update(status="quarantined")

    with pytest.raises(Refused, match="No deadline"):
        extensions.extend(case.pk, by=people.supervisor, at=case.due_at, why="More time.")


def test_a_dispute_whose_evidence_is_closed_has_a_decision_to_extend(order, people):
    case = stage("arbitration", order, people)
    sweeps.fire_deadlines(case.due_at + MINUTE)
    due = again(case).due_at

    case = extensions.extend(case.pk, by=people.supervisor, at=case.due_at + HOUR, why="More time.", days=1)

    assert (case.due_kind, case.due_at) == ("decision", due + DAY)
