"""Returns that arrive: announced or not, in one parcel or several, and never more than was asked back."""

import pytest

from aftersales.actions.returns import receipts
from orders.refusals import Refused
from tests.aftersales.couriers import parcel_back
from tests.aftersales.stages import DAY, HOUR
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_an_unannounced_parcel_is_received(agreed, warehouse):
    line = agreed.lines.get()

    case = receipts.receive(agreed.pk, by=warehouse, at=NOON + DAY, units={line.pk: 2}, carrier="YTO", waybill="yt9")

    assert case.status == "inspecting"
    assert case.return_parcels.get().is_announced is False
    assert parcel_back(case).status == "received"


def test_several_parcels_bring_one_case_back(shipped, warehouse):
    line = shipped.lines.get()

    receipts.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={line.pk: 1}, waybill=parcel_back(shipped).waybill)
    case = receipts.receive(shipped.pk, by=warehouse, at=NOON + 2 * DAY, units={line.pk: 1}, waybill="SF2")

    assert case.return_parcels.count() == 2
    assert case.lines.get().units_received == 2
    assert case.due_at == NOON + DAY + 48 * HOUR


def test_more_units_than_were_asked_back_are_refused(shipped, warehouse):
    with pytest.raises(Refused, match="only 2 more"):
        receipts.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={shipped.lines.get().pk: 3})


def test_an_item_of_another_case_is_not_received_into_this_one(shipped, warehouse, order, buyer):
    other = opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)

    with pytest.raises(Refused, match="not part of the case"):
        receipts.receive(shipped.pk, by=warehouse, at=NOON + DAY, units={other.lines.get().pk: 1})
