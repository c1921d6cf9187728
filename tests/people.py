"""The people of every test, by name."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group

from aftersales.models import Team, User
from aftersales.queries.people import actor_for
from aftersales.rules import actor
from aftersales.rules.vocabulary import Role


def person(username, role, **fields):
    """Somebody with a login and one role, who has seen the tour: it would stand over what a test is about."""
    fields.setdefault("tour_seen_at", datetime(2026, 1, 1, tzinfo=UTC))
    user = User.objects.create_user(username, password="demo", display_name=username.title(), **fields)
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


@pytest.fixture
def agent_user(db):
    user = person("agent", Role.AGENT)
    user.teams.add(Team.objects.get_or_create(name="Desk")[0])
    return user


@pytest.fixture
def agent(agent_user):
    return actor_for(agent_user)


@pytest.fixture
def agent2(db):
    user = person("agent2", Role.AGENT)
    user.teams.add(Team.objects.get_or_create(name="Desk")[0])
    return actor_for(user)


@pytest.fixture
def senior(db):
    return actor_for(person("senior", Role.SENIOR))


@pytest.fixture
def supervisor(db):
    return actor_for(person("supervisor", Role.SUPERVISOR))


@pytest.fixture
def supervisor2(db):
    return actor_for(person("supervisor2", Role.SUPERVISOR))


@pytest.fixture
def finance(db):
    return actor_for(person("finance", Role.FINANCE))


@pytest.fixture
def finance2(db):
    return actor_for(person("finance2", Role.FINANCE))


@pytest.fixture
def warehouse(db):
    return actor_for(person("warehouse", Role.WAREHOUSE))


@pytest.fixture
def admin(db):
    return actor_for(person("admin", Role.ADMIN, is_staff=True, is_superuser=True))


@pytest.fixture
def merchant(shop):
    return actor_for(person("merchant", Role.MERCHANT, merchant=shop))


@pytest.fixture
def buyer(order):
    return actor.buyer(order.buyer_id)
