"""An exchange that sends first, of which the old goods never come."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.replacements import dispatches
from aftersales.models import Receivable
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import DAY, HOUR, broken
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def test_what_never_comes_twice_is_owed_in_one_sum(order, people):
    case = opened(order, by=people.buyer, type=CaseType.EXCHANGE, dispatches_first=True)
    for start in (NOON, NOON + 20 * DAY):
        decisions.approve(case.pk, by=people.merchant, at=start + HOUR)
        dispatches.dispatch(case.pk, by=people.warehouse, at=start + 2 * HOUR, carrier="SF", waybill=f"N-{start:%d}")
        dispatches.confirm(case.pk, by=people.buyer, at=start + DAY)
        decisions.expire(case.pk, by=actor.CLOCK, at=start + 9 * DAY)
        owed = Receivable.objects.get(case=case, status="open").amount
        decisions.reopen(case.pk, by=people.supervisor, at=start + 10 * DAY, why="They found it.")

    assert owed == 200
    assert broken() == []
