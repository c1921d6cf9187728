"""An act for many cases with several workers, and with one that is killed: each row is done once."""

import multiprocessing
import os
import signal
from collections import Counter

import pytest
from django.db import connection

from aftersales import sweeps
from aftersales.actions.console import bulk
from aftersales.actions.conversation import messages
from aftersales.models import BulkJob, BulkRow, Message, Team, User
from aftersales.queries.console.bulk import Selected
from aftersales.rules.vocabulary import Role
from tests.factories import NOON, opened
from tests.people import person
from tests.races.clones import cloned
from tests.races.together import at_once, locks, nothing_broken, pausing, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def writer(db):
    user = person("writer", Role.AGENT)
    user.teams.add(Team.objects.get_or_create(name="Desk")[0])
    return user


def noted(cases, by):
    """A job that writes a note into each of them."""
    return bulk.begin("note", {"text": "x"}, [Selected(case.pk, case.version) for case in cases], by=by, at=NOON)


def notes_per_case():
    return Counter(Message.objects.filter(is_note=True).values_list("case_id", flat=True))


@locks
def test_two_workers_do_each_row_once(locked, order, people, writer, monkeypatch):
    cases = cloned(opened(order, by=people.buyer), 40 if locked else 20)
    job = noted(cases, writer)
    pausing(monkeypatch, messages, "note")
    if not locked:
        unlock(monkeypatch)

    at_once(*[lambda: sweeps.run_bulk(NOON)] * 3)

    if not locked:
        assert max(notes_per_case().values()) > 1, "without locks a row must be done twice, or this race proves nothing"
        return
    assert notes_per_case() == Counter({case.pk: 1 for case in cases})
    job.refresh_from_db()
    assert job.status == "done"
    assert set(job.rows.values_list("outcome", flat=True)) == {"done"}
    nothing_broken()


def test_cancelling_while_two_workers_run_ends_it_for_both(order, people, writer, monkeypatch):
    job = noted(cloned(opened(order, by=people.buyer), 60), writer)
    pausing(monkeypatch, messages, "note")

    at_once(lambda: sweeps.run_bulk(NOON), lambda: sweeps.run_bulk(NOON), lambda: bulk.cancel(job, at=NOON))

    done = BulkRow.objects.filter(outcome="done").count()
    assert done == Message.objects.count() < 60
    assert BulkRow.objects.filter(outcome="cancelled").count() == 60 - done
    assert BulkJob.objects.get().status == "cancelled"


def worker_that_dies(row_number):
    """Does rows until one, whose act is done and not committed when the process is killed."""
    connection.connect()
    write, done = bulk._write, []

    def dying(row, outcome, at):
        write(row, outcome, at)
        done.append(row.pk)
        if len(done) == row_number:
            os.kill(os.getpid(), signal.SIGKILL)

    bulk._write = dying
    sweeps.run_bulk(NOON)


@pytest.mark.parametrize("row_number", [1, 4])
def test_a_killed_worker_loses_and_doubles_nothing(row_number, order, people, writer):
    cases = cloned(opened(order, by=people.buyer), 10)
    job = noted(cases, writer)
    connection.close()
    child = FORK.Process(target=worker_that_dies, args=[row_number])
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert job.rows.filter(outcome="done").count() == row_number - 1
    assert BulkJob.objects.get().is_moving

    sweeps.run_bulk(NOON)

    assert notes_per_case() == Counter({case.pk: 1 for case in cases})
    assert BulkJob.objects.get().status == "done"


def test_two_jobs_about_the_same_cases_agree_once(order, people):
    """One has it done, the other is told of the conflict; the gate's own races have controls in test_decisions."""
    cases = cloned(opened(order, by=people.buyer), 20)
    picked = [Selected(case.pk, case.version) for case in cases]
    for boss in (people.supervisor, people.supervisor2):
        bulk.begin("approve", {"why": ""}, picked, by=User.objects.get(pk=boss.user_id), at=NOON)

    at_once(lambda: sweeps.run_bulk(NOON), lambda: sweeps.run_bulk(NOON))
    while sweeps.run_bulk(NOON):
        continue

    assert Counter(BulkRow.objects.values_list("outcome", flat=True)) == {"done": 20, "conflict": 20}
    nothing_broken()
