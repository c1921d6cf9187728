"""The pages of people and of one's own account; saying again who one is; the second factor."""

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from aftersales.actions.people import second_factor as factors
from aftersales.models import AccountTouch, RoleRequest, User
from aftersales.moves import EVERY
from aftersales.queries.people.actors import actor_for
from aftersales.rules.permissions import MONEY_ROLES
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import seat
from tests.people import person

pytestmark = pytest.mark.django_db
MONEY_MOVES = ("approve", "allow", "rule_for_buyer", "release_refund", "settle_by_hand", "waive_receivable")


@pytest.fixture
def admin2(db):
    return actor_for(person("admin2", Role.ADMIN, is_staff=True, is_superuser=True))


def asked_for():
    """The request that was made through the page."""
    return RoleRequest.objects.exclude(why="test").first()


def code_of(user):
    device = TOTPDevice.objects.get(user=user)
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key, drift=device.drift):06d}"


def log_in(user, client=None):
    client = client or Client()
    answer = client.post(reverse("login"), {"username": user.username, "password": "demo"})
    return client, answer


def with_factor(user):
    factors.begin(user)
    return factors.confirm(user, code_of(user))


def test_who_may_move_money_is_a_money_role():
    assert (
        set().union(*(EVERY[name].who for name in MONEY_MOVES)) - {Role.CLOCK, Role.POLICY, Role.BUYER} <= MONEY_ROLES
    )


def test_an_admin_gets_a_link_once_and_sets_no_password(admin, agent_user):
    client = seat(admin)

    made = client.post(reverse("people-act", args=[agent_user.pk, "link"]))

    assert "/password/" in made.text
    assert "/password/" not in client.get(reverse("people")).text
    assert AccountTouch.objects.get().by_id == admin.user_id
    assert client.get(f"/admin/aftersales/user/{agent_user.pk}/password/", follow=True).status_code in (200, 404)
    client.post(f"/admin/aftersales/user/{agent_user.pk}/password/", {"password1": "x" * 12, "password2": "x" * 12})
    assert User.objects.get(pk=agent_user.pk).check_password("demo")


def test_a_link_is_mailed_where_mail_is_set_up(admin, agent_user, settings, mailoutbox):
    settings.MAIL_IS_SET_UP = True
    User.objects.filter(pk=agent_user.pk).update(email="agent@shop.example")

    made = seat(admin).post(reverse("people-act", args=[agent_user.pk, "link"]))

    assert "/password/" in mailoutbox[0].body and mailoutbox[0].to == ["agent@shop.example"]
    assert "/password/" not in made.text


def test_the_admin_adds_people_without_password_and_changes_no_role(admin):
    client = seat(admin)
    fields = {"username": "new", "display_name": "New", "email": "", "merchant": "", "language": ""}

    client.post("/admin/aftersales/user/add/", {**fields, "password1": "x" * 12, "password2": "x" * 12})
    new = User.objects.get(username="new")
    work = {"username": "new", "is_active": "on", "capacity": "5", "availability": "available", "groups": ["1", "2"]}
    changed = client.post(f"/admin/aftersales/user/{new.pk}/change/", work | {"is_superuser": "on", "is_staff": "on"})

    new = User.objects.get(pk=new.pk)
    assert changed.status_code == 302
    assert (new.has_usable_password(), new.roles, new.is_staff, new.capacity) == (False, set(), False, 5)
    own = client.post(f"/admin/aftersales/user/{admin.user_id}/change/", work | {"username": "admin"})
    assert (own.status_code, User.objects.get(pk=admin.user_id).roles) == (302, {Role.ADMIN})


def test_roles_keep_their_names(admin):
    from django.contrib.auth.models import Group

    group = Group.objects.get(name="warehouse")
    assert seat(admin).post(f"/admin/auth/group/{group.pk}/change/", {"name": "finance2"}).status_code == 403


def test_a_role_goes_through_two_admins_on_the_page(admin, admin2, agent_user):
    asked = {"account": agent_user.pk, "role": "senior", "why": "grown up"}

    assert seat(admin).post(reverse("people-ask"), asked).url == reverse("people")
    place = reverse("people-decide", args=[asked_for().pk])
    own = seat(admin).post(place, {"verdict": "grant"})
    assert (own.status_code, "second person" in own.text) == (422, True)
    assert "grown up" in seat(admin2).get(reverse("people")).text
    assert seat(admin2).post(place, {"verdict": "grant"}).url == reverse("people")

    assert User.objects.get(pk=agent_user.pk).roles == {Role.AGENT, Role.SENIOR}
    taken = seat(admin).post(reverse("people-act", args=[agent_user.pk, "take"]), {"role": "senior"})
    assert (taken.status_code, User.objects.get(pk=agent_user.pk).roles) == (302, {Role.AGENT})


