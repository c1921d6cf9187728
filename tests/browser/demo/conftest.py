"""The demo shop, seeded once for all tests of this folder; they look at it, and change nothing that others count."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from aftersales.models import User
from tests.browser.chrome import TRAFFIC, come_to_rest


@pytest.fixture(autouse=True)
def own_places():
    """The demo has places of its own, kept from test to test."""


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everything `seed_demo` makes, gone afterwards; what the command says."""
    places = tmp_path_factory.mktemp("demo")
    elsewhere = {
        "SANDBOX_STORE": places / "sandbox.sqlite3",
        "EVIDENCE_ROOT": places / "evidence",
        "VAR_DIR": places,
        "WAKE_WORKERS": False,
    }
    with django_db_blocker.unblock(), override_settings(**elsewhere):
        call_command("seed_demo", stdout=(out := StringIO()))
        yield out.getvalue()
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(scope="package")
def site(demo):
    """The demo shop served; its address."""
    server = LiveServer("localhost")
    yield server.url
    TRAFFIC.begin()  # whole walks have left answers unread
    come_to_rest()
    server.stop()


@pytest.fixture
def speaks(demo):
    """Sets the language that people chose: `speaks("zh-hans")`."""
    return lambda language: User.objects.update(language=language)
