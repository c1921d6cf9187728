"""A reason to reject that the system can verify is verified when it is given."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.models import RejectReason, Round
from aftersales.rules.disputes import rejections
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, refusal, stage
from tests.factories import NOON, opened, sold

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

    with pytest.raises(Refused, match="is not so"):
        rejected(case, people, "window_over")


def test_by_the_dates_known_now_it_may_be_too_late_after_all(order, people):
    case = opened(order, by=people.buyer, at=NOON)
    Order.objects.filter(pk=order.pk).update(shipped_at=NOON - 61 * DAY, signed_at=NOON - timedelta(days=60))

    assert rejected(case, people, "window_over").status == "rejected"


@pytest.mark.parametrize("code", ["window_over", "already_shipped", "used_or_incomplete"])
def test_goods_that_have_not_left_are_neither_late_nor_shipped_nor_used(code, unshipped, people):
    with pytest.raises(Refused, match="is not so"):
        rejected(unshipped, people, code)


def test_a_reopening_by_a_supervisor_is_not_counted_as_an_application_of_the_buyers(order, people):
    case = stage("closed", order, people)
    decisions.reopen(case.pk, by=people.supervisor, at=NOON + DAY, why="New photos.")

    assert len(Round.objects.counted(order.pk)) == 1
    assert case.rounds.get(number=2).is_reopening
