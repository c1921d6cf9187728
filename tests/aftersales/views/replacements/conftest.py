"""Somebody of the warehouse at the desk."""

import pytest

from tests.aftersales.views.desk import seat


@pytest.fixture
def floor(warehouse):
    return seat(warehouse)
