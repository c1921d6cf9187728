"""What each act for many cases does in each of them."""

from decimal import Decimal

import pytest

from aftersales.actions.console import assignment
from aftersales.models import Case, Event, Message, Policy, Team, User
from aftersales.queries.console import bulk as queries
from aftersales.queries.people.actors import actor_for
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import Status
from tests.aftersales.bulk_jobs import asked, begun, only_outcomes, picked, results
from tests.aftersales.many import many
from tests.aftersales.stages import refusal
from tests.aftersales.stored_tools import reply
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


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


def test_an_agent_takes_unassigned_cases_up_to_their_capacity(case, agent_user, boss):
    User.objects.filter(pk=agent_user.pk).update(capacity=2)
    rows = [*many(case, 1, assignee=boss), *many(case, 3)]

    told = list(results(begun("take", rows, User.objects.get(pk=agent_user.pk))).values())

    assert [outcome for outcome, _why in told] == ["refused", "done", "done", "refused"]
    assert told[0][1] == "Supervisor works on it."
    assert told[3][1] == "You have 2 of 2 cases: finish one first."


def test_notes_and_messages_are_written_into_each_case(case, agent_user):
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


def test_agreeing_to_many_obeys_the_limits_one_by_one(order, agent_user, buyer):
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
