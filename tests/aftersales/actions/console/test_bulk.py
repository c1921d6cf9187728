"""One act for many cases: each row once, by the same rules as one act for one case, with its result and reason."""

from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import LockNotAvailable

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions, extensions
from aftersales.actions.console import assignment, bulk
from aftersales.actions.conversation import messages
from aftersales.models import BulkRow, Case, Event, Message, Policy, Team, User
from aftersales.queries.console import bulk as queries
from aftersales.queries.console.bulk import Picked
from aftersales.queries.people.actors import actor_for
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import CaseType, Status
from orders.refusals import Refused
from tests.aftersales.many import many
from tests.aftersales.stages import HOUR, refusal
from tests.aftersales.stored_tools import reply
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


def asked(order, buyer, count, amount=100):
    """So many cases that can be agreed to, each about an unshipped order of the same buyer."""
    shared = {"merchant": order.merchant, "buyer": order.buyer, "unshipped": True}
    orders = [sold(lines=[(2, amount)], **shared) for _each in range(count)]
    return [opened(each, by=buyer, type=CaseType.REFUND_ONLY) for each in orders]


def picked(*rows):
    return [Picked(row.pk, row.version) for row in rows]


def begun(action, rows, by, **terms):
    return bulk.begin(action, terms, picked(*rows), by=by, at=NOON)


def results(job, at=NOON):
    """Outcome and reason of each row by its case, once all is done."""
    while sweeps.run_bulk(at):
        continue
    job.refresh_from_db()
    assert not job.is_moving
    return {row.case_id: (row.outcome, row.reason) for row in job.rows.all()}


def only_outcomes(job, at=NOON):
    return [outcome for outcome, _reason in results(job, at).values()]


def test_a_supervisor_assigns_many_and_who_has_one_already_is_skipped(case, boss, agent_user, agent):
    rows = [case, *many(case, 3)]
    assignment.assign(rows[1].pk, agent_user, by=actor_for(boss), at=NOON)

    told = results(begun("assign", rows, boss, agent=agent_user.pk, why="Holidays"))

    assert [told[row.pk][0] for row in rows] == ["done", "skipped", "done", "done"]
    assert told[rows[1].pk][1] == "It is with this person already."
    assert Case.objects.filter(assignee=agent_user).count() == 4
    assert Event.objects.filter(action="assign", why="Holidays").count() == 3


def test_assigning_to_nobody_and_to_a_team(case, boss, agent_user):
    rows, night = many(case, 2, assignee=agent_user), Team.objects.create(name="Night")

    assert only_outcomes(begun("assign", rows, boss, agent=None)) == ["done", "done"]
    assert only_outcomes(begun("team", rows, boss, team=night.pk)) == ["done", "done"]
    assert only_outcomes(begun("team", rows, boss, team=night.pk)) == ["skipped", "skipped"]

    assert Case.objects.filter(assignee=None, team=night).count() == 2


def test_an_agent_takes_what_is_free_until_the_hands_are_full(case, agent_user, boss):
    User.objects.filter(pk=agent_user.pk).update(capacity=2)
    rows = [*many(case, 1, assignee=boss), *many(case, 3)]

    told = list(results(begun("take", rows, User.objects.get(pk=agent_user.pk))).values())

    assert [outcome for outcome, _why in told] == ["refused", "done", "done", "refused"]
    assert told[0][1] == "Supervisor works on it."
    assert told[3][1] == "You have 2 of 2 cases: finish one first."


def test_notes_and_messages_are_written_into_each(case, agent_user):
    rows = [case, *many(case, 2)]

    assert only_outcomes(begun("note", rows, agent_user, text="Wait for the photo")) == ["done"] * 3
    assert only_outcomes(begun("message", rows, agent_user, text="We are looking at it")) == ["done"] * 3

    assert Message.objects.filter(is_note=True, body="Wait for the photo").count() == 3
    assert Message.objects.filter(is_note=False, user=agent_user).count() == 3


def test_a_message_is_filled_in_by_each_case(case, agent, agent_user):
    other = many(case, 1)[0]
    kept = reply(agent, Scope.PERSONAL, body_en="{case} is here", body_zh="{售后单号}收到了")
    for row, said in ((case, "It broke"), (other, "这个坏了")):
        Case.objects.filter(pk=row.pk).update(description=said)

    canned = begun("message", [case, other], agent_user, text="", reply=kept.pk)
    typed = begun("note", [case, other], agent_user, text="About {order}")

    assert set(only_outcomes(canned)) == set(only_outcomes(typed)) == {"done"}
    sent = dict(Message.objects.filter(is_note=False).values_list("case", "body"))
    assert sent == {case.pk: f"{case.number} is here", other.pk: f"{other.number}收到了"}
    noted = dict(Message.objects.filter(is_note=True).values_list("case", "body"))
    assert noted == {one.pk: f"About {one.order.number}" for one in (case, other)}
    kept.refresh_from_db()
    assert kept.used_count == 2


