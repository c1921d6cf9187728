"""Logging in and out, the start page of each role, language and colours; nothing leads off the site."""

import pytest
from django.test import Client
from django.urls import reverse

from aftersales.models import User
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import seat
from tests.people import person

pytestmark = pytest.mark.django_db
ELSEWHERE = ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]


def log_in(client, name="agent", **fields):
    return client.post(reverse("login"), {"username": name, "password": "demo", **fields})


def test_a_stranger_is_asked_to_log_in_and_then_led_back(client, agent_user):
    asked = client.get("/cases/?view=mine")

    back = log_in(client, next="/cases/?view=mine")

    assert (asked.status_code, asked.url) == (302, "/login/?next=/cases/%3Fview%3Dmine")
    assert (back.status_code, back.url) == (302, "/cases/?view=mine")


@pytest.mark.parametrize("place", ELSEWHERE)
def test_the_way_back_never_leads_elsewhere(place, client, agent_user):
    assert log_in(client, next=place).url == "/"
    assert client.post(reverse("theme"), {"theme": "dark", "next": place}).url == "/"
    assert "evil" not in client.post(reverse("set_language"), {"language": "en", "next": place}).url


def test_the_session_changes_with_the_login_and_ends_with_it(client, agent_user):
    client.cookies["sessionid"] = "fixed-by-somebody-else"
    log_in(client)
    key = client.session.session_key

    assert key and key != "fixed-by-somebody-else"
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == "/login/"
    assert client.get("/cases/").status_code == 302


def test_who_may_no_longer_log_in_is_out_at_once(agent, agent_user):
    client = seat(agent)
    User.objects.filter(pk=agent_user.pk).update(is_active=False)

    assert client.get("/cases/").status_code == 302


def test_after_eight_wrong_passwords_the_login_rests(client, agent_user):
    answers = [log_in(client, password="wrong").status_code for _try in range(8)]
    refused = log_in(client)

    assert set(answers[:7]) == {200}
    assert refused.status_code == 429
    assert "closed to logins" in refused.text
    assert log_in(client, name="agent2", password="wrong").status_code == 200


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.AGENT, "/cases/"), (Role.SENIOR, "/cases/"), (Role.MERCHANT, "/cases/"), (Role.SUPERVISOR, "/now/"),
        (Role.WAREHOUSE, "/warehouse/"), (Role.FINANCE, "/finance/"), (Role.ADMIN, "/admin/"),
    ],
)  # fmt: skip
def test_every_role_starts_where_its_work_is(role, home, client, shop):
    client.force_login(person("somebody", role, merchant=shop))

    assert client.get("/").url == home


def test_a_login_without_a_role_is_told_so(client):
    client.force_login(User.objects.create_user("nobody"))

    response = client.get("/")

    assert response.status_code == 403
    assert "no role yet" in response.text


def test_the_menu_shows_the_places_of_the_role_and_no_others(agent, supervisor):
    assert 'href="/now/"' not in seat(agent).get("/cases/").text
    assert 'href="/now/"' in seat(supervisor).get("/cases/").text


def test_a_language_is_kept_with_the_login(agent, agent_user):
    seat(agent).post(reverse("set_language"), {"language": "zh-hans", "next": "/cases/"})
    elsewhere = Client()
    elsewhere.force_login(agent_user)

    assert '<html lang="zh-hans"' in elsewhere.get("/cases/").text


def test_a_language_that_we_do_not_speak_changes_nothing(agent, agent_user):
    seat(agent).post(reverse("set_language"), {"language": "xx", "next": "/cases/"})

    agent_user.refresh_from_db()
    assert agent_user.language == ""


def test_colours_are_kept_with_the_login_and_in_a_cookie(agent, agent_user):
    client = seat(agent)

    client.post(reverse("theme"), {"theme": "dark", "next": "/cases/"})
    elsewhere = Client()
    elsewhere.force_login(agent_user)

    assert 'data-theme="dark"' in elsewhere.get("/cases/").text
    assert client.cookies["theme"].value == "dark"
    client.post(reverse("theme"), {"theme": "<script>"})
    agent_user.refresh_from_db()
    assert agent_user.theme == ""


def test_demo_logins_are_named_only_where_they_exist_and_never_in_production(client, agent_user, settings):
    assert "Demo shop" in client.get("/login/").text
    settings.IS_PRODUCTION = True
    assert "Demo shop" not in client.get("/login/").text
    settings.IS_PRODUCTION = False
    User.objects.update(is_active=False)
    assert "Demo shop" not in client.get("/login/").text


def test_a_form_without_our_token_is_refused_with_a_page(agent_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent_user)

    response = client.post("/cases/claim/")

    assert response.status_code == 403
    assert "This form has expired" in response.text


def test_an_unknown_address_has_a_page(agent, client):
    assert seat(agent).get("/nothing/here").status_code == 404
    assert client.get("/nothing/here").status_code == 404
