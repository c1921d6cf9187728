"""One rule of who sees which case, in each form that it is asked in; and the two of orders."""

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.models import Case, Team, User
from aftersales.queries import visibility, visibility_facts
from aftersales.rules import actor
from aftersales.rules.vocabulary import Role
from orders.models import Order
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import granted, person

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if role != Role.CLOCK]
WHERE = ("pending_merchant", "inspecting", "completed")


@pytest.fixture
def crowd(shop, buyer, agent_user):
    """Cases of every team, holder, merchant and place; some of them were received."""
    other = sold(merchant=MerchantFactory())
    theirs = opened(other, by=actor.buyer(other.buyer_id))
    ours = opened(sold(merchant=shop, buyer=other.buyer), by=actor.buyer(other.buyer_id))
    night = Team.objects.create(name="Night")
    for each in (theirs, ours):
        for team in (None, agent_user.teams.get(), night):
            for holder in (None, agent_user):
                for status in WHERE:
                    closed = {"closed_at": NOON} if status == "completed" else {}
                    many(each, 1, team=team, assignee=holder, status=status, **closed)
    theirs.lines.update(units_received=1)
    return visibility_facts.facts_by_id(Case.objects.values_list("pk", flat=True))


def somebody(agent_user, merchant, roles, teams, *, is_agent, is_active):
    """A login with any rights, in memory alone."""
    user = User(pk=agent_user.pk if is_agent else agent_user.pk + 10**6, merchant=merchant, is_active=is_active)
    user.roles, user.team_ids = frozenset(roles), tuple(sorted(teams))
    return user


def written_for(user):
    """Ids that a statement finds which is written by hand round the condition."""
    condition, values = visibility.SEEN_IDS.condition(user)
    where = f"aftersales_case.{condition}" if values else condition
    return set(Case.objects.extra(where=[where], params=values).values_list("pk", flat=True))  # noqa: S610 -- our own words


LOADED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # a busy machine is no fault of the test


@settings(max_examples=150, suppress_health_check=LOADED, deadline=None)
@given(data=st.data())
def test_every_form_of_the_rule_shows_the_same_cases(data, crowd, agent_user, shop):
    teams = sorted({case.team_id for case in crowd if case.team_id})
    user = somebody(
        agent_user,
        data.draw(st.sampled_from([None, shop])),
        data.draw(st.sets(st.sampled_from(ROLES), max_size=3)),
        data.draw(st.sets(st.sampled_from(teams))),
        is_agent=data.draw(st.booleans()),
        is_active=data.draw(st.integers(0, 9)) > 0,
    )

    listed = set(visibility.cases_for(user).values_list("pk", flat=True))

    assert {case.pk for case in crowd if visibility_facts.sees(user, case)} == listed
    assert written_for(user) == listed
    assert {case.number for case in crowd if visibility.NUMBERED(user, case.number)} == {
        case.number for case in crowd if case.pk in listed
    }
    if visibility.sees_by_team(user):
        free = [pk for part in visibility.unassigned(user.team_ids) for pk in part.values_list("pk", flat=True)]
        assert sorted(free) == sorted(listed & {case.pk for case in crowd if case.assignee_id is None})


def test_the_crowd_tells_the_roles_apart(crowd, agent_user, shop):
    """The test above would say nothing were all shown the same."""
    seen = {
        role: len(
            visibility.cases_for(somebody(agent_user, shop, [role], agent_user.team_ids, is_agent=True, is_active=True))
        )
        for role in (Role.AGENT, Role.WAREHOUSE, Role.MERCHANT, Role.FINANCE, Role.BUYER)
    }

    assert len(set(seen.values())) == len(seen), seen


@pytest.mark.parametrize(
    "roles", [[Role.AGENT], [Role.MERCHANT], [Role.AGENT, Role.MERCHANT], [Role.BUYER], [Role.FINANCE]]
)
@pytest.mark.parametrize("serving", ["none", "mine", "all", "mine and all"])
def test_which_orders_search_may_see_is_what_lists_show(roles, serving, shop):
    """Two forms remain: lists need the merchants as values for their plan, search one statement for everybody."""
    foreign = sold(merchant=MerchantFactory()).merchant
    sold(merchant=shop)
    user = person("somebody", Role.AGENT, merchant=foreign)
    # Made here where it is missing: buyers have no login, so there is no group of them.
    for role in roles:
        granted(user, role)
    user.groups.set(Group.objects.get_or_create(name=role.value)[0] for role in roles)
    for name in serving.split(" and ") if serving != "none" else []:
        user.teams.add(team := Team.objects.create(name=name))
        team.merchants.set([shop] if name == "mine" else [])
    user = User.objects.get(pk=user.pk)

    condition, values = visibility.seen_orders(user)

    where = f"orders_order.{condition}" if values else condition
    found = Order.objects.extra(where=[where], params=values)  # noqa: S610 -- our own words
    assert set(found) == set(visibility.orders_for(user))
