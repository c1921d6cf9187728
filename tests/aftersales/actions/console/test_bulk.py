"""One act for many cases: each row once, by the same rules as one act for one case, with its result and reason."""

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions, extensions
from aftersales.actions.console import bulk
from aftersales.actions.conversation import messages
from aftersales.models import BulkRow, Event, Message, Team, User
from aftersales.queries.people.actors import actor_for
from orders.refusals import Refused
from tests.aftersales.bulk_jobs import asked, begun, only_outcomes, picked, results
from tests.aftersales.many import many
from tests.aftersales.stages import HOUR, refusal
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


def test_what_moved_after_it_was_selected_is_a_conflict_and_on_record(order, buyer, agent_user, boss):
    rows = asked(order, buyer, 2)
    job = begun("approve", rows, agent_user)
    decisions.reject(rows[0].pk, by=actor_for(boss), at=NOON, reason=refusal())

    told = results(job)

    assert [told[row.pk][0] for row in rows] == ["conflict", "done"]
    assert "changed meanwhile" in told[rows[0].pk][1]
    assert Event.objects.filter(case=rows[0], action="attempt").count() == 1


def test_rights_are_those_of_the_person_when_the_row_is_done(case, agent_user, boss):
    hidden, shown = many(case, 1, team=Team.objects.get(name="Desk"))[0], case
    job = begun("note", [hidden, shown], agent_user, text="x")
    agent_user.teams.clear()

    told = results(job)

    assert told[hidden.pk] == ("refused", "You can not open this case any more.")
    assert told[shown.pk][0] == "done"


def test_somebody_who_was_switched_off_does_nothing_more(case, agent_user):
    job = begun("note", [case], agent_user, text="x")
    User.objects.filter(pk=agent_user.pk).update(is_active=False)

    assert only_outcomes(job) == ["refused"]
    assert not Message.objects.exists()


def test_nobody_begins_what_they_may_not_do_or_see(case, agent_user):
    others = many(case, 1, team=Team.objects.create(name="Night"))

    with pytest.raises(gate.Forbidden):
        begun("assign", [case], agent_user, agent=None)
    with pytest.raises(Refused, match="No case is selected"):
        begun("note", others, agent_user, text="x")
    job = begun("note", [case, *others], agent_user, text="x")

    assert [row.case_id for row in job.rows.all()] == [case.pk]


def test_a_row_that_breaks_stops_no_other_and_undoes_itself(case, agent_user, monkeypatch):
    rows, note = many(case, 3), messages.note

    def poisoned(case_id, text, **said):
        done = note(case_id, text, **said)
        if case_id == rows[1].pk:
            raise RuntimeError("poison")
        return done

    monkeypatch.setattr(messages, "note", poisoned)

    told = results(begun("note", rows, agent_user, text="x"))

    assert [told[row.pk][0] for row in rows] == ["done", "failed", "done"]
    assert Message.objects.count() == 2


def test_a_cancelled_job_does_no_further_rows(case, agent_user):
    job = begun("note", many(case, 5), agent_user, text="x")
    for _row in range(2):
        bulk.perform_next(NOON)

    assert bulk.cancel(job, at=NOON)
    assert not bulk.cancel(job, at=NOON)

    assert sorted(only_outcomes(job)) == ["cancelled"] * 3 + ["done"] * 2
    assert Message.objects.count() == 2
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_retry_takes_the_rows_not_done_with_their_present_versions(order, buyer, agent_user, boss):
    rows = asked(order, buyer, 3)
    job = begun("approve", rows, agent_user)
    extensions.extend(rows[0].pk, by=actor_for(boss), at=NOON, why="x", days=1)
    assert sorted(only_outcomes(job)) == ["conflict", "done", "done"]

    again = bulk.retry(job, by=agent_user, at=NOON)

    assert again.retry_of == job
    assert results(again) == {rows[0].pk: ("done", "")}
    with pytest.raises(gate.Forbidden):
        bulk.retry(job, by=boss, at=NOON)
    with pytest.raises(Refused, match="No case is selected"):
        bulk.retry(again, by=agent_user, at=NOON)


def test_reasons_are_in_the_language_of_who_asked(case, agent_user, boss):
    rows = many(case, 1, assignee=agent_user)
    job = bulk.begin("take", {}, picked(*rows), by=agent_user, at=NOON, language="zh-hans")

    assert results(job) == {rows[0].pk: ("skipped", "已由您负责。")}


def test_a_case_that_somebody_holds_is_tried_later_and_given_up_in_the_end(case, agent_user, monkeypatch):
    def busy(case_id, text, **said):
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    monkeypatch.setattr(messages, "note", busy)
    job, at = begun("note", [case], agent_user, text="x"), NOON

    assert sweeps.run_bulk(at) == 1
    assert sweeps.run_bulk(at) == 0
    assert BulkRow.objects.get().outcome == "waiting"
    for _try in range(4):
        at += HOUR
        sweeps.run_bulk(at)

    (told,) = results(job, at).values()
    assert told[0] == "conflict"
    assert "at this moment" in told[1]
