"""A dispute never waits without a clock: evidence, a further round, the decision, the next supervisor, a breach."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from aftersales import sweeps
from aftersales.actions.disputes import arbitration, evidence, hearings
from aftersales.actions.parties import notices
from aftersales.models import Case, Notice, Policy, User
from aftersales.queries.console import queue
from orders.refusals import Refused
from tests.aftersales.actions.disputes.dispute_clocks import referred
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, picture, stage
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


@pytest.fixture
def colleague(people):
    """A second supervisor, whose turn comes after the first."""
    User.objects.filter(username="supervisor2").update(email="second@example.com", language="zh-hans")
    return User.objects.get(username="supervisor2")


def test_a_decision_is_due_once_the_file_is_complete_and_goes_to_the_next_supervisor_then_breaches(disputed, colleague):
    decided = passed(disputed)
    assert (decided.due_kind, decided.due_at - decided.moved_at) == ("decision", 48 * HOUR)

    passed_on = passed(disputed)
    assert (passed_on.due_kind, passed_on.breached_at) == ("last_decision", None)
    assert passed_on.assignee is not None

    late = passed(disputed)
    assert (late.status, late.due_kind, late.breached_at) == ("arbitration", "overdue_decision", late.moved_at)
    assert late.due_at - late.moved_at == 48 * HOUR
    assert late.assignee != passed_on.assignee
    assert broken() == []


def test_an_overdue_decision_is_in_the_list_of_what_was_missed(disputed, colleague, people):
    for _clock in range(3):
        passed(disputed)

    for params in ({"view": "breached"}, {"state": "arbitration", "deadline": "overdue_decision"}):
        assert list(queue.whole(colleague, params, NOON)) == [(disputed.pk,)]


def test_the_supervisors_take_turns(disputed, colleague, people):
    turns = [passed(disputed).assignee_id for _clock in range(5)]

    first, second = people.supervisor.user_id, colleague.pk
    assert turns == [None, first, second, first, second]


def test_the_next_supervisor_is_told_and_of_a_breach_all_are(disputed, colleague, people):
    told = []
    for _clock in range(3):
        at = passed(disputed).moved_at
        told.append(sorted(Notice.objects.filter(user__isnull=False, due_at=at).values_list("user_id", flat=True)))

    assert told == [[], [people.supervisor.user_id], [people.supervisor.user_id, colleague.pk]]


def test_people_are_told_in_their_language(disputed, colleague, mailoutbox):
    for _clock in range(3):
        at = passed(disputed).moved_at
    notices.deliver_due(at)

    mine = [mail for mail in mailoutbox if mail.to == ["second@example.com"]]
    assert len(mine) == 1
    assert "平台" in mine[0].subject
    assert "裁定超时：截止" in mine[0].body


def test_without_a_supervisor_the_decision_is_overdue_all_the_same(disputed, people):
    User.objects.update(is_active=False)

    for _clock in range(3):
        late = passed(disputed)

    assert (late.breached_at, late.assignee) == (late.moved_at, None)


def test_lengths_come_from_the_policy_of_the_case(order, people):
    Policy.objects.update(evidence_hours=5, decision_hours=7)
    case = stage("arbitration", order, people)

    assert case.due_at - case.moved_at == 5 * HOUR
    assert passed(case).due_at - again(case).moved_at == 7 * HOUR


@pytest.mark.parametrize("by", ["buyer", "merchant", "agent", "supervisor", "warehouse"])
def test_evidence_after_its_time_is_refused(by, disputed, people):
    actor = getattr(people, by)
    evidence.add(disputed.pk, [picture()], by=actor, at=disputed.due_at)

    # Before the sweep has come, and after it.
    with pytest.raises(Refused, match="time for evidence is over"):
        evidence.add(disputed.pk, [picture()], by=actor, at=disputed.due_at + timedelta(seconds=1))
    passed(disputed)
    with pytest.raises(Refused, match="time for evidence is over"):
        evidence.add(disputed.pk, [picture()], by=actor, at=disputed.due_at + 40 * HOUR)
    assert disputed.evidence.count() == 1


def test_evidence_rests_with_a_suspended_case(disputed, people):
    arbitration.suspend(disputed.pk, by=people.supervisor, at=NOON + 3 * HOUR, cause="police", why="It asks.")
    with pytest.raises(Refused, match="suspended"):
        evidence.add(disputed.pk, [picture()], by=people.buyer, at=NOON + 4 * HOUR)

    arbitration.resume(disputed.pk, by=people.supervisor, at=NOON + 4 * DAY)

    assert evidence.add(disputed.pk, [picture()], by=people.buyer, at=NOON + 4 * DAY + HOUR)


@pytest.mark.parametrize(
    ("spoken", "silent"),
    [((), ["buyer", "merchant"]), (("buyer",), ["merchant"]), (("merchant",), ["buyer"]), (("buyer", "merchant"), [])],
)
def test_who_was_silent_is_on_record_when_it_is_decided_on_file(spoken, silent, disputed, people):
    for side in spoken:
        evidence.add(disputed.pk, [picture()], by=getattr(people, side), at=NOON + 3 * HOUR)

    passed(disputed)

    assert disputed.events.get(action="close_evidence").data.get("silent", []) == silent


def test_a_further_round_counts_four_hours_of_service_and_the_decision_waits_for_it(disputed, people):
    passed(disputed)
    shanghai = timedelta(hours=8)
    asked_at = datetime(2026, 3, 12, 16, tzinfo=UTC) - shanghai  # 16:00 of the shop: two hours are left today
    case = hearings.ask_evidence(disputed.pk, by=people.supervisor, at=asked_at, why="Which label?")

    assert (case.due_kind, case.due_at) == ("more_evidence", datetime(2026, 3, 13, 11, tzinfo=UTC) - shanghai)
    assert evidence.add(case.pk, [picture()], by=people.merchant, at=case.due_at)

    case = passed(case)
    assert (case.due_kind, case.due_at - case.moved_at) == ("decision", 48 * HOUR)
    assert case.events.filter(action="close_evidence").last().data == {"silent": ["buyer"]}
    assert broken() == []


def test_there_is_one_further_round_and_none_while_evidence_is_taken(disputed, people):
    with pytest.raises(Refused, match="can still add evidence"):
        hearings.ask_evidence(disputed.pk, by=people.supervisor, at=NOON + 3 * HOUR, why="Which label?")
    closed = passed(disputed)
    with pytest.raises(Refused, match="what is missing"):
        hearings.ask_evidence(disputed.pk, by=people.supervisor, at=closed.moved_at, why=" ")
    hearings.ask_evidence(disputed.pk, by=people.supervisor, at=closed.moved_at, why="Which label?")
    closed = passed(disputed)

    with pytest.raises(Refused, match="further round was given"):
        hearings.ask_evidence(disputed.pk, by=people.supervisor, at=closed.moved_at, why="And which box?")


def test_what_a_suspension_brought_may_be_asked_for(disputed, people):
    case = at_clock_again(disputed, people)
    arbitration.suspend(case.pk, by=people.supervisor, at=case.moved_at + HOUR, cause="court", why="It was sued.")
    case = arbitration.resume(case.pk, by=people.supervisor, at=case.moved_at + 30 * DAY)

    asked = hearings.ask_evidence(case.pk, by=people.supervisor, at=case.moved_at + HOUR, why="The judgement, please.")

    assert asked.due_kind == "more_evidence"


def at_clock_again(case, people):
    """After the evidence and a further round."""
    closed = passed(case)
    hearings.ask_evidence(case.pk, by=people.supervisor, at=closed.moved_at, why="Which label?")
    return passed(case)


def test_goods_that_something_speaks_against_are_decided_within_a_day(order, people, colleague):
    case = referred(order, people)

    assert (case.status, case.due_kind, case.due_at - case.moved_at) == ("arbitration", "referral", 24 * HOUR)
    assert case.assignee_id == people.supervisor.user_id
    told = Notice.objects.filter(action="refer_inspection")
    assert sorted(told.values_list("recipient", flat=True)) == ["buyer", "merchant", "supervisor", "supervisor"]

    case = passed(case)
    assert (case.due_kind, case.assignee_id) == ("last_decision", colleague.pk)
    assert passed(case).due_at is not None
    assert broken() == []


def test_a_dispute_of_an_earlier_version_that_waits_without_a_clock_gets_one(disputed):
    passed(disputed)
    disputed.deadlines.filter(status="pending").delete()
    Case.objects.filter(pk=disputed.pk).update(due_at=None, due_kind="")
    begin = import_module("aftersales.migrations.0036_dispute_clocks").BEGIN
    assert broken() != []

    with connection.cursor() as cursor:
        cursor.execute(begin)

    case = again(disputed)
    assert (case.due_kind, case.due_at) == ("decision", case.deadlines.get(kind="decision", status="pending").due_at)
    assert broken() == []
