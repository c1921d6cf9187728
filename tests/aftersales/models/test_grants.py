"""Nobody holds a role that moves money without a grant on record, whatever way the row comes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from aftersales.actions.people import accounts
from aftersales.models import RoleRequest, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.permissions import MONEY_ROLES
from aftersales.rules.vocabulary import Role
from tests.factories import MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
GROUPS = User.groups.through


@pytest.fixture
def clerk(db):
    return User.objects.create(username="clerk", merchant=MerchantFactory())


@pytest.fixture
def admin2(db):
    return actor_for(person("admin2", Role.ADMIN, is_staff=True, is_superuser=True))


def by_orm(user, group):
    user.groups.add(group)


def by_rows(user, group):
    GROUPS.objects.bulk_create([GROUPS(user=user, group=group)])


def by_sql(user, group):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {GROUPS._meta.db_table} (user_id, group_id) VALUES (%s, %s)", [user.pk, group.pk])


def by_another_membership(user, group):
    user.groups.add(Group.objects.get(name="warehouse"))
    GROUPS.objects.filter(user=user).update(group=group)


WAYS = pytest.mark.parametrize("way", [by_orm, by_rows, by_sql, by_another_membership])


@WAYS
@pytest.mark.parametrize("role", sorted(MONEY_ROLES))
def test_a_role_that_moves_money_needs_a_grant(way, role, clerk):
    with pytest.raises(IntegrityError, match="nobody has granted it"), transaction.atomic():
        way(clerk, Group.objects.get(name=role.value))

    assert not clerk.groups.filter(name=role.value).exists()


@WAYS
def test_a_request_that_waits_or_was_declined_is_no_grant(way, clerk, admin):
    at, group = timezone.now(), Group.objects.get(name="finance")
    asked = accounts.ask_role(clerk.pk, Role.FINANCE, by=admin, at=at, why="new")
    for decide in (lambda: None, lambda: accounts.decline(asked.pk, by=admin, at=at)):
        decide()
        with pytest.raises(IntegrityError, match="nobody has granted it"), transaction.atomic():
            way(clerk, group)


def test_another_persons_grant_and_another_roles_are_none(clerk, finance, admin, admin2):
    at = timezone.now()
    accounts.grant(accounts.ask_role(clerk.pk, Role.AGENT, by=admin, at=at, why="new").pk, by=admin2, at=at)

    with pytest.raises(IntegrityError, match="nobody has granted it"), transaction.atomic():
        clerk.groups.add(Group.objects.get(name="finance"))


def test_a_role_that_was_taken_needs_another_grant(clerk, admin, admin2):
    at = timezone.now()
    accounts.grant(accounts.ask_role(clerk.pk, Role.FINANCE, by=admin, at=at, why="new").pk, by=admin2, at=at)
    accounts.take_role(clerk.pk, Role.FINANCE, by=admin, at=at)

    with pytest.raises(IntegrityError, match="nobody has granted it"), transaction.atomic():
        clerk.groups.add(Group.objects.get(name="finance"))
    again = accounts.ask_role(clerk.pk, Role.FINANCE, by=admin2, at=at + timedelta(hours=1), why="back")
    accounts.grant(again.pk, by=admin, at=at + timedelta(hours=1))
    assert User.objects.get(pk=clerk.pk).roles == {Role.FINANCE}


def at_once():
    """Look now at what is looked at when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "make",
    [
        lambda clerk: User.objects.filter(pk=clerk.pk).update(is_superuser=True),
        lambda clerk: User.objects.create(username="boss", is_superuser=True),
        lambda clerk: User.objects.bulk_create([User(username="boss", is_superuser=True)]),
    ],
)
def test_nobody_is_made_an_admin_past_the_record(make, clerk):
    with pytest.raises(IntegrityError, match="role admin"), transaction.atomic():
        make(clerk)
        at_once()


def test_an_admin_who_is_none_any_more_needs_another_grant(admin, admin2):
    accounts.take_role(admin2.user_id, Role.ADMIN, by=admin, at=timezone.now())
    at_once()

    with pytest.raises(IntegrityError, match="role admin"), transaction.atomic():
        User.objects.filter(pk=admin2.user_id).update(is_superuser=True)
        at_once()
    with pytest.raises(IntegrityError, match="role admin"), transaction.atomic():
        User.objects.get(pk=admin2.user_id).groups.add(Group.objects.get(name="admin"))


def test_the_command_line_leaves_a_grant():
    User.objects.create_superuser("one", password="x")
    accounts.first_admin("two", at=timezone.now(), why="first")
    at_once()

    assert User.objects.filter(is_superuser=True).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda given: given.delete(),
        lambda given: RoleRequest.objects.filter(pk=given.pk).update(role="supervisor"),
        lambda given: RoleRequest.objects.filter(pk=given.pk).update(why="other"),
        lambda given: RoleRequest.objects.filter(pk=given.pk).update(status="declined"),
    ],
)
def test_a_grant_is_kept_as_it_was(change, finance):
    given = RoleRequest.objects.get(account=finance.user_id)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(given)


def test_a_declined_request_is_never_granted(clerk, admin):
    asked = accounts.ask_role(clerk.pk, Role.FINANCE, by=admin, at=timezone.now(), why="new")
    accounts.decline(asked.pk, by=admin, at=timezone.now())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RoleRequest.objects.filter(pk=asked.pk).update(status="granted", asked_by=None, decided_by=None)


def test_a_used_up_grant_stays_used_up(finance):
    User.objects.get(pk=finance.user_id).groups.clear()

    assert RoleRequest.objects.get(account=finance.user_id).taken_at
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RoleRequest.objects.update(taken_at=None)


def test_groups_keep_their_names():
    with pytest.raises(DatabaseError, match="keep their names"), transaction.atomic():
        Group.objects.filter(name="warehouse").update(name="desk")
