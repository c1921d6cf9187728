"""Returns on their way to the warehouse."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import User
from orders.models import Order
from tests.aftersales.views.returns.floor import HOUR
from tests.factories import opened


@pytest.fixture
def at(order):
    """Half an hour before now: pages read the real clock."""
    moment = timezone.now() - HOUR / 2
    Order.objects.filter(pk=order.pk).update(signed_at=moment - timedelta(days=2))
    return moment


@pytest.fixture
def awaited(order, at, buyer, agent):
    order.refresh_from_db()
    case = opened(order, by=buyer, at=at)
    return decisions.approve(case.pk, by=agent, at=at)


@pytest.fixture
def shipped(awaited, buyer, at):
    return shipments.ship(awaited.pk, by=buyer, at=at, carrier="SF", waybill="SF100200300")


@pytest.fixture
def floor(client, warehouse):
    client.force_login(User.objects.get(username="warehouse"))
    return client
