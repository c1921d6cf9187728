"""Instant refunds that the gateway refused, took back, or said nothing about while the goods travelled."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker, retries
from aftersales.actions.refunds.finance import releases
from aftersales.actions.returns import receipts, shipments
from aftersales.models import Policy, Refund
from aftersales.rules.actor import CLOCK
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.models import Order
from tests.aftersales.actions.refunds.recovery import failed, judged, sums
from tests.aftersales.stages import DAY, HOUR, again, pay, picture
from tests.factories import NOON, asks, opened, sold
from tests.races.together import nothing_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_a_failed_instant_refund_leaves_the_case_where_it_is_and_is_paid_at_the_end(shipped, people):
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)
    assert (Refund.objects.get().status, again(shipped).status) == ("failed", "return_in_transit")
    nothing_broken()

    case = receipts.receive(
        shipped.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in shipped.lines.all()}
    )
    case = judged(case, 2, people)
    nothing_broken()
    pay(NOON + 2 * DAY)

    assert (again(case).status, sums(case)) == ("completed", (100, 0))
    nothing_broken()


def test_finance_sends_a_failed_instant_refund_again_while_the_goods_travel(shipped, people):
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)

    retries.retry(Refund.objects.get().pk, by=people.finance, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert (again(shipped).status, sums(shipped)) == ("return_in_transit", (100, 0))
    nothing_broken()


@pytest.fixture
def in_doubt(shipped, people):
    """Judged, one of two accepted, while the gateway has not said what became of the money."""
    sandbox.set_fault("error_500", "1x")
    pay(NOON + HOUR)
    case = receipts.receive(
        shipped.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in shipped.lines.all()}
    )
    case = judged(case, 1, people)
    assert (case.status, Refund.objects.get().status) == ("refunding", "unknown")
    nothing_broken()
    return case


def heard(outcome):
    """The gateway says what became of the refund."""
    refund = Refund.objects.earliest("pk")
    reply = Reply(outcome=outcome, code="TOLD", amount=refund.amount, currency=refund.currency)
    return refund_worker.apply_reply(refund.pk, reply, at=NOON + 2 * DAY)


def test_what_is_due_is_worked_out_once_the_gateway_says_it_paid(in_doubt):
    heard("succeeded")

    assert (again(in_doubt).status, again(in_doubt).agreed_amount, sums(in_doubt)) == ("completed", 50, (100, 50))
    nothing_broken()


def test_when_the_gateway_did_not_pay_only_what_is_due_goes_out(in_doubt):
    heard("failed")
    nothing_broken()
    pay(NOON + 3 * DAY)

    assert (again(in_doubt).status, sums(in_doubt)) == ("completed", (50, 0))
    nothing_broken()


def test_when_the_gateway_took_it_back_only_what_is_due_goes_out(in_doubt):
    heard("reversed")
    pay(NOON + 3 * DAY)

    assert (again(in_doubt).status, sums(in_doubt)) == ("completed", (50, 0))
    nothing_broken()


@pytest.mark.parametrize(("outcome", "given"), [("succeeded", (100, 50)), ("failed", (50, 0))])
def test_the_platform_pays_when_the_gateway_is_silent_for_too_long(outcome, given, in_doubt):
    retries.platform_pays(in_doubt.pk, by=CLOCK, at=NOON + 2 * DAY)
    nothing_broken()

    heard(outcome)
    pay(NOON + 3 * DAY)

    assert (again(in_doubt).status, sums(in_doubt)) == ("completed", given)
    nothing_broken()


def test_money_taken_back_while_the_goods_travel_is_owed_again(advanced, people):
    gateway_notices.apply_notices(NOON + HOUR)
    sandbox.reverse(Refund.objects.get().number)
    gateway_notices.apply_notices(NOON + DAY)
    assert (again(advanced).status, Refund.objects.get().status) == ("return_in_transit", "reversed")
    nothing_broken()

    retries.retry(Refund.objects.get().pk, by=people.finance, at=NOON + 2 * DAY)
    pay(NOON + 2 * DAY)

    assert sums(advanced) == (100, 0)
    nothing_broken()


def test_an_instant_refund_that_waits_for_release_goes_on_after_the_inspection(order, people):
    Policy.objects.update(release_above=Decimal(50))
    case = opened(order, by=people.buyer)
    shipments.ship(case.pk, by=people.buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    waiting = Refund.objects.get()
    case = receipts.receive(
        case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in case.lines.all()}
    )
    case = judged(case, 2, people)

    assert (case.status, list(case.refunds.values_list("pk", "status"))) == (
        "refunding", [(waiting.pk, "awaiting_release")],
    )  # fmt: skip
    releases.release(waiting.pk, by=people.finance, at=NOON + 2 * DAY)
    pay(NOON + 2 * DAY)
    assert (again(case).status, sums(case)) == ("completed", (100, 0))
    nothing_broken()


def test_of_two_payments_one_of_which_failed_only_what_is_due_goes_back(shop, buyer, order, people):
    two = sold(merchant=shop, buyer=order.buyer, payments=[("wallet", 60), ("card", 50)])
    case = opened(two, by=buyer)
    shipments.ship(case.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    pay(NOON + HOUR)
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)
    nothing_broken()

    case = receipts.receive(
        case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in case.lines.all()}
    )
    case = judged(case, 1, people)
    nothing_broken()
    pay(NOON + 2 * DAY, times=2)

    paid, asked_back = sums(case)
    assert (again(case).status, paid - asked_back) == ("completed", 50)
    nothing_broken()


@pytest.fixture
def paid_with_freight(order, people):
    """The merchant's fault: goods and freight, 110.00 in all, were paid with the waybill; the goods are here."""
    case = opened(order, by=people.buyer, reason="broken", photos=(picture(),))
    shipments.ship(case.pk, by=people.buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    pay(NOON + HOUR)
    assert sums(case) == (110, 0)
    line = case.lines.get()
    return receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})


def freight(case):
    order = Order.objects.get(pk=case.order_id)
    return order.freight_reserved, order.freight_settled


def test_freight_that_was_paid_ahead_is_held(paid_with_freight):
    assert (again(paid_with_freight).freight_held, freight(paid_with_freight)) == (10, (10, 0))
    nothing_broken()


def test_all_of_it_is_given_back_when_the_goods_pass(paid_with_freight, people):
    case = judged(paid_with_freight, 2, people)

    assert (case.status, sums(case), freight(case)) == ("completed", (110, 0), (0, 10))
    nothing_broken()


def test_a_withdrawal_asks_goods_and_freight_back(paid_with_freight, people):
    case = decisions.withdraw(paid_with_freight.pk, by=people.buyer, at=NOON + DAY + HOUR)

    assert (case.status, sums(case), freight(case)) == ("closed", (110, 110), (0, 10))
    assert case.lines.get().amount_settled == 100
    nothing_broken()


def test_freight_that_is_not_due_after_all_is_asked_back_with_the_goods(paid_with_freight, people):
    case = judged(paid_with_freight, 1, people)

    assert (case.status, sums(case)) == ("completed", (110, 60))
    nothing_broken()


def test_who_asks_again_after_a_failed_inspection_keeps_what_was_paid_for_the_freight(paid_with_freight, people):
    case = failed(paid_with_freight, people)
    again_asked = asks(case.order, reason="broken", photos=(picture(),))

    case = decisions.reapply(case.pk, again_asked, by=people.buyer, at=NOON + 2 * DAY)

    assert (case.freight_held, freight(case)) == (10, (10, 0))
    nothing_broken()
