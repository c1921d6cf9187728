"""Instant refunds (极速退款): who gets them, when the money goes out, what is asked back once goods are judged."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.disputes import arbitration
from aftersales.actions.returns import pickups, receipts, shipments
from aftersales.models import Receivable, Refund
from aftersales.queries.cases import wording
from aftersales.rules.vocabulary import CaseType, Fault
from orders.gateways import sandbox
from orders.models import OrderLine, Payment
from orders.refusals import Refused
from tests.aftersales.actions.refunds.recovery import failed, judged, sums
from tests.aftersales.stages import DAY, HOUR, again, pay
from tests.factories import NOON, asks, opened
from tests.races.together import nothing_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_what_was_never_shipped_is_paid_at_once(unshipped, buyer):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    pay(NOON)

    assert again(case).status == "completed"
    assert case.events.get(action="approve").data["rule"] == "instant_below"
    nothing_broken()


def test_a_return_is_agreed_at_once_and_paid_with_the_waybill(promised, buyer):
    assert not Refund.objects.exists()

    case = shipments.ship(promised.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    pay(NOON + HOUR)

    assert (again(case).status, again(case).advanced_at) == ("return_in_transit", NOON + HOUR)
    assert sums(case) == (100, 0)
    event = case.events.get(action="ship_return")
    assert "¥100.00 is paid before the goods are here." in wording.details(event, case, {})
    nothing_broken()


def test_a_second_waybill_pays_nothing_more(advanced, buyer):
    pickups.cancel_pickup(advanced.pk, by=buyer, at=NOON + 2 * HOUR)
    shipments.ship(advanced.pk, by=buyer, at=NOON + 3 * HOUR, carrier="SF", waybill="SF2")

    assert pay(NOON + 3 * HOUR) == [False]
    assert sums(advanced) == (100, 0)


def test_goods_that_pass_end_the_case_and_nothing_is_paid_twice(arrived, people):
    case = judged(arrived, 2, people)

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 100, (100, 0))
    line = OrderLine.objects.get()
    assert (line.units_settled, line.amount_settled, line.units_reserved, line.amount_reserved) == (2, 100, 0, 0)
    nothing_broken()


def test_an_inspection_that_accepts_less_asks_the_difference_back(arrived, people):
    case = judged(arrived, 1, people)

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 50, (100, 50))
    receivable = Receivable.objects.get()
    assert (receivable.debtor, receivable.creditor, receivable.status) == ("buyer", "merchant", "open")
    line = OrderLine.objects.get()
    assert (line.units_settled, line.amount_settled, line.units_reserved, line.amount_reserved) == (1, 100, 0, 0)
    nothing_broken()


def test_goods_without_a_waybill_are_paid_after_the_inspection(promised, people):
    line = promised.lines.get()
    case = receipts.receive(promised.pk, by=people.warehouse, at=NOON + HOUR, units={line.pk: 2})
    case = judged(case, 2, people)
    pay(NOON + 2 * DAY)

    assert (again(case).status, again(case).advanced_at, sums(case)) == ("completed", None, (100, 0))
    nothing_broken()


def test_what_failed_the_inspection_is_asked_back_when_the_buyer_lets_it_be(arrived, people):
    case = failed(arrived, people)
    sweeps.fire_deadlines(again(case).due_at + timedelta(minutes=2))

    assert (again(case).status, sums(case)) == ("closed", (100, 100))
    line = OrderLine.objects.get()
    assert (line.units_settled, line.amount_settled, line.units_left) == (0, 100, 2)
    nothing_broken()


def test_a_ruling_for_the_merchant_asks_the_instant_refund_back(arrived, people):
    case = failed(arrived, people)
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * DAY)
    case = arbitration.rule_for_merchant(case.pk, by=people.supervisor, at=NOON + 3 * DAY, ruling="Worn.")

    assert (case.status, sums(case)) == ("closed", (100, 100))
    nothing_broken()


def test_a_ruling_for_a_part_asks_the_rest_of_the_instant_refund_back(arrived, people):
    case = failed(arrived, people)
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * DAY)
    case = arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=NOON + 3 * DAY, ruling="Half.", liable=Fault.BUYER, amount=Decimal(30)
    )

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 30, (100, 70))
    nothing_broken()


def test_a_buyer_who_keeps_the_goods_owes_the_money(advanced, people):
    case = decisions.withdraw(advanced.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert (case.status, sums(case)) == ("closed", (100, 100))
    assert Payment.objects.get().settled == 100
    nothing_broken()


def test_goods_that_never_come_are_asked_back_by_the_clock(advanced, people):
    case = pickups.cancel_pickup(advanced.pk, by=people.buyer, at=NOON + 2 * HOUR)
    sweeps.fire_deadlines(case.due_at + timedelta(minutes=2))

    assert (again(case).status, again(case).close_reason, sums(case)) == ("closed", "expired", (100, 100))
    nothing_broken()


def test_money_that_was_not_sent_yet_is_called_off(shipped, people):
    case = decisions.withdraw(shipped.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert (case.status, sums(case)) == ("closed", (0, 0))
    assert (Refund.objects.get().status, Payment.objects.get().left) == ("cancelled", 110)
    nothing_broken()


def test_nobody_withdraws_while_the_gateway_has_not_answered(shipped, people):
    sandbox.set_fault("error_500", "1x")
    pay(NOON + HOUR)

    with pytest.raises(Refused, match="wait until its outcome is known"):
        decisions.withdraw(shipped.pk, by=people.buyer, at=NOON + 2 * HOUR)

    nothing_broken()


def test_a_new_application_asks_for_at_least_what_was_paid_ahead(arrived, order, people):
    case = failed(arrived, people)
    line = order.lines.get()

    for wrong in (
        asks(order, units={line.pk: 1}),
        asks(order, type="compensation", reason="agreed", amount=Decimal(5)),
    ):
        with pytest.raises(Refused, match="was paid before the goods were here"):
            decisions.reapply(case.pk, wrong, by=people.buyer, at=NOON + 2 * DAY)

    case = decisions.reapply(
        case.pk, asks(order, type="refund_only", reason="agreed"), by=people.buyer, at=NOON + 2 * DAY
    )
    case = negotiation.offer(case.pk, by=people.merchant, at=NOON + 3 * DAY, amount=Decimal(20))
    case = negotiation.accept(case.pk, by=people.buyer, at=NOON + 3 * DAY)
    assert (case.status, sums(case)) == ("completed", (100, 80))
    nothing_broken()


def test_an_exchange_instead_asks_the_money_back(arrived, order, people):
    case = failed(arrived, people)
    decisions.reapply(case.pk, asks(order, type="exchange"), by=people.buyer, at=NOON + 2 * DAY)

    case = decisions.withdraw(case.pk, by=people.buyer, at=NOON + 3 * DAY)

    assert sums(case) == (100, 100)
    nothing_broken()


def test_a_coupon_is_no_offer_once_money_was_paid(arrived, order, people):
    case = failed(arrived, people)
    decisions.reapply(case.pk, asks(order), by=people.buyer, at=NOON + 2 * DAY)

    with pytest.raises(Refused, match="offer terms for the goods"):
        negotiation.offer(case.pk, by=people.merchant, at=NOON + 3 * DAY, amount=Decimal(9), type=CaseType.COMPENSATION)


def test_a_case_taken_up_again_starts_without_the_instant_refund(arrived, people):
    case = judged(arrived, 1, people)

    case = decisions.reopen(case.pk, by=people.supervisor, at=NOON + 9 * DAY, why="The lab says otherwise.")

    assert (case.instant_at, case.advanced_at) == (None, None)
    nothing_broken()


# Who does not get it, each for a reason of its own.
