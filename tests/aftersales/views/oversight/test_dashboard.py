"""The supervisor's page."""

import pytest
import time_machine

from aftersales.rules.policies import calendar
from tests.aftersales.views.desk import seat
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/now/", "/admin/"])
def test_supervisors_and_admins_are_told_of_a_year_without_holidays(address, supervisor, admin, monkeypatch):
    monkeypatch.setattr(calendar, "is_announced", lambda year: year <= NOON.year)
    person = {"/now/": supervisor, "/admin/": admin}[address]

    with time_machine.travel(NOON.replace(month=10), tick=False):
        october = seat(person).get(address)
    with time_machine.travel(NOON.replace(month=11), tick=False):
        november = seat(person).get(address)

    sentence = f"The official calendar of {NOON.year + 1} is not known yet"
    assert (october.status_code, november.status_code) == (200, 200)
    assert sentence not in october.text
    assert sentence in november.text
