"""Who gets a refund at once (极速退款), and each thing that stands against it."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.models import Case, Policy
from aftersales.queries.cases import wording
from aftersales.rules.cases import automatic_decisions
from aftersales.rules.vocabulary import CaseType, Status
from orders.models import Buyer
from tests.aftersales.actions.refunds.recovery import judged
from tests.aftersales.stages import DAY, HOUR, pay, refusal
from tests.factories import NOON, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def against(case):
    """The codes of what stood against a refund at once."""
    data = case.events.get(action="apply").data
    return [code for rule, code in data.get("against", ()) if rule == automatic_decisions.INSTANT]


def test_an_instant_refund_is_below_the_limit_of_the_policy(order, buyer):
    Policy.objects.update(instant_below=Decimal(100))

    case = opened(order, by=buyer)

    assert (case.status, against(case)) == ("pending_merchant", ["sum"])


def test_a_parcel_under_way_is_stopped_before_an_instant_refund(shop, order, buyer):
    unsigned = sold(merchant=shop, buyer=order.buyer, unsigned=True)

    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)

    assert (case.status, case.events.get().data) == ("pending_merchant", {"round": 1})


def test_a_new_buyer_gets_no_instant_refund(order, buyer):
    Buyer.objects.update(level=0)

    assert against(opened(order, by=buyer)) == ["buyer_level"]


def test_the_roll_out_always_puts_a_buyer_on_the_same_side(order, buyer):
    place = automatic_decisions.place_of(order.buyer_id)
    Policy.objects.update(instant_share_percent=place)
    assert against(opened(order, by=buyer)) == ["roll_out"]

    Case.objects.get().lines.update(units_held=0)
    Policy.objects.update(instant_share_percent=place + 1)
    assert automatic_decisions.is_rolled_out(order.buyer_id, place + 1)


def test_the_roll_out_reaches_about_its_share_of_buyers():
    reached = sum(automatic_decisions.is_rolled_out(buyer, 30) for buyer in range(10_000))

    assert 2_800 < reached < 3_200
    assert not any(automatic_decisions.is_rolled_out(buyer, 0) for buyer in range(500))
    assert all(automatic_decisions.is_rolled_out(buyer, 100) for buyer in range(500))


@pytest.mark.parametrize("method", ["voucher", "points"])
def test_red_packets_are_not_turned_into_cash(method, shop, order, buyer):
    gift = sold(merchant=shop, buyer=order.buyer, payments=[("wallet", 100), (method, 10)])

    assert against(opened(gift, by=buyer)) == ["red_packets"]


@pytest.mark.parametrize("how", ["method", "count", "surcharge"])
def test_an_order_paid_by_instalments_gets_no_instant_refund(how, shop, order, buyer):
    slow = sold(merchant=shop, buyer=order.buyer, payments=[("instalments" if how == "method" else "card", 110)])
    if how == "count":
        slow.payments.update(instalment_count=3)
    if how == "surcharge":
        type(slow).objects.filter(pk=slow.pk).update(surcharge_amount=5)

    assert against(opened(slow, by=buyer)) == ["instalments"]


def test_a_buyer_with_many_recent_cases_gets_no_instant_refund(order, buyer):
    Policy.objects.update(risk_case_count=1)

    assert against(opened(order, by=buyer)) == ["case_count"]


def test_a_buyer_who_got_much_back_gets_no_instant_refund(shop, unshipped, order, buyer):
    Policy.objects.update(risk_refund_percent=20)
    opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    pay(NOON)

    assert against(opened(order, by=buyer)) == ["refund_rate"]


def test_a_buyer_whose_cases_go_to_the_platform_gets_no_instant_refund(shop, order, people):
    Policy.objects.update(instant_below=Decimal(0))
    other = sold(merchant=shop, buyer=order.buyer)
    case = opened(other, by=people.buyer)
    decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    Policy.objects.update(instant_below=Decimal(200))

    assert against(opened(order, by=people.buyer, at=NOON + 3 * HOUR)) == ["dispute_rate"]


def test_instant_refunds_of_a_buyer_stay_within_the_quota(shop, promised, buyer):
    Policy.objects.update(instant_quota=Decimal(199))
    other = sold(merchant=shop, buyer=promised.buyer)

    assert against(opened(other, by=buyer)) == ["quota"]


def test_goods_that_came_back_free_the_quota_of_a_buyer(shop, arrived, people):
    Policy.objects.update(instant_quota=Decimal(199))
    judged(arrived, 2, people)
    other = sold(merchant=shop, buyer=arrived.buyer)

    assert opened(other, by=people.buyer, at=NOON + DAY).status == "awaiting_return"


def test_what_a_buyer_still_owes_counts_against_the_quota(shop, arrived, people):
    Policy.objects.update(instant_quota=Decimal(149))
    judged(arrived, 1, people)
    other = sold(merchant=shop, buyer=arrived.buyer)

    assert against(opened(other, by=people.buyer, at=NOON + DAY)) == ["quota"]


def test_merchants_are_not_told_of_a_buyers_record(order, buyer):
    Policy.objects.update(risk_case_count=1)
    case = opened(order, by=buyer)
    event = case.events.get()

    assert wording.details(event, case, {}) == ["not “Refund at once”: too many cases of late"]
    assert wording.details(event, case, {}, is_insider=False) == []


def test_a_promise_is_stated_before_money_goes(promised):
    with pytest.raises(Exception, match="case_advances_only_what_was_promised"):
        Case.objects.update(instant_at=None, advanced_at=NOON)
    assert promised.status == Status.AWAITING_RETURN
