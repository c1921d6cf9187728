"""Cases are distributed in turn to who is at work, and released from who is away or idle."""

from datetime import timedelta

import pytest

from aftersales.actions.console import assignment, distribution
from aftersales.actions.conversation import messages
from aftersales.models import Case, Event, Team, User
from aftersales.rules.vocabulary import Availability, Distribution, Role
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


def test_distribution_gives_cases_in_turn_up_to_each_capacity(case, team, agent_user):
    Team.objects.filter(pk=team.pk).update(distribution=Distribution.ROUND_ROBIN)
    first, second = at_work(team, "first"), at_work(team, "second")
    User.objects.filter(pk=first.pk).update(capacity=2)
    at_work(team, "unseen", at=None)
    busy, gone = at_work(team, "busy"), at_work(team, "gone", at=NOON - HOUR)
    distribution.set_availability(busy, Availability.BUSY, at=NOON)
    many(case, 4)

    assert distribution.distribute(NOON) == 5

    held = {user: Case.objects.filter(assignee=user).count() for user in (first, second, busy, gone, agent_user)}
    assert held == {first: 2, second: 3, busy: 0, gone: 0, agent_user: 0}
    assert set(Event.objects.filter(action="distribute").values_list("role", flat=True)) == {"clock"}
    assert distribution.distribute(NOON) == 0


def test_distribution_leaves_teams_that_claim_alone(case, team):
    at_work(team)

    assert distribution.distribute(NOON) == 0


@pytest.mark.parametrize(
    ("minutes_away", "hours_due", "goes_back"), [(31, 3, True), (29, 3, False), (31, 5, False), (31, -1, True)]
)
@pytest.mark.parametrize("how", ["said", "unseen"])
def test_a_case_due_soon_is_released_when_its_agent_is_away(how, minutes_away, hours_due, goes_back, case, team):
    Team.objects.filter(pk=team.pk).update(absent_minutes=30)
    agent = at_work(team, at=NOON - minutes_away * MINUTE if how == "unseen" else NOON)
    if how == "said":
        distribution.set_availability(agent, Availability.AWAY, at=NOON - minutes_away * MINUTE)
    Case.objects.filter(pk=case.pk).update(assignee=agent, assigned_at=NOON - HOUR, due_at=NOON + hours_due * HOUR)

    assert distribution.release(NOON) == int(goes_back)

    assert (again(case).assignee is None) == goes_back
    assert Event.objects.filter(case=case, action="release").count() == int(goes_back)


@pytest.mark.parametrize("touched", [False, True])
def test_a_case_that_its_agent_has_not_touched_is_released(touched, case, team, agent_user, agent):
    Team.objects.filter(pk=team.pk).update(idle_minutes=60)
    claimed(agent_user)
    if touched:
        messages.note(case.pk, "Called the store.", by=agent, at=NOON + MINUTE)

    assert distribution.release(NOON + 59 * MINUTE) == 0
    assert distribution.release(NOON + 61 * MINUTE) == int(not touched)


def test_nothing_is_released_in_a_team_without_limits(case, team, agent_user):
    claimed(agent_user)

    assert distribution.release(NOON + timedelta(days=9)) == 0
