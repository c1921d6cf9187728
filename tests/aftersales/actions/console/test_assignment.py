"""Cases that people take and give back."""

import pytest

from aftersales.actions.console import assignment
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
AT = NOON + HOUR


@pytest.fixture
def asked(order, people):
    return opened(order, by=people.buyer)


def test_a_case_of_somebody_else_is_not_taken(asked, people):
    assignment.take(asked.pk, by=people.agent2, at=AT)

    with pytest.raises(Refused, match="Agent2 works on this case"):
        assignment.take(asked.pk, by=people.agent, at=AT)

    assert again(asked).assignee_id == people.agent2.user_id
