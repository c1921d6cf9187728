"""What sending a failed refund again leads to: said by the facts of now, and read before it is confirmed."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import refund_worker, retries
from aftersales.models import Refund
from aftersales.rules.refunds import retry_outcome
from aftersales.rules.vocabulary import CaseType, RefundStatus
from orders import delivery
from orders.gateways import sandbox
from orders.models import Order, Payment
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, broken
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(unshipped, people):
    """110.00 for goods that had not left, freight included; the gateway refused it."""
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    sandbox.set_fault("decline", "1x")
    refund_worker.send_next(NOON + HOUR)
    return Refund.objects.select_related("case", "payment").get()


def outcome_of(refund, at=NOON + 3 * HOUR):
    return retry_outcome.sentence(refund, Order.objects.get(pk=refund.order_id), at)


def test_a_retry_says_that_goods_have_left_since_and_waits_until_that_was_read(failed, finance):
    seen = outcome_of(failed)
    delivery.note_shipped(failed.order_id, NOON + 2 * HOUR)

    with pytest.raises(Refused, match="has changed since you opened it"):
        retries.retry(failed.pk, by=finance, at=NOON + 3 * HOUR, seen=seen)
    assert Refund.objects.get(pk=failed.pk).status == RefundStatus.FAILED

    now = outcome_of(failed)
    assert "the goods were: Not shipped; now they are: Shipped, not signed for." in now
    assert "¥10.00 of the case is freight" in now
    retries.retry(failed.pk, by=finance, at=NOON + 3 * HOUR, seen=now)
    assert again(failed.case).status == "refunding"
    assert again(failed.case).events.get(action="retry_refund").data["goods"] == ["unshipped", "shipped"]


def test_a_retry_whose_facts_stand_goes_on_as_it_was_read(failed, finance):
    retries.retry(failed.pk, by=finance, at=NOON + 3 * HOUR, seen=outcome_of(failed))

    assert again(failed.case).status == "refunding"
    assert "goods" not in again(failed.case).events.get(action="retry_refund").data
    assert not broken()


def test_a_payment_that_holds_less_by_now_is_said_before_and_refused(failed, finance):
    Payment.objects.filter(pk=failed.payment_id).update(elsewhere=Decimal(20))
    by_now = Refund.objects.select_related("case", "payment").get(pk=failed.pk)

    assert "The payment has only ¥90.00 left" in outcome_of(by_now)
    with pytest.raises(Refused):
        retries.retry(failed.pk, by=finance, at=NOON + 3 * HOUR, seen=outcome_of(by_now))
