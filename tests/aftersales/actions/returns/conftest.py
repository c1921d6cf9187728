"""Returns in the stages in which most tests of them begin."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import HOUR, stage
from tests.factories import NOON, opened


@pytest.fixture
def shipped(order, people):
    return stage("return_in_transit", order, people)


@pytest.fixture
def received(order, people):
    return stage("inspecting", order, people)


@pytest.fixture
def intercepting(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    return decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
