"""What peers got wrong when a case became two."""

import pytest

from aftersales.actions.cases.reshaping import splits
from tests.aftersales.stages import HOUR, again, stage
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["pending_merchant", "pending_buyer", "rejected"])
def test_peer_31_splitting_a_case_keeps_the_parents_state(state, order, people):
    parent = stage(state, order, people)

    part = splits.split(parent.pk, {parent.lines.get().pk: 1}, by=people.agent, at=NOON + 2 * HOUR)

    parent = again(parent)
    assert (parent.status, part.status) == (state, state)
    assert (part.parent, part.due_at, part.round_number) == (parent, parent.due_at, parent.round_number)
