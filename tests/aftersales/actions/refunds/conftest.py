"""A return whose money the policy has promised at once, on its way."""

from decimal import Decimal

import pytest

from aftersales.actions.returns import returns
from aftersales.models import Policy
from tests.aftersales.stages import DAY, HOUR, again, pay
from tests.factories import NOON, opened


@pytest.fixture
def rules(db):
    Policy.objects.update(instant_below=Decimal(200), instant_buyer_level=1)


@pytest.fixture
def promised(rules, order, buyer):
    """A return of 100.00 that the policy agreed to at once."""
    case = opened(order, by=buyer)
    assert (case.status, case.instant_at, case.advanced_at) == ("awaiting_return", NOON, None)
    return case


@pytest.fixture
def shipped(promised, buyer):
    return returns.ship(promised.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")


@pytest.fixture
def advanced(shipped):
    """The money is with the buyer, the goods are on their way."""
    pay(NOON + HOUR)
    return again(shipped)


@pytest.fixture
def arrived(advanced, people):
    line = advanced.lines.get()
    return returns.receive(advanced.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})
