"""A reason to reject that the system can verify is verified when it is given."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts
from aftersales.actions.returns.inspections import Finding
from aftersales.models import RejectReason, Round
from aftersales.rules.disputes import rejections
from aftersales.rules.vocabulary import CaseType, Condition, Disposition
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, picture, refusal, stage
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db


def rejected(case, people, code):
    reason = refusal(code)
    return decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=reason, note="As the order shows.")


@pytest.fixture
def unshipped(order, people):
    new = sold(merchant=order.merchant, buyer=order.buyer, unshipped=True)
    return opened(new, by=people.buyer, at=NOON, type=CaseType.REFUND_ONLY)


def test_every_verified_reason_is_one_that_an_installation_starts_with():
    assert set(rejections.VERIFIED) <= set(RejectReason.objects.values_list("code", flat=True))


def test_a_case_inside_its_window_is_not_rejected_as_too_late(order, people):
    case = opened(order, by=people.buyer, at=NOON)

    with pytest.raises(Refused, match="does not apply"):
        rejected(case, people, "window_over")


def test_by_the_dates_known_now_it_may_be_too_late_after_all(order, people):
    case = opened(order, by=people.buyer, at=NOON)
    Order.objects.filter(pk=order.pk).update(shipped_at=NOON - 61 * DAY, signed_at=NOON - timedelta(days=60))

    assert rejected(case, people, "window_over").status == "rejected"


@pytest.mark.parametrize("code", ["window_over", "already_shipped", "used_or_incomplete"])
def test_goods_that_have_not_left_are_neither_late_nor_shipped_nor_used(code, unshipped, people):
    with pytest.raises(Refused, match="does not apply"):
        rejected(unshipped, people, code)


def test_a_reopening_by_a_supervisor_is_not_counted_as_an_application_of_the_buyers(order, people):
    case = stage("closed", order, people)
    decisions.reopen(case.pk, by=people.supervisor, at=NOON + DAY, why="New photos.")

    assert len(Round.objects.counted(order.pk)) == 1
    assert case.rounds.get(number=2).is_reopening


def inspected(case, people, code, condition, *, at, serial="", tags_intact=True):
    """All units refused for a reason, found in one condition."""
    [line] = case.lines.all()
    goes_to = Disposition.SCRAP if condition == Condition.EMPTY else Disposition.TO_BUYER
    unit = Finding(line.pk, condition, goes_to, False, serial=serial, tags_intact=tags_intact, photos=[picture()])
    return inspections.fail_inspection(
        case.pk, [unit] * 2, by=people.warehouse, at=at, reason=refusal(code), note="As the photo shows."
    )


BORNE_OUT = {
    "empty_return": {Condition.EMPTY},
    "wrong_return": {Condition.WRONG_ITEM},
    "swapped_serial": {Condition.SWAPPED},
    "unsaleable": {Condition.USED, Condition.DAMAGED},
    "fake_waybill": {Condition.EMPTY},
}


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("code", BORNE_OUT)
def test_goods_are_refused_only_for_what_the_inspection_found(code, condition, order, people):
    case = stage("inspecting", order, people)

    if condition in BORNE_OUT[code]:
        assert inspected(case, people, code, condition, at=NOON + DAY).status == "rejected"
    else:
        with pytest.raises(Refused, match="does not apply"):
            inspected(case, people, code, condition, at=NOON + DAY)


def test_every_reason_of_the_inspection_that_an_installation_starts_with_is_verified():
    of_stage = RejectReason.objects.filter(stage="inspection").values_list("code", flat=True)

    assert set(rejections.VERIFIED_AT_INSPECTION) == set(of_stage)


def test_cut_tags_are_enough_to_be_unsaleable(order, people):
    case = stage("inspecting", order, people)

    case = inspected(case, people, "unsaleable", Condition.OPENED, at=NOON + DAY, tags_intact=False)

    assert case.status == "rejected"


def test_a_serial_that_was_read_on_these_goods_before_is_not_swapped(order, people):
    case = stage("inspecting", order, people)
    inspected(case, people, "unsaleable", Condition.USED, at=NOON + DAY, serial="SN1")
    decisions.reapply(case.pk, asks(order), by=people.buyer, at=NOON + DAY)
    decisions.approve(case.pk, by=people.merchant, at=NOON + DAY)
    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={case.lines.get().pk: 2}, waybill="SF3")
    case = again(case)

    with pytest.raises(Refused, match="SN1 was read on the goods of this order before"):
        inspected(case, people, "swapped_serial", Condition.SWAPPED, at=NOON + 2 * DAY, serial="SN1")
    later = NOON + 2 * DAY
    assert inspected(case, people, "swapped_serial", Condition.SWAPPED, at=later, serial="SN2").status == "rejected"
