"""Refunds that were not sent yet, and a return on its way whose money the policy has promised at once."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker
from aftersales.actions.returns import receipts, shipments
from aftersales.models import Policy, Refund
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from tests.aftersales.stages import DAY, HOUR, again, pay
from tests.factories import NOON, opened, sold


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
    return shipments.ship(promised.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")


@pytest.fixture
def advanced(shipped):
    """The money is with the buyer, the goods are on their way."""
    pay(NOON + HOUR)
    return again(shipped)


@pytest.fixture
def arrived(advanced, people):
    line = advanced.lines.get()
    return receipts.receive(advanced.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})


@pytest.fixture
def split(shop, order):
    """Unshipped, paid by card and gift card."""
    return sold(merchant=shop, buyer=order.buyer, unshipped=True, payments=[("card", 60), ("gift_card", 50)])


@pytest.fixture
def two_refunds(split, buyer, merchant):
    """A case that gives 60 and 50 back, nothing sent yet."""
    case = opened(split, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
    return case


@pytest.fixture
def refund(unshipped, buyer, agent):
    """A refund of 110.00 that was agreed to and not sent yet."""
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=agent, at=NOON)
    return Refund.objects.get(case=case)


@pytest.fixture
def reversed_refund(refund):
    refund_worker.send_next(NOON + HOUR)
    gateway_notices.apply_notices(NOON + HOUR)
    sandbox.reverse(refund.number)
    gateway_notices.apply_notices(NOON + 2 * HOUR)
    return Refund.objects.get(pk=refund.pk)
