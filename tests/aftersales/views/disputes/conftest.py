"""A case whose evidence is looked at."""

import pytest

from tests.factories import opened


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)
