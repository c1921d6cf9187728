"""Who is handed which case: the pressing first, what they are trained for, never what they have just left to others."""

from datetime import timedelta

import pytest

from aftersales.actions import gate
from aftersales.actions.console import assignment
from aftersales.models import Case, Event, Skill, User
from aftersales.rules.console.skip_reasons import SkipReason
from aftersales.rules.vocabulary import CaseType, Priority, Role
from orders.refusals import Refused
from tests.aftersales.many import many
from tests.aftersales.stages import again
from tests.factories import NOON, opened
from tests.people import actor_for, person

pytestmark = pytest.mark.django_db


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def case(order, buyer, agent_user):
    found = opened(order, by=buyer)
    Case.objects.filter(pk=found.pk).update(due_at=NOON + HOUR, team=agent_user.teams.get())
    return again(found)


@pytest.fixture
def team(case):
    return case.team


def claimed(user, at=NOON):
    case = assignment.claim_next(User.objects.get(pk=user.pk), by=actor_for(user), at=at)
    return case and case.number


def at_work(team, name="second", at=NOON):
    user = person(name, Role.AGENT, seen_at=at)
    user.teams.add(team)
    return user


def test_cases_of_high_priority_are_claimed_first_and_low_ones_last(case, agent_user, agent):
    soon, late, low = (many(case, 1, due_at=NOON + hours * HOUR)[0] for hours in (2, 3, 0))
    assignment.prioritise(late.pk, Priority.HIGH, by=agent, at=NOON)
    assignment.prioritise(low.pk, Priority.LOW, by=agent, at=NOON)

    taken = [claimed(agent_user) for _turn in range(5)]

    assert taken == [late.number, case.number, soon.number, low.number, None]


def test_cases_that_need_a_skill_go_to_those_who_have_it(case, agent_user, team):
    skill = Skill.objects.create(name_en="Returns", name_zh="退货", types=[CaseType.RETURN_REFUND])
    trained = at_work(team)
    trained.skills.add(skill)

    assert claimed(agent_user) is None
    assert claimed(trained) == case.number


def test_a_skipped_case_is_not_offered_again_until_it_moves_on(case, agent_user, agent, team):
    other = many(case, 1, due_at=NOON + 5 * HOUR)[0]
    claimed(agent_user)

    assignment.skip(case.pk, reason=SkipReason.LANGUAGE, by=agent, at=NOON)

    assert again(case).assignee is None
    assert Event.objects.get(case=case, action="skip").why == str(SkipReason.LANGUAGE.label)
    assert claimed(agent_user) == other.number
    assert claimed(agent_user) is None
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    assert claimed(agent_user) == case.number


def test_skipping_for_another_reason_needs_an_explanation(case, agent):
    with pytest.raises(Refused, match="few words"):
        assignment.skip(case.pk, reason=SkipReason.OTHER, note="  ", by=agent, at=NOON)
    assert again(case).assignee is None


def test_a_case_of_somebody_else_is_neither_skipped_nor_assigned_by_an_agent(case, agent, team, supervisor):
    other = at_work(team)
    assignment.assign(case.pk, other, by=supervisor, at=NOON)

    with pytest.raises(Refused, match="works on this case"):
        assignment.skip(case.pk, reason=SkipReason.WAITS, by=agent, at=NOON)
    with pytest.raises(Refused, match="only a supervisor"):
        assignment.assign(case.pk, None, by=agent, at=NOON)
    assert again(case).assignee == other


def test_reassigning_needs_what_the_next_agent_has_to_know(case, supervisor, agent_user, team):
    other = at_work(team)
    claimed(agent_user)

    with pytest.raises(Refused, match="next one has to know"):
        assignment.assign(case.pk, other, by=supervisor, at=NOON)
    assignment.assign(case.pk, other, by=supervisor, at=NOON + HOUR, why="A call back was promised for four.")

    found = again(case)
    assert (found.assignee, found.assigned_at) == (other, NOON + HOUR)
    assert Event.objects.get(case=case, action="assign").why == "A call back was promised for four."


def test_agents_take_a_case_and_give_it_back_but_do_not_give_it_to_others(case, agent, agent_user, team):
    other = at_work(team)

    with pytest.raises(Refused, match="Only a supervisor"):
        assignment.assign(case.pk, other, by=agent, at=NOON)
    assignment.assign(case.pk, agent_user, by=agent, at=NOON)
    assert again(case).assignee == agent_user
    assignment.assign(case.pk, None, by=agent, at=NOON)
    assert again(case).assignee is None


@pytest.mark.parametrize("act", ["assign", "prioritise", "skip"])
def test_assignment_from_an_older_page_changes_nothing(act, case, agent):
    said = {"assign": {"agent": None}, "prioritise": {"priority": Priority.HIGH}, "skip": {"reason": SkipReason.SKILL}}
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)

    with pytest.raises(gate.Stale):
        getattr(assignment, act)(case.pk, **said[act], by=agent, at=NOON, version=case.version)


@pytest.mark.parametrize("act", ["assign", "prioritise", "skip"])
def test_an_ended_case_is_assigned_to_nobody_any_more(act, case, agent):
    said = {"assign": {"agent": None}, "prioritise": {"priority": Priority.HIGH}, "skip": {"reason": SkipReason.SKILL}}
    ended = many(case, 1, status="completed", closed_at=NOON)[0]

    with pytest.raises(Refused, match="has ended"):
        getattr(assignment, act)(ended.pk, **said[act], by=agent, at=NOON)


def test_a_case_of_somebody_else_is_not_taken(order, people):
    case = opened(order, by=people.buyer)
    assignment.take(case.pk, by=people.agent2, at=NOON)

    with pytest.raises(Refused, match="Agent2 works on this case"):
        assignment.take(case.pk, by=people.agent, at=NOON)

    assert again(case).assignee_id == people.agent2.user_id
