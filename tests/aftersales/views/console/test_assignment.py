"""Giving, ranking and leaving cases in the browser; saying whether one is there; giving money back by one key."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import attendance
from aftersales.actions.refunds import calculation
from aftersales.models import ApprovalRequest, Case, Offer, Policy, User
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import Availability, Priority, Status
from tests.aftersales.many import many
from tests.aftersales.stages import again
from tests.aftersales.views.desk import LATER, address, seat, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_the_keys_of_the_desk_are_on_the_page(case, agent, merchant):
    page = seat(agent).get(address(case)).text

    for key in ("a", "p", "t", "N", "r", "c", "f"):
        assert f'data-key="{key}"' in page
    assert "/prioritise/" not in seat(merchant).get(address(case)).text


def test_priority_is_set_and_shown(case, agent):
    client = seat(agent)
    asked = client.get(address(case, "prioritise"))
    answer = client.post(address(case, "prioritise"), sent(case, priority="2"), follow=True)

    assert "High" in asked.text
    assert again(case).priority == Priority.HIGH
    assert "Priority: High" in answer.text
    assert case.number in client.get("/cases/?priority=high").text
    assert case.number not in client.get("/cases/?priority=low").text


@pytest.mark.parametrize("priority", ["", "9", "-1", "high", "٢"])
def test_what_is_no_priority_is_refused(priority, case, agent):
    assert seat(agent).post(address(case, "prioritise"), sent(case, priority=priority)).status_code == 422
    assert again(case).priority == Priority.NORMAL


def test_leaving_a_case_leads_to_the_next_one(case, agent, agent_user):
    Case.objects.filter(pk=case.pk).update(assignee=agent_user)
    other = many(case, 1)[0]

    answer = seat(agent).post(address(case, "skip"), sent(case, reason="bias", note=""))

    assert answer.url == f"/cases/{other.number}/"
    assert again(other).assignee == agent_user
    assert again(case).assignee is None


def test_another_reason_needs_its_words_and_keeps_what_was_chosen(case, agent):
    answer = seat(agent).post(address(case, "skip"), sent(case, reason="other", note=" "))

    assert answer.status_code == 422
    assert "few words" in answer.text


def test_supervisors_reassign_with_the_load_of_each_in_view(case, agent, agent2, agent_user, supervisor):
    Case.objects.filter(pk=case.pk).update(assignee=agent_user)
    client = seat(supervisor)

    page = client.get(address(case, "assign")).text
    without = client.post(address(case, "assign"), sent(case, agent=agent2.user_id, why=""))
    client.post(address(case, "assign"), sent(case, agent=agent2.user_id, why="Call at four."))

    assert "Agent2 · Available · 0 / 12" in page
    assert "Agent2 ·" not in seat(agent).get(address(case, "assign")).text
    assert without.status_code == 422
    assert again(case).assignee_id == agent2.user_id


def test_one_says_whether_one_is_there(case, agent, agent_user, merchant):
    seat(agent).post("/availability/", {"availability": "away", "next": "/cases/"})
    said = User.objects.get(pk=agent_user.pk)

    assert (said.availability, said.available_since) == (Availability.AWAY, LATER)
    assert seat(agent).post("/availability/", {"availability": "asleep"}).status_code == 302
    assert User.objects.get(pk=agent_user.pk).availability == Availability.AWAY
    assert seat(merchant).post("/availability/", {"availability": "away"}).status_code == 403


def test_when_somebody_was_seen_is_written_every_few_minutes(agent_user, django_assert_num_queries):
    attendance.note(agent_user, LATER)
    with django_assert_num_queries(0):
        attendance.note(agent_user, LATER + attendance.EVERY - timedelta(seconds=1))
    attendance.note(agent_user, LATER + attendance.EVERY)

    assert User.objects.get(pk=agent_user.pk).seen_at == LATER + attendance.EVERY


def by_the_rules(case):
    return f"{settlement.total(calculation.trial(again(case))):.2f}"


def give(client, case, amount):
    return client.post(f"{address(case)}refund/", sent(case, amount=amount, why=""), follow=True)


def test_the_refund_shows_each_line_and_the_sum_of_the_rules(case, agent):
    page = seat(agent).get(f"{address(case)}refund/").text

    assert "Given back" in page
    assert f'value="{by_the_rules(case)}"' in page


def test_all_of_it_is_agreed_to(case, agent):
    answer = give(seat(agent), case, by_the_rules(case))

    assert "Submitted." in answer.text
    assert again(case).status == Status.AWAITING_RETURN


def test_less_is_an_offer(case, agent):
    answer = give(seat(agent), case, "10.00")

    assert "The offer is with the buyer." in answer.text
    assert Offer.objects.get(case=case).amount == Decimal(10)


def test_above_the_limit_it_goes_to_a_second_person(case, agent):
    Policy.objects.update(authority_agent=Decimal(1))

    page = seat(agent).get(f"{address(case)}refund/").text
    answer = give(seat(agent), case, by_the_rules(case))

    assert "Send for approval" in page
    assert "Sent for approval" in answer.text
    assert ApprovalRequest.objects.filter(case=case).count() == 1
    assert again(case).status == Status.PENDING_MERCHANT


@pytest.mark.parametrize("amount", ["", "0", "-1", "1000000", "ten", "1e3"])
def test_what_is_no_amount_or_more_than_the_rules_give_is_refused(amount, case, agent):
    answer = give(seat(agent), case, amount)

    assert answer.status_code == 422
    assert again(case).status == Status.PENDING_MERCHANT


def test_where_it_is_not_possible_the_rule_says_why(case, agent, supervisor):
    give(seat(agent), case, by_the_rules(case))

    page = seat(supervisor).get(f"{address(case)}refund/").text

    assert "disabled" in page
    assert give(seat(agent), again(case), by_the_rules(case)).status_code in (409, 422)
