"""Refunds at once (极速退款): who gets them, when the money goes out, what is asked back once goods are judged."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions import arbitration, cases, negotiation, payout, refunds, returns
from aftersales.models import Case, Demand, Policy, Refund
from aftersales.queries import case_words
from aftersales.rules import automatic
from aftersales.rules.vocabulary import CaseType, Condition, Fault, Status
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.models import Buyer, OrderLine, Payment
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, found, pay, picture, refusal
from tests.factories import NOON, asks, opened, sold
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db):
    Policy.objects.update(instant_below=Decimal(200), instant_buyer_level=1)


def against(case):
    """The codes of what stood against a refund at once."""
    data = case.events.get(action="apply").data
    return [code for rule, code in data.get("against", ()) if rule == automatic.INSTANT]


@pytest.fixture
def promised(order, buyer):
    """A return of 100.00 that the policy agreed to at once."""
    case = opened(order, by=buyer)
    assert (case.status, case.instant_at, case.advanced_at) == ("awaiting_return", NOON, None)
    return case


@pytest.fixture
def shipped(promised, buyer):
    return returns.ship(promised.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")


@pytest.fixture
def advanced(shipped):
    """The money is with the buyer, the goods are on their way."""
    pay(NOON + HOUR)
    return again(shipped)


@pytest.fixture
def arrived(advanced, people):
    line = advanced.lines.get()
    return returns.receive(advanced.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})


def judged(case, accepted, people, *, at=NOON + DAY + HOUR):
    """So many of the received units pass, the others do not."""
    line = case.lines.get()
    findings = found(line, accepted) + found(line, line.units_received - accepted, accepted=False)
    return returns.pass_inspection(case.pk, findings, by=people.warehouse, at=at)


def failed(case, people, *, at=NOON + DAY + HOUR):
    line = case.lines.get()
    findings = found(line, line.units_received, accepted=False, condition=Condition.USED, photos=(picture(),))
    return returns.fail_inspection(
        case.pk, findings, by=people.warehouse, at=at, reason=refusal(), note="Worn for weeks."
    )


def sums(case):
    """What is with the buyer, and what is asked back."""
    paid = sum(refund.amount for refund in case.refunds.filter(status="succeeded"))
    return paid, sum(demand.amount for demand in case.demands.filter(kind="clawback"))


def test_what_was_never_shipped_is_paid_at_once(unshipped, buyer):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    pay(NOON)

    assert again(case).status == "completed"
    assert case.events.get(action="approve").data["rule"] == "instant_below"
    nothing_broken()


def test_a_return_is_agreed_at_once_and_paid_with_the_waybill(promised, buyer):
    assert not Refund.objects.exists()

    case = returns.ship(promised.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    pay(NOON + HOUR)

    assert (again(case).status, again(case).advanced_at) == ("return_in_transit", NOON + HOUR)
    assert sums(case) == (100, 0)
    event = case.events.get(action="ship_return")
    assert "¥100.00 is paid before the goods are here." in case_words.details(event, case, {})
    nothing_broken()


def test_a_second_waybill_pays_nothing_more(advanced, buyer):
    returns.cancel_pickup(advanced.pk, by=buyer, at=NOON + 2 * HOUR)
    returns.ship(advanced.pk, by=buyer, at=NOON + 3 * HOUR, carrier="SF", waybill="SF2")

    assert pay(NOON + 3 * HOUR) == [False]
    assert sums(advanced) == (100, 0)


def test_goods_that_pass_end_the_case_and_nothing_is_paid_twice(arrived, people):
    case = judged(arrived, 2, people)

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 100, (100, 0))
    line = OrderLine.objects.get()
    assert (line.units_settled, line.amount_settled, line.units_reserved, line.amount_reserved) == (2, 100, 0, 0)
    nothing_broken()


def test_a_smaller_result_asks_the_difference_back(arrived, people):
    case = judged(arrived, 1, people)

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 50, (100, 50))
    demand = Demand.objects.get()
    assert (demand.debtor, demand.creditor, demand.status) == ("buyer", "merchant", "open")
    line = OrderLine.objects.get()
    assert (line.units_settled, line.amount_settled, line.units_reserved, line.amount_reserved) == (1, 100, 0, 0)
    nothing_broken()


def test_goods_without_a_waybill_are_paid_after_the_inspection(promised, people):
    line = promised.lines.get()
    case = returns.receive(promised.pk, by=people.warehouse, at=NOON + HOUR, units={line.pk: 2})
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


def test_a_ruling_for_the_merchant_asks_it_back(arrived, people):
    case = failed(arrived, people)
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * DAY)
    case = arbitration.rule_for_merchant(case.pk, by=people.supervisor, at=NOON + 3 * DAY, ruling="Worn.")

    assert (case.status, sums(case)) == ("closed", (100, 100))
    nothing_broken()


def test_a_ruling_for_a_part_asks_the_rest_back(arrived, people):
    case = failed(arrived, people)
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * DAY)
    case = arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=NOON + 3 * DAY, ruling="Half.", liable=Fault.BUYER, amount=Decimal(30)
    )

    assert (case.status, case.agreed_amount, sums(case)) == ("completed", 30, (100, 70))
    nothing_broken()


def test_a_buyer_who_keeps_the_goods_owes_the_money(advanced, people):
    case = cases.withdraw(advanced.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert (case.status, sums(case)) == ("closed", (100, 100))
    assert Payment.objects.get().settled == 100
    nothing_broken()


def test_goods_that_never_come_are_asked_back_by_the_clock(advanced, people):
    case = returns.cancel_pickup(advanced.pk, by=people.buyer, at=NOON + 2 * HOUR)
    sweeps.fire_deadlines(case.due_at + timedelta(minutes=2))

    assert (again(case).status, again(case).close_reason, sums(case)) == ("closed", "expired", (100, 100))
    nothing_broken()


def test_money_that_was_not_sent_yet_is_called_off(shipped, people):
    case = cases.withdraw(shipped.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert (case.status, sums(case)) == ("closed", (0, 0))
    assert (Refund.objects.get().status, Payment.objects.get().left) == ("cancelled", 110)
    nothing_broken()


def test_nobody_withdraws_while_the_gateway_has_not_answered(shipped, people):
    sandbox.set_fault("error_500", "1x")
    pay(NOON + HOUR)

    with pytest.raises(Refused, match="wait until its outcome is known"):
        cases.withdraw(shipped.pk, by=people.buyer, at=NOON + 2 * HOUR)

    nothing_broken()


def test_a_failed_advance_leaves_the_case_where_it_is_and_is_paid_at_the_end(shipped, people):
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)
    assert (Refund.objects.get().status, again(shipped).status) == ("failed", "return_in_transit")
    nothing_broken()

    case = returns.receive(
        shipped.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in shipped.lines.all()}
    )
    case = judged(case, 2, people)
    nothing_broken()
    pay(NOON + 2 * DAY)

    assert (again(case).status, sums(case)) == ("completed", (100, 0))
    nothing_broken()


def test_finance_sends_a_failed_advance_again_while_the_goods_travel(shipped, people):
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)

    refunds.retry(Refund.objects.get().pk, by=people.finance, at=NOON + 2 * HOUR)
    pay(NOON + 2 * HOUR)

    assert (again(shipped).status, sums(shipped)) == ("return_in_transit", (100, 0))
    nothing_broken()


@pytest.fixture
def in_doubt(shipped, people):
    """Judged, one of two accepted, while the gateway has not said what became of the money."""
    sandbox.set_fault("error_500", "1x")
    pay(NOON + HOUR)
    case = returns.receive(
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
    return payout.apply_reply(refund.pk, reply, at=NOON + 2 * DAY)


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
    refunds.platform_pays(in_doubt.pk, by=sweeps.CLOCK, at=NOON + 2 * DAY)
    nothing_broken()

    heard(outcome)
    pay(NOON + 3 * DAY)

    assert (again(in_doubt).status, sums(in_doubt)) == ("completed", given)
    nothing_broken()


def test_money_taken_back_while_the_goods_travel_is_owed_again(advanced, people):
    payout.apply_notices(NOON + HOUR)
    sandbox.reverse(Refund.objects.get().number)
    payout.apply_notices(NOON + DAY)
    assert (again(advanced).status, Refund.objects.get().status) == ("return_in_transit", "reversed")
    nothing_broken()

    refunds.retry(Refund.objects.get().pk, by=people.finance, at=NOON + 2 * DAY)
    pay(NOON + 2 * DAY)

    assert sums(advanced) == (100, 0)
    nothing_broken()


def test_an_advance_that_waits_for_release_goes_on_after_the_inspection(order, people):
    Policy.objects.update(release_above=Decimal(50))
    case = opened(order, by=people.buyer)
    returns.ship(case.pk, by=people.buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    waiting = Refund.objects.get()
    case = returns.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in case.lines.all()})
    case = judged(case, 2, people)

    assert (case.status, list(case.refunds.values_list("pk", "status"))) == (
        "refunding", [(waiting.pk, "awaiting_release")],
    )  # fmt: skip
    refunds.release(waiting.pk, by=people.finance, at=NOON + 2 * DAY)
    pay(NOON + 2 * DAY)
    assert (again(case).status, sums(case)) == ("completed", (100, 0))
    nothing_broken()


def test_two_payments_one_of_which_fails(shop, buyer, order, people):
    two = sold(merchant=shop, buyer=order.buyer, payments=[("wallet", 60), ("card", 50)])
    case = opened(two, by=buyer)
    returns.ship(case.pk, by=buyer, at=NOON + HOUR, carrier="SF", waybill="SF1")
    pay(NOON + HOUR)
    sandbox.set_fault("decline", "1x")
    pay(NOON + HOUR)
    nothing_broken()

    case = returns.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2 for line in case.lines.all()})
    case = judged(case, 1, people)
    nothing_broken()
    pay(NOON + 2 * DAY, times=2)

    paid, asked_back = sums(case)
    assert (again(case).status, paid - asked_back) == ("completed", 50)
    nothing_broken()


def test_who_asks_anew_asks_for_at_least_what_was_paid(arrived, order, people):
    case = failed(arrived, people)
    line = order.lines.get()

    for wrong in (
        asks(order, units={line.pk: 1}),
        asks(order, type="compensation", reason="agreed", amount=Decimal(5)),
    ):
        with pytest.raises(Refused, match="was paid before the goods were here"):
            cases.reapply(case.pk, wrong, by=people.buyer, at=NOON + 2 * DAY)

    case = cases.reapply(case.pk, asks(order, type="refund_only", reason="agreed"), by=people.buyer, at=NOON + 2 * DAY)
    case = negotiation.offer(case.pk, by=people.merchant, at=NOON + 3 * DAY, amount=Decimal(20))
    case = negotiation.accept(case.pk, by=people.buyer, at=NOON + 3 * DAY)
    assert (case.status, sums(case)) == ("completed", (100, 80))
    nothing_broken()


def test_an_exchange_instead_asks_the_money_back(arrived, order, people):
    case = failed(arrived, people)
    cases.reapply(case.pk, asks(order, type="exchange"), by=people.buyer, at=NOON + 2 * DAY)

    case = cases.withdraw(case.pk, by=people.buyer, at=NOON + 3 * DAY)

    assert sums(case) == (100, 100)
    nothing_broken()


def test_a_coupon_is_no_offer_once_money_was_paid(arrived, order, people):
    case = failed(arrived, people)
    cases.reapply(case.pk, asks(order), by=people.buyer, at=NOON + 2 * DAY)

    with pytest.raises(Refused, match="offer terms for the goods"):
        negotiation.offer(case.pk, by=people.merchant, at=NOON + 3 * DAY, amount=Decimal(9), type=CaseType.COMPENSATION)


def test_a_case_taken_up_again_starts_without_the_advance(arrived, people):
    case = judged(arrived, 1, people)

    case = cases.reopen(case.pk, by=people.supervisor, at=NOON + 9 * DAY, why="The lab says otherwise.")

    assert (case.instant_at, case.advanced_at) == (None, None)
    nothing_broken()


# Who does not get it, each for a reason of its own.


def test_the_sum_must_be_below_the_limit(order, buyer):
    Policy.objects.update(instant_below=Decimal(100))

    case = opened(order, by=buyer)

    assert (case.status, against(case)) == ("pending_merchant", ["sum"])


def test_a_parcel_under_way_is_stopped_first(shop, order, buyer):
    unsigned = sold(merchant=shop, buyer=order.buyer, unsigned=True)

    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)

    assert (case.status, case.events.get().data) == ("pending_merchant", {"round": 1})


def test_a_new_buyer_waits(order, buyer):
    Buyer.objects.update(level=0)

    assert against(opened(order, by=buyer)) == ["buyer_level"]


def test_the_roll_out_always_puts_a_buyer_on_the_same_side(order, buyer):
    place = automatic.place_of(order.buyer_id)
    Policy.objects.update(instant_share_percent=place)
    assert against(opened(order, by=buyer)) == ["roll_out"]

    Case.objects.get().lines.update(units_held=0)
    Policy.objects.update(instant_share_percent=place + 1)
    assert automatic.is_rolled_out(order.buyer_id, place + 1)


def test_the_roll_out_reaches_about_its_share_of_buyers():
    reached = sum(automatic.is_rolled_out(buyer, 30) for buyer in range(10_000))

    assert 2_800 < reached < 3_200
    assert not any(automatic.is_rolled_out(buyer, 0) for buyer in range(500))
    assert all(automatic.is_rolled_out(buyer, 100) for buyer in range(500))


@pytest.mark.parametrize("method", ["voucher", "points"])
def test_red_packets_are_not_turned_into_cash(method, shop, order, buyer):
    gift = sold(merchant=shop, buyer=order.buyer, payments=[("wallet", 100), (method, 10)])

    assert against(opened(gift, by=buyer)) == ["red_packets"]


@pytest.mark.parametrize("how", ["method", "count", "surcharge"])
def test_instalments_wait(how, shop, order, buyer):
    slow = sold(merchant=shop, buyer=order.buyer, payments=[("instalments" if how == "method" else "card", 110)])
    if how == "count":
        slow.payments.update(instalment_count=3)
    if how == "surcharge":
        type(slow).objects.filter(pk=slow.pk).update(surcharge_amount=5)

    assert against(opened(slow, by=buyer)) == ["instalments"]


def test_many_cases_of_late_wait(order, buyer):
    Policy.objects.update(risk_case_count=1)

    assert against(opened(order, by=buyer)) == ["case_count"]


def test_a_buyer_who_got_much_back_waits(shop, unshipped, order, buyer):
    Policy.objects.update(risk_refund_percent=20)
    opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    pay(NOON)

    assert against(opened(order, by=buyer)) == ["refund_rate"]


def test_a_buyer_whose_cases_go_to_the_platform_waits(shop, order, people):
    Policy.objects.update(instant_below=Decimal(0))
    other = sold(merchant=shop, buyer=order.buyer)
    case = opened(other, by=people.buyer)
    cases.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    Policy.objects.update(instant_below=Decimal(200))

    assert against(opened(order, by=people.buyer, at=NOON + 3 * HOUR)) == ["dispute_rate"]


def test_no_more_is_out_than_the_quota(shop, promised, buyer):
    Policy.objects.update(instant_quota=Decimal(199))
    other = sold(merchant=shop, buyer=promised.buyer)

    assert against(opened(other, by=buyer)) == ["quota"]


def test_what_came_back_is_free_again(shop, arrived, people):
    Policy.objects.update(instant_quota=Decimal(199))
    judged(arrived, 2, people)
    other = sold(merchant=shop, buyer=arrived.buyer)

    assert opened(other, by=people.buyer, at=NOON + DAY).status == "awaiting_return"


def test_what_a_buyer_still_owes_counts(shop, arrived, people):
    Policy.objects.update(instant_quota=Decimal(149))
    judged(arrived, 1, people)
    other = sold(merchant=shop, buyer=arrived.buyer)

    assert against(opened(other, by=people.buyer, at=NOON + DAY)) == ["quota"]


def test_merchants_are_not_told_of_a_buyers_record(order, buyer):
    Policy.objects.update(risk_case_count=1)
    case = opened(order, by=buyer)
    event = case.events.get()

    assert case_words.details(event, case, {}) == ["not “Refund at once”: too many cases of late"]
    assert case_words.details(event, case, {}, is_insider=False) == []


def test_a_promise_is_stated_before_money_goes(promised):
    with pytest.raises(Exception, match="case_advances_only_what_was_promised"):
        Case.objects.update(instant_at=None, advanced_at=NOON)
    assert promised.status == Status.AWAITING_RETURN
