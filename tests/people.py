"""The people of every test, by name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from aftersales.models import RoleRequest, Team, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules import actor
from aftersales.rules.cases.consent import Channel, Consent
from aftersales.rules.vocabulary import Role

BACKEND = "aftersales.queries.people.actors.DeskBackend"
PASSWORD = make_password("demo")


@cache
def group_of(role):
    """The key of a role's group: migrations make them, and every emptied table gets them back. Buyers have none."""
    return Group.objects.filter(name=role.value).values_list("pk", flat=True).first()


def person(username, role, **fields):
    """Somebody with a login and one role, who has seen the tour: it would stand over what a test is about.

    Three statements: most tests begin with some people, many with eleven.
    """
    fields = {"tour_seen_at": datetime(2026, 1, 1, tzinfo=UTC), "display_name": username.title()} | fields
    is_superuser = fields.pop("is_superuser", False)
    user = User.objects.create(username=username, password=PASSWORD, **fields)
    granted(user, role)
    if is_superuser:  # after its grant: where each statement is a transaction, the database looks at once
        User.objects.filter(pk=user.pk).update(is_superuser=True)
        user.is_superuser = True
    group = group_of(role) or Group.objects.get_or_create(name=role.value)[0].pk
    User.groups.through.objects.bulk_create([User.groups.through(user=user, group_id=group)])
    user.roles = user.roles_of([role.value])
    return user


def granted(user, role):
    """Put on record that somebody may have a role; the database asks for it where the role moves money."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    RoleRequest.objects.bulk_create(
        [RoleRequest(account=user, role=role, why="test", status="granted", asked_at=at, decided_at=at)]
    )


def session_of(user):
    """The key of a session in which somebody has logged in already; one statement, a login by form takes a dozen."""
    key = get_random_string(32)
    held = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.bulk_create([Session(session_key=key, session_data=SessionStore().encode(held), expire_date=ends)])
    return key


def trusted(who):
    """Somebody whom buyers have told on the phone what to do for them: it has to be said with every move of theirs."""
    return replace(who, consent=Consent(Channel.CALL, note="The buyer called at noon."))


@pytest.fixture
def agent_user(db):
    user = person("agent", Role.AGENT)
    user.teams.add(Team.objects.get_or_create(name="Desk")[0])
    return user


@pytest.fixture
def agent(agent_user):
    return trusted(actor_for(agent_user))


@pytest.fixture
def agent2(db):
    user = person("agent2", Role.AGENT)
    user.teams.add(Team.objects.get_or_create(name="Desk")[0])
    return trusted(actor_for(user))


@pytest.fixture
def senior(db):
    return trusted(actor_for(person("senior", Role.SENIOR)))


@pytest.fixture
def supervisor(db):
    return trusted(actor_for(person("supervisor", Role.SUPERVISOR)))


@pytest.fixture
def supervisor2(db):
    return trusted(actor_for(person("supervisor2", Role.SUPERVISOR)))


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
    return trusted(actor_for(person("merchant", Role.MERCHANT, merchant=shop)))


@pytest.fixture
def buyer(order):
    return actor.buyer(order.buyer_id)
