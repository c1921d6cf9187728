"""A world for every form, built once, and somebody who sends forms over and over."""

import pytest
import time_machine

from tests import shared_world
from tests.aftersales.bad_inputs import world as worlds
from tests.aftersales.bad_inputs.forms import FORMS
from tests.aftersales.bad_inputs.sending import Sender


@pytest.fixture(scope="package")
def places(tmp_path_factory):
    return tmp_path_factory.mktemp("forms")


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker, places):
    with shared_world.world(django_db_blocker, places):
        yield worlds.build()


@pytest.fixture(autouse=True)
def own_places(settings, places):
    settings.EVIDENCE_ROOT, settings.SANDBOX_STORE = places, places / "sandbox.sqlite3"
    settings.WAKE_WORKERS, settings.VAR_DIR = False, places


@pytest.fixture
def world(built, db):
    with time_machine.travel(built.at, tick=False):
        yield built


@pytest.fixture(params=sorted(FORMS))
def sender(request, world):
    """Each form in turn; what it answered must have been right every time."""
    sender = Sender(request.param, world)
    yield sender
    assert sender.wrong == []
