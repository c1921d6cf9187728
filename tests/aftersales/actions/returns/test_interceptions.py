"""Parcels that are to be stopped: paid without a return, or turned into one."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import interceptions
from aftersales.rules.vocabulary import CaseType
from logistics.models import Parcel
from tests.aftersales.stages import HOUR, MINUTE, again, pay
from tests.factories import NOON, opened

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
