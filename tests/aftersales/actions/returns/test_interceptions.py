"""Parcels that are to be stopped: paid without a return, or turned into one."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import interceptions
from aftersales.rules.vocabulary import CaseType
from logistics.models import Parcel
from orders.models import Buyer
from tests.aftersales.stages import HOUR, MINUTE, again, pay
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_an_intercepted_parcel_is_paid_without_a_return(unsigned, buyer, merchant, people):
    parcel = Parcel.objects.create(
        merchant=unsigned.merchant,
        order=unsigned,
        direction="outbound",
        carrier="SF",
        waybill="OUT1",
        status="in_transit",
    )
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    case = decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
    assert (case.status, case.due_at) == ("intercepting", NOON + 49 * HOUR)

    interceptions.intercepted(case.pk, by=people.carrier, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert Parcel.objects.get(pk=parcel.pk).status == "intercepted"
    assert again(case).status == "completed"
    assert unsigned.lines.get().units_settled == 2


def test_a_parcel_that_was_not_stopped_turns_the_case_into_a_return(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    case = decisions.approve(case.pk, by=merchant, at=NOON)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert (case.type, case.status, case.due_kind) == ("return_refund", "awaiting_return", "ship_return")
    assert case.return_address is not None
    assert case.lines.get().case_type == "return_refund"


def test_what_another_case_has_sent_is_not_stopped_with_it(shop, buyer, merchant, people):
    order = sold(merchant=shop, buyer=Buyer.objects.get(pk=buyer.buyer_id), lines=[(1, 60), (1, 40)], unsigned=True)
    Parcel.objects.create(merchant=shop, order=order, direction="outbound", waybill="OUT1", status="in_transit")
    first, second = order.lines.order_by("position")
    missing = opened(order, by=buyer, type=CaseType.RESHIP, reason="not_received", units={first.pk: 1})
    decisions.approve(missing.pk, by=merchant, at=NOON)
    dispatches.dispatch(missing.pk, by=people.warehouse, at=NOON + HOUR, carrier="SF", waybill="NEW1")
    stopping = opened(order, by=buyer, type=CaseType.REFUND_ONLY, units={second.pk: 1})
    decisions.approve(stopping.pk, by=merchant, at=NOON + HOUR)

    interceptions.intercepted(stopping.pk, by=people.carrier, at=NOON + 2 * HOUR)

    assert set(order.parcels.values_list("waybill", "status")) == {("OUT1", "intercepted"), ("NEW1", "in_transit")}
    assert again(missing).status == "awaiting_receipt"
