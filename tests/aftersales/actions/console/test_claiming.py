"""Who is handed which case: the pressing first, what they are trained for, never what they have just left to others."""

from datetime import timedelta

import pytest

from aftersales.actions import gate
from aftersales.actions.console import assignment, distribution
from aftersales.actions.conversation import messages
from aftersales.models import Case, Event, Skill, Team, User
from aftersales.rules.vocabulary import Availability, CaseType, Distribution, Priority, Role, SkipReason
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


def test_high_ones_are_handed_out_first_and_low_ones_last(case, agent_user, agent):
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


def test_what_is_left_to_others_is_not_handed_back_until_it_moves_on(case, agent_user, agent, team):
    other = many(case, 1, due_at=NOON + 5 * HOUR)[0]
    claimed(agent_user)

    assignment.skip(case.pk, reason=SkipReason.LANGUAGE, by=agent, at=NOON)

    assert again(case).assignee is None
    assert Event.objects.get(case=case, action="skip").why == str(SkipReason.LANGUAGE.label)
    assert claimed(agent_user) == other.number
    assert claimed(agent_user) is None
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    assert claimed(agent_user) == case.number


def test_another_reason_is_explained(case, agent):
    with pytest.raises(Refused, match="few words"):
        assignment.skip(case.pk, reason=SkipReason.OTHER, note="  ", by=agent, at=NOON)
    assert again(case).assignee is None


def test_what_somebody_else_works_on_is_not_left_nor_taken(case, agent, team, supervisor):
    other = at_work(team)
    assignment.assign(case.pk, other, by=supervisor, at=NOON)

    with pytest.raises(Refused, match="works on this case"):
        assignment.skip(case.pk, reason=SkipReason.WAITS, by=agent, at=NOON)
    with pytest.raises(Refused, match="only a supervisor"):
        assignment.assign(case.pk, None, by=agent, at=NOON)
    assert again(case).assignee == other


def test_from_hand_to_hand_a_case_goes_with_what_has_to_be_known(case, supervisor, agent_user, team):
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
def test_an_older_page_changes_nothing(act, case, agent):
    said = {"assign": {"agent": None}, "prioritise": {"priority": Priority.HIGH}, "skip": {"reason": SkipReason.SKILL}}
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)

    with pytest.raises(gate.Stale):
        getattr(assignment, act)(case.pk, **said[act], by=agent, at=NOON, version=case.version)


@pytest.mark.parametrize("act", ["assign", "prioritise", "skip"])
def test_a_case_that_has_ended_changes_no_more_hands(act, case, agent):
    said = {"assign": {"agent": None}, "prioritise": {"priority": Priority.HIGH}, "skip": {"reason": SkipReason.SKILL}}
    ended = many(case, 1, status="completed", closed_at=NOON)[0]

    with pytest.raises(Refused, match="has ended"):
        getattr(assignment, act)(ended.pk, **said[act], by=agent, at=NOON)


def test_teams_that_share_are_handed_cases_in_turn_as_far_as_they_can_carry(case, team, agent_user):
    Team.objects.filter(pk=team.pk).update(distribution=Distribution.ROUND_ROBIN)
    first, second = at_work(team, "first"), at_work(team, "second")
    User.objects.filter(pk=first.pk).update(capacity=2)
    at_work(team, "unseen", at=None)
    busy, gone = at_work(team, "busy"), at_work(team, "gone", at=NOON - HOUR)
    distribution.say(busy, Availability.BUSY, at=NOON)
    many(case, 4)

    assert distribution.distribute(NOON) == 5

    held = {user: Case.objects.filter(assignee=user).count() for user in (first, second, busy, gone, agent_user)}
    assert held == {first: 2, second: 3, busy: 0, gone: 0, agent_user: 0}
    assert set(Event.objects.filter(action="distribute").values_list("role", flat=True)) == {"clock"}
    assert distribution.distribute(NOON) == 0


def test_a_team_that_claims_is_handed_nothing(case, team):
    at_work(team)

    assert distribution.distribute(NOON) == 0


@pytest.mark.parametrize(
    ("minutes_away", "hours_due", "goes_back"), [(31, 3, True), (29, 3, False), (31, 5, False), (31, -1, True)]
)
@pytest.mark.parametrize("how", ["said", "unseen"])
def test_what_is_due_soon_goes_back_when_its_agent_is_away(how, minutes_away, hours_due, goes_back, case, team):
    Team.objects.filter(pk=team.pk).update(absent_minutes=30)
    agent = at_work(team, at=NOON - minutes_away * MINUTE if how == "unseen" else NOON)
    if how == "said":
        distribution.say(agent, Availability.AWAY, at=NOON - minutes_away * MINUTE)
    Case.objects.filter(pk=case.pk).update(assignee=agent, assigned_at=NOON - HOUR, due_at=NOON + hours_due * HOUR)

    assert distribution.release(NOON) == int(goes_back)

    assert (again(case).assignee is None) == goes_back
    assert Event.objects.filter(case=case, action="release").count() == int(goes_back)


@pytest.mark.parametrize("touched", [False, True])
def test_what_nobody_touches_goes_back_to_its_team(touched, case, team, agent_user, agent):
    Team.objects.filter(pk=team.pk).update(idle_minutes=60)
    claimed(agent_user)
    if touched:
        messages.note(case.pk, "Called the store.", by=agent, at=NOON + MINUTE)

    assert distribution.release(NOON + 59 * MINUTE) == 0
    assert distribution.release(NOON + 61 * MINUTE) == int(not touched)


def test_without_its_minutes_a_team_keeps_what_it_holds(case, team, agent_user):
    claimed(agent_user)

    assert distribution.release(NOON + timedelta(days=9)) == 0
