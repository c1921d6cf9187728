"""Content policy, cookies, idle sessions and whose address it is."""

import time

import pytest
from django.test import RequestFactory

from aftersales.models import User
from config import request_policy as policy
from config.celery import app

ADDRESS = "203.0.113.7"


def directives(page):
    """Directive → its sources, of the page's Content-Security-Policy."""
    parts = (part.split() for part in page["Content-Security-Policy"].split(";"))
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.django_db
def test_pages_run_only_our_own_scripts_and_styles(client):
    policy = directives(client.get("/healthz"))

    assert policy == {
        "default-src": {"'self'"},
        "script-src": {"'self'"},
        "style-src": {"'self'"},
        "img-src": {"'self'", "data:", "blob:"},
        "object-src": {"'none'"},
        "base-uri": {"'self'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


@pytest.mark.django_db
def test_only_the_admin_is_looser(client):
    admin = directives(client.get("/admin/login/"))
    other = directives(client.get("/administration/"))

    assert admin["script-src"] == {"'self'", "'unsafe-eval'"}
    assert admin["style-src"] == {"'self'", "'unsafe-inline'"}
    assert admin["frame-ancestors"] == {"'none'"}
    assert other["script-src"] == other["style-src"] == {"'self'"}


@pytest.mark.django_db
def test_a_page_says_how_it_may_be_used(client):
    page = client.get("/healthz")

    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"


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


def test_ticks_expire_before_the_next_one():
    for entry in app.conf.beat_schedule.values():
        assert 0 < entry["options"]["expires"] < entry["schedule"]


def test_every_tick_has_its_task():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
