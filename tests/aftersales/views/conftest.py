"""What tests of the case page share: a case of this noon, looked at in the evening."""

import pytest
import time_machine

from tests.aftersales.views.desk import LATER
from tests.factories import opened


@pytest.fixture
def six_hours_later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)