def test_what_a_case_can_not_fill_in_is_not_sent_there(case, agent_user):
    job = begun("message", [case], agent_user, text="Your parcel {sent_waybill}")
    gone = begun("message", [case], agent_user, text="", reply=987654)

    assert "Still to be filled in: {sent_waybill}" in results(job)[case.pk][1]
    assert results(gone)[case.pk] == ("refused", "This canned reply is not in use any more.")
    assert not Message.objects.exists()


def test_agreeing_obeys_the_limits_one_by_one(order, agent_user, buyer):
    """An agent decides 200 alone and 550 a day here: each asks for 110, the sixth is refused, so is what is dear."""
    rows, dear = asked(order, buyer, 6), asked(order, buyer, 1, amount=900)
    Policy.objects.update(authority_agent=200, authority_agent_day=550, authority_percent=100)

    preview = queries.preview("approve", {}, picked(*rows, *dear), user=agent_user, by=actor_for(agent_user), at=NOON)
    told = results(begun("approve", [*rows, *dear], agent_user))

    assert [outcome for outcome, _why in told.values()] == ["done"] * 5 + ["refused"] * 2
    assert "a day" in told[rows[5].pk][1]
    assert "above your limit" in told[dear[0].pk][1]
    assert (preview.able, sum(map(len, preview.out.values()))) == (5, 2)
    assert preview.sums == {"CNY": Decimal(550)}
    assert Case.objects.filter(status=Status.REFUNDING).count() == 5


def test_rejecting_and_extending_are_the_moves_of_the_page(order, buyer, boss, agent_user):
    rows = asked(order, buyer, 2)

    extended = only_outcomes(begun("extend", rows, boss, why="Public holiday", days=2))
    rows = list(Case.objects.filter(pk__in=[row.pk for row in rows]))
    rejected = only_outcomes(begun("reject", rows, agent_user, reason=refusal().pk, note=""))

    assert extended == rejected == ["done", "done"]
    assert {row.status for row in Case.objects.filter(pk__in=[row.pk for row in rows])} == {Status.REJECTED}
    assert Event.objects.filter(action="extend", why="Public holiday").count() == 2


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


def test_cancelling_leaves_the_rest_undone(case, agent_user):
    job = begun("note", many(case, 5), agent_user, text="x")
    for _row in range(2):
        bulk.perform_next(NOON)

    assert bulk.cancel(job, at=NOON)
    assert not bulk.cancel(job, at=NOON)

    assert sorted(only_outcomes(job)) == ["cancelled"] * 3 + ["done"] * 2
    assert Message.objects.count() == 2
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_trying_again_takes_what_was_not_done_as_it_is_now(order, buyer, agent_user, boss):
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


def test_a_preview_asks_the_database_as_often_for_one_as_for_many(order, buyer, agent_user, supervisor):
    rows = asked(order, buyer, 12)
    for action, user in (("approve", agent_user), ("extend", agent_user), ("take", agent_user), ("reject", agent_user)):
        said = {"user": User.objects.get(pk=user.pk), "by": actor_for(user), "at": NOON}
        spent = []
        for some in (rows[:1], rows):
            with CaptureQueriesContext(connection) as queries_asked:
                queries.preview(action, {}, picked(*some), **said)
            spent.append(len(queries_asked))

        assert spent[0] <= spent[1] + 2, action
        assert spent[1] <= 7, action


def test_the_preview_says_what_the_job_does(order, buyer, agent_user, boss):
    rows = asked(order, buyer, 5)
    decisions.reject(rows[0].pk, by=actor_for(boss), at=NOON, reason=refusal())
    extensions.extend(rows[1].pk, by=actor_for(boss), at=NOON, why="x", days=1)
    marks = [Picked(rows[0].pk, 2), *picked(*rows[1:])]

    told = queries.preview("approve", {}, marks, user=agent_user, by=actor_for(agent_user), at=NOON)
    done = only_outcomes(bulk.begin("approve", {}, marks, by=agent_user, at=NOON))

    assert told.able == done.count("done") == 3
    assert {group.reason: group.numbers for group in told.groups} == {
        "Not possible while a case is “Rejected”.": [rows[0].number],
        "It was changed after you selected it.": [rows[1].number],
    }
