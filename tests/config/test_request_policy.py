"""Idle sessions, guessed passwords, and whose address it is."""

import time

import pytest
from django.test import RequestFactory

from aftersales.models import User
from config import request_policy as policy

ADDRESS = "203.0.113.7"


@pytest.mark.django_db
def test_an_active_session_lives_on_and_is_written_once_a_minute(client, django_assert_num_queries):
    client.force_login(User.objects.create_user("agent"))
    client.get("/admin/")
    first = client.session.get(policy.SEEN)

    client.get("/admin/")

    assert client.session.get(policy.SEEN) == first
    session = client.session
    session[policy.SEEN] = int(time.time()) - policy.RENEW_EVERY - 1
    session.save()
    page = client.get("/admin/")
    assert client.session[policy.SEEN] >= first
    assert page.cookies["sessionid"]["httponly"]
    assert page.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.django_db
def test_a_visitor_without_a_session_gets_none(client):
    page = client.get("/healthz")

    assert "sessionid" not in page.cookies


@pytest.mark.django_db
def test_guessing_a_password_is_stopped_for_that_name_and_address_only(client, settings):
    User.objects.create_user("agent", password="a long enough one")
    guess = {"username": "agent", "password": "guessed"}

    answers = [client.post("/login/", guess).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]

    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    right = {"username": "agent", "password": "a long enough one"}
    assert client.post("/login/", right).status_code == 429
    assert client.post("/login/", right, REMOTE_ADDR=ADDRESS).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", ADDRESS),
        (1, "", ADDRESS),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "10.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", ADDRESS),
    ],
)
def test_an_address_is_what_the_trusted_proxy_saw(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=ADDRESS, HTTP_X_FORWARDED_FOR=forwarded)

    assert policy.client_address(request) == address
