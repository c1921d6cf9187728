"""No admin is two persons: links, roles, second persons, sessions that end, a merchant for each person of one."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.actions import gate
from aftersales.actions.people import accounts, second_person
from aftersales.models import AccountTouch, RoleRequest, User
from aftersales.models.people.accounts import TouchKind
from aftersales.queries.people.actors import actor_for
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused
from tests.aftersales.views.desk import seat
from tests.factories import MerchantFactory
from tests.people import granted, person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a long enough one 42"


@pytest.fixture
def admin2(db):
    return actor_for(person("admin2", Role.ADMIN, is_staff=True, is_superuser=True))


@pytest.fixture
def clerk(db):
    return User.objects.create(username="clerk")


def now():
    return timezone.now()


def ask(clerk, by, role=Role.FINANCE):
    return accounts.ask_role(clerk.pk, role, by=by, at=now(), why="new in finance")


def test_a_role_is_asked_by_one_admin_and_granted_by_another(admin, admin2, clerk):
    asked = ask(clerk, admin)
    with pytest.raises(Refused, match="second person"):
        accounts.grant(asked.pk, by=admin, at=now())

    accounts.grant(asked.pk, by=admin2, at=now())

    assert User.objects.get(pk=clerk.pk).roles == {Role.FINANCE}
    assert set(AccountTouch.objects.values_list("account__username", "by__username", "kind")) == {
        ("clerk", "admin", "roles"), ("clerk", "admin2", "roles"),
    }  # fmt: skip


def test_nobody_grants_a_role_to_themselves(admin, admin2):
    own = accounts.ask_role(admin2.user_id, Role.SUPERVISOR, by=admin, at=now(), why="holidays")

    with pytest.raises(Refused, match="themselves"):
        accounts.grant(own.pk, by=admin2, at=now())


def test_an_admin_whom_the_asker_has_just_given_a_password_grants_nothing(admin, admin2, clerk):
    accounts.make_link(admin2.user_id, by=admin, at=now())
    asked = ask(clerk, admin)

    with pytest.raises(Refused, match="last 7 days"):
        accounts.grant(asked.pk, by=admin2, at=now())
    accounts.grant(asked.pk, by=admin2, at=now() + timedelta(days=7, minutes=1))


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.FINANCE])
def test_only_admins_touch_accounts(role, clerk):
    stranger = actor_for(person("stranger", role))

    for act in (
        lambda: ask(clerk, stranger),
        lambda: accounts.make_link(clerk.pk, by=stranger, at=now()),
        lambda: accounts.take_role(clerk.pk, Role.AGENT, by=stranger, at=now()),
        lambda: accounts.remove_second_factor(clerk.pk, by=stranger, at=now()),
    ):
        with pytest.raises(gate.Forbidden):
            act()


def test_somebody_of_a_merchant_needs_a_merchant(admin, clerk):
    with pytest.raises(Refused, match="merchant"):
        ask(clerk, admin, Role.MERCHANT)
    granted(clerk, Role.MERCHANT)
    with pytest.raises(IntegrityError, match="has a merchant"), transaction.atomic():
        clerk.groups.add(Group.objects.get(name="merchant"))
    User.objects.filter(pk=clerk.pk).update(merchant=MerchantFactory())
    clerk.groups.add(Group.objects.get(name="merchant"))
    with pytest.raises(IntegrityError, match="has a merchant"), transaction.atomic():
        User.objects.filter(pk=clerk.pk).update(merchant=None)


TOUCHES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(TouchKind.values), st.integers(0, 10)), max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOUCHES)
def test_whoever_may_hold_both_accounts_is_not_two_persons(rows):
    """A second opinion by sets: who can be behind an account, and whether two of them can be one."""
    with transaction.atomic():
        people = [User.objects.create(username=f"p{number}") for number in range(4)]
        at = now()
        for account, by, kind, days in rows:
            touched = at - timedelta(days=days)
            accounts.touch(people[account].pk, kind, people[by].pk, at=touched)
        recent = [(a, b, k) for a, b, k, days in rows if days < 7 and k != "access" and a != b]
        opened = [{b for a, b, k in recent if a == one and k in ("password", "second_factor")} for one in range(4)]
        for first in range(4):
            for second in range(4):
                one = (
                    first == second
                    or any({a, b} == {first, second} for a, b, _kind in recent)
                    or bool(opened[first] & opened[second])
                )
                found = second_person.second_person.why_not(people[first].pk, people[second].pk, at=at)
                assert bool(found) == one
        transaction.set_rollback(True)


def test_a_touch_is_kept_by_the_database(admin, clerk):
    accounts.make_link(clerk.pk, by=admin, at=now())

    for act in (AccountTouch.objects.all().delete, lambda: AccountTouch.objects.update(by=None)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def use(link, password=NEW_PASSWORD):
    client = Client()
    shown = client.get(link, follow=True)
    place = shown.redirect_chain[-1][0] if shown.redirect_chain else link
    return client.post(place, {"new_password1": password, "new_password2": password})


def test_a_link_sets_the_password_once(admin, agent_user):
    link = accounts.make_link(agent_user.pk, by=admin, at=now())

    assert use(link).url == "/login/"
    assert User.objects.get(pk=agent_user.pk).check_password(NEW_PASSWORD)
    assert "does not work any more" in use(link, "another long one 43").text
    assert User.objects.get(pk=agent_user.pk).check_password(NEW_PASSWORD)


@pytest.mark.parametrize("change", ["newer", "off", "email", "password"])
def test_a_link_dies_with_any_change(change, admin, agent_user):
    link = accounts.make_link(agent_user.pk, by=admin, at=now())
    if change == "newer":
        accounts.make_link(agent_user.pk, by=admin, at=now())
    elif change == "password":
        agent_user.set_password("changed meanwhile 1")
        agent_user.save()
    else:
        User.objects.filter(pk=agent_user.pk).update(
            **{"off": {"is_active": False}, "email": {"email": "a@b.c"}}[change]
        )

    assert "does not work any more" in use(link).text


def test_a_link_dies_after_a_day(admin, agent_user, time_machine):
    link = accounts.make_link(agent_user.pk, by=admin, at=now())
    time_machine.move_to(timezone.localtime(now()) + timedelta(hours=24, minutes=1))

    assert "does not work any more" in use(link).text


def end_off(user, admin):
    User.objects.filter(pk=user.pk).update(is_active=False)
    User.objects.filter(pk=user.pk).update(is_active=True)


def end_demoted(user, admin):
    accounts.take_role(user.pk, Role.AGENT, by=admin, at=now())
    granted(user, Role.AGENT)
    user.groups.add(Group.objects.get(name="agent"))


def end_reset(user, admin):
    use(accounts.make_link(user.pk, by=admin, at=now()))


def end_factor(user, admin):
    accounts.remove_second_factor(user.pk, by=admin, at=now())


@pytest.mark.parametrize("end", [end_off, end_demoted, end_reset, end_factor])
def test_a_session_that_has_ended_never_comes_back(end, admin, agent, agent_user):
    client = seat(agent)
    stale = User.objects.get(pk=agent_user.pk)
    assert client.get("/cases/").status_code == 200

    end(agent_user, admin)
    if end is not end_reset:
        stale.save()  # a form that was read before writes the old number

    assert client.get("/cases/").status_code == 302
    assert client.get("/live/poll/").status_code in (302, 403)


def test_the_command_line_makes_two_admins_and_no_more():
    said = io.StringIO()
    call_command("make_admin", "one", why="first", stdout=said)
    User.objects.create_superuser("two", password="x")

    with pytest.raises(CommandError, match="two admins"):
        call_command("make_admin", "three", why="third")
    with pytest.raises(CommandError, match="two admins"):
        User.objects.create_superuser("three", password="x")
    assert set(RoleRequest.objects.values_list("account__username", "asked_by", "status", "why")) == {
        ("one", None, "granted", "first"), ("two", None, "granted", "createsuperuser"),
    }  # fmt: skip
    assert use(said.getvalue().split(": ")[1].strip()).url == "/login/"


def test_the_last_admin_stays(admin):
    with pytest.raises(Refused, match="last admin"):
        accounts.take_role(admin.user_id, Role.ADMIN, by=admin, at=now())
