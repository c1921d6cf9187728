"""Everybody at once, for tests that bring a case to some state."""

import json
from types import SimpleNamespace

import pytest

from aftersales.rules.actor import CARRIER, CLOCK, GATEWAY, POLICY
from tests.aftersales.stages import stage
from tests.fakes.carriers import FakeCarrier
from tests.logistics import telling


@pytest.fixture
def people(agent, agent2, senior, supervisor, supervisor2, finance, finance2, warehouse, merchant, buyer, admin):
    """Every role by its name, as those who act."""
    return SimpleNamespace(
        agent=agent,
        agent2=agent2,
        senior=senior,
        supervisor=supervisor,
        supervisor2=supervisor2,
        finance=finance,
        finance2=finance2,
        warehouse=warehouse,
        merchant=merchant,
        buyer=buyer,
        admin=admin,
        clock=CLOCK,
        policy=POLICY,
        carrier=CARRIER,
        gateway=GATEWAY,
    )


@pytest.fixture
def agreed(order, people):
    return stage("awaiting_return", order, people)


@pytest.fixture
def kuaidi100(settings):
    server = FakeCarrier()
    settings.CARRIERS = json.dumps({"kuaidi100": telling.accounts(server.url)["kuaidi100"]})
    yield server
    server.close()
