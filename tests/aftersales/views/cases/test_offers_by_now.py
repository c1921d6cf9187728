"""An offer is made about what can be asked for by now: freight is due only while nothing has left."""

from decimal import Decimal

import pytest
import time_machine

from aftersales.actions.cases import negotiation
from aftersales.rules.vocabulary import CaseType
from orders import delivery
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, broken
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(unshipped, buyer):
    """Money back with 10.00 of freight was asked for goods that have left since."""
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    delivery.note_shipped(case.order_id, NOON + HOUR)
    return case


def test_the_form_names_what_is_due_by_now(left, agent):
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        form = seat(agent).get(address(left, "offer")).text

    assert "Asked: ¥100.00" in form


def test_freight_that_is_no_longer_due_is_not_offered(left, merchant):
    with pytest.raises(Refused, match=r"what was asked, ¥100\.00"):
        negotiation.offer(left.pk, by=merchant, at=NOON + 2 * HOUR, amount=Decimal(110))

    negotiation.offer(left.pk, by=merchant, at=NOON + 2 * HOUR, amount=Decimal(100))
    assert again(left).status == "pending_buyer"
    assert not broken()


def test_freight_of_goods_that_have_not_left_is_offered(unshipped, buyer, merchant):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)

    negotiation.offer(case.pk, by=merchant, at=NOON + 2 * HOUR, amount=Decimal(110))

    assert again(case).status == "pending_buyer"
