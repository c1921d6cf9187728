"""Accounts at carriers, a server that plays them, and messages as they sign them."""

import json

import pytest
import stamina
from django.conf import settings as django_settings

from tests.fakes.carriers import FakeCarrier
from tests.logistics.telling import accounts

TRACKING = django_settings.BASE_DIR.parent / "shared" / "data" / "carrier_tracking"


@pytest.fixture(scope="session")
def tracking():
    if not TRACKING.is_dir():
        pytest.skip(f"no payloads of carriers at {TRACKING}")
    return TRACKING


@pytest.fixture(autouse=True)
def no_waiting():
    """Requests are tried as often as in earnest, without the pauses between."""
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def fake():
    server = FakeCarrier()
    yield server
    server.close()


@pytest.fixture
def carriers(settings, fake):
    settings.CARRIERS = json.dumps(accounts(fake.url))
    return fake


@pytest.fixture
def only(settings, fake):
    """Accounts of one source."""

    def choose(source):
        settings.CARRIERS = json.dumps({source: accounts(fake.url)[source]})
        return fake

    return choose
