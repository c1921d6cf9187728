"""Refunds as finance meets them on its pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import refund_worker
from aftersales.models import Policy, Refund, User
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from tests.factories import opened, sold

HOUR = timedelta(hours=1)


@pytest.fixture
def at():
    """Half an hour before now: pages read the real clock."""
    return timezone.now() - HOUR / 2


@pytest.fixture
def make(shop, order, buyer, agent, at):
    """A refund of 110.00 that is ready to be sent."""

    def refund(**fields):
        if "currency" in fields:
            limits_in(fields["currency"])
        sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, **fields)
        case = decisions.approve(opened(sale, by=buyer, type=CaseType.REFUND_ONLY, at=at).pk, by=agent, at=at)
        return Refund.objects.get(case=case)

    return refund


def limits_in(currency):
    """The same rules for another currency: without them a second person has to allow each sum."""
    policy = Policy.objects.get(name="General")
    policy.pk, policy.name, policy.currency = None, f"General {currency}", currency
    policy.save()


@pytest.fixture
def careful(db):
    """A policy under which finance releases every refund."""
    Policy.objects.update(release_above=Decimal(1))


@pytest.fixture
def till(client, finance):
    client.force_login(User.objects.get(username="finance"))
    return client


@pytest.fixture
def failed(make, at):
    refund = make()
    sandbox.set_fault("decline", "always")
    refund_worker.send_next(at)
    sandbox.clear_faults()
    return Refund.objects.get(pk=refund.pk)
