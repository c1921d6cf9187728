"""Several requests of one buyer at one moment never promise more than the quota. With its control without locks."""

from decimal import Decimal

import pytest

from aftersales.models import Case, Policy
from aftersales.rules.cases import automatic_decisions
from tests.factories import NOON, opened, sold
from tests.races.together import at_once, locks, nothing_broken, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def quota(db):
    """Room for one case of 100.00, not for two."""
    Policy.objects.update(instant_below=Decimal(200), instant_buyer_level=1, instant_quota=Decimal(150))


@locks
def test_two_cases_of_a_buyer_share_one_quota(locked, quota, shop, order, buyer, monkeypatch):
    orders = [order, *(sold(merchant=shop, buyer=order.buyer) for _more in range(3))]
    pausing(monkeypatch, automatic_decisions, "instant_blockers")
    if not locked:
        unlock(monkeypatch)

    answers = at_once(*[lambda each=each: patiently(lambda: opened(each, by=buyer, at=NOON)) for each in orders])

    assert refusals(answers) == []
    promised = Case.objects.filter(instant_at__isnull=False).count()
    assert (promised == 1) is locked
    assert promised >= 1
    nothing_broken()