def test_who_one_is_is_said_again_and_what_was_typed_goes_on(admin, agent_user, settings):
    settings.CONFIRM_AGAIN = True
    client, typed = seat(admin), {"account": agent_user.pk, "role": "senior", "why": "grown “up”"}

    asked = client.post(reverse("people-ask"), typed)
    wrong = client.post(reverse("people-ask"), typed | {"confirm_password": "wrong"})

    assert (asked.status_code, wrong.status_code, asked_for()) == (422, 422, None)
    assert 'name="why" value="grown “up”"' in asked.text
    assert "not right" in wrong.text
    client.post(reverse("people-ask"), typed | {"confirm_password": "demo"})
    assert asked_for().why == "grown “up”"
    assert client.post(reverse("people-ask"), typed | {"role": "finance"}).status_code == 302


def test_where_a_second_factor_is_set_up_its_code_is_asked_too(admin, agent_user, settings):
    settings.CONFIRM_AGAIN = True
    boss = User.objects.get(pk=admin.user_id)
    with_factor(boss)
    client, place = seat(admin), reverse("people-act", args=[agent_user.pk, "link"])

    assert client.post(place, {"confirm_password": "demo"}).status_code == 422
    assert client.post(place, {"confirm_password": "demo", "confirm_code": code_of(boss)}).status_code == 200


def test_a_fresh_login_is_not_asked_again(agent_user, admin, settings):
    settings.CONFIRM_AGAIN = True
    client, _answer = log_in(User.objects.get(pk=admin.user_id))

    assert client.post(reverse("people-act", args=[agent_user.pk, "link"])).status_code == 200


def test_a_second_factor_is_set_up_asked_for_and_removed(agent_user):
    client, _answer = log_in(agent_user)
    shown = client.get(reverse("account-second-factor"))
    assert "<svg" in shown.text and "http" not in shown.text.split("<svg")[1].split(">")[0].replace("www.w3.org", "")
    assert client.post(reverse("account-second-factor"), {"code": "000000"}).status_code == 422

    kept = client.post(reverse("account-second-factor"), {"code": code_of(agent_user)})

    codes = list(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == 10 and all(code in kept.text for code in codes)
    other, half = log_in(agent_user)
    assert half.url == reverse("login-code")
    assert other.get("/cases/").status_code == 302
    assert other.post(half.url, {"code": "123456"}).status_code == 422
    assert other.post(half.url, {"code": code_of(agent_user)}).url == "/"
    assert other.get("/cases/").status_code == 200
    third, half = log_in(agent_user)
    StaticToken.objects.first().device.throttle_reset()
    assert third.post(half.url, {"code": codes[0]}).status_code == 302
    again, half = log_in(agent_user)
    assert again.post(half.url, {"code": codes[0]}).status_code == 422
    StaticToken.objects.first().device.throttle_reset()
    assert client.post(reverse("account-remove"), {"code": code_of(agent_user)}).status_code == 302
    assert not TOTPDevice.objects.exists()


def test_a_code_without_a_password_opens_nothing(client):
    assert client.get(reverse("login-code")).url == reverse("login")
    assert client.post(reverse("login-code"), {"code": "123456"}).url == reverse("login")


@pytest.mark.parametrize(("role", "leads"), [(Role.FINANCE, "/account/"), (Role.WAREHOUSE, "/warehouse/")])
def test_where_it_is_demanded_money_roles_open_nothing_without_it(role, leads, settings):
    settings.SECOND_FACTOR_DEMANDED = True
    user = person("somebody", role)
    client = seat(actor_for(user))

    assert client.get("/").url == leads
    assert client.get("/account/").status_code == 200
    with_factor(user)
    assert client.get("/").url != "/account/"


def test_the_login_of_the_admin_is_the_same_one(client):
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"


def test_ones_own_password_needs_the_old_one_and_ends_the_other_sessions(agent, agent_user):
    here, there = seat(agent), seat(agent)
    new = {"new_password1": "a long enough one 42", "new_password2": "a long enough one 42"}

    assert here.post(reverse("account-password"), {"old_password": "wrong", **new}).status_code == 422
    assert here.post(reverse("account-password"), {"old_password": "demo", **new}).status_code == 302

    assert here.get("/cases/").status_code == 200
    assert there.get("/cases/").status_code == 302
    assert not AccountTouch.objects.exists()


def test_people_are_for_admins_and_an_account_for_everybody(agent):
    assert seat(agent).get(reverse("people")).status_code == 403
    assert seat(agent).get(reverse("account")).status_code == 200
