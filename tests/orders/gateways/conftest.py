"""A bank of each test's own."""

import pytest
from django.test import override_settings

from orders import gateways


@pytest.fixture(autouse=True)
def store(tmp_path):
    with override_settings(SANDBOX_STORE=tmp_path / "bank" / "sandbox.sqlite3", SANDBOX_FAULTS={}):
        yield tmp_path / "bank" / "sandbox.sqlite3"


@pytest.fixture
def gateway():
    return gateways.get("sandbox")
