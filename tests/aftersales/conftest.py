"""Everybody at once, for tests that bring a case to some state."""

from types import SimpleNamespace

import pytest

from aftersales.rules.actor import CARRIER, CLOCK, GATEWAY, POLICY


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
