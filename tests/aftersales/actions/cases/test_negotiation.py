"""Offers: what they may be, what happens to the merchant's clock meanwhile, and what an accepted one pays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Charge
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, MINUTE, again, broken, found, pay, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def offered(case, by, *, after=HOUR, amount=40, **fields):
    return negotiation.offer(case.pk, by=by, at=NOON + after, amount=Decimal(amount), **fields)


def clock_of(case):
    return case.deadlines.get(kind="merchant_response")


def test_an_offer_pauses_the_merchants_clock_with_what_is_left(order, buyer, merchant):
    case = opened(order, by=buyer)

    case = offered(case, merchant, after=8 * HOUR)

    assert (case.due_kind, case.due_at) == ("offer", NOON + 56 * HOUR)
    assert (clock_of(case).status, clock_of(case).left) == ("paused", 40 * HOUR)


def test_a_declined_offer_resumes_it(order, buyer, merchant):
    case = offered(opened(order, by=buyer), merchant, after=8 * HOUR)

    case = negotiation.decline(case.pk, by=buyer, at=NOON + 10 * HOUR)

    assert (case.status, case.due_kind, case.due_at) == ("pending_merchant", "merchant_response", NOON + 50 * HOUR)
    assert clock_of(case).pause_count == 1


def test_at_least_twelve_hours_are_left_after_an_offer(order, buyer, merchant):
    case = offered(opened(order, by=buyer), merchant, after=47 * HOUR)

    case = negotiation.decline(case.pk, by=buyer, at=NOON + 48 * HOUR)

    assert case.due_at == NOON + 60 * HOUR


def test_an_unanswered_offer_lapses_and_the_merchant_decides_again(order, buyer, merchant):
    case = offered(opened(order, by=buyer), merchant)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert (case.status, case.offers.get().status) == ("pending_merchant", "lapsed")
    assert case.due_at == NOON + 49 * HOUR + MINUTE + 47 * HOUR


def test_an_accepted_offer_pays_its_sum(order, buyer, merchant):
    case = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()])
    offered(case, merchant, amount=30)

    negotiation.accept(case.pk, by=buyer, at=NOON + 2 * HOUR)
    pay(NOON + 3 * HOUR)

    case = again(case)
    assert (case.status, case.agreed_amount) == ("completed", Decimal(30))
    assert list(Charge.objects.filter(case=case).values_list("kind", "amount")) == [
        ("goods", Decimal(100)),
        ("offer", Decimal(-70)),
    ]
    line = order.lines.get()
    assert (line.units_settled, line.amount_settled, line.amount_reserved) == (0, Decimal(30), 0)


def test_an_offer_to_keep_the_goods_turns_a_return_into_a_refund(order, buyer, merchant):
    case = offered(opened(order, by=buyer), merchant, amount=25, type=CaseType.REFUND_ONLY)

    case = negotiation.accept(case.pk, by=buyer, at=NOON + 2 * HOUR)

    assert (case.type, case.status) == ("refund_only", "refunding")
    assert order.lines.get().units_left == 2


def test_an_offer_on_a_return_pays_only_what_was_accepted(order, buyer, merchant, warehouse):
    case = offered(opened(order, by=buyer), merchant, amount=60)
    negotiation.accept(case.pk, by=buyer, at=NOON + 2 * HOUR)
    shipments.ship(case.pk, by=buyer, at=NOON + 3 * HOUR, carrier="SF", waybill="SF1")
    line = case.lines.get()
    receipts.receive(case.pk, by=warehouse, at=NOON + 4 * HOUR, units={line.pk: 2})

    one_of_two = found(line, 1) + found(line, 1, accepted=False)
    case = inspections.pass_inspection(case.pk, one_of_two, by=warehouse, at=NOON + 5 * HOUR)

    assert again(case).agreed_amount == Decimal(30)


@pytest.mark.parametrize("amount", ["-0.01", "100.01"])
def test_an_offer_lies_between_nothing_and_what_was_asked(amount, order, buyer, merchant):
    with pytest.raises(Refused, match="between 0 and"):
        offered(opened(order, by=buyer), merchant, amount=amount)


def test_an_agent_offers_within_their_limit(order, buyer, agent):
    case = opened(order, by=buyer)
    case.policy.authority_agent = Decimal(30)
    case.policy.save()

    with pytest.raises(Refused, match="above your limit"):
        offered(case, agent, amount=31)
    assert offered(case, agent, amount=30).status == "pending_buyer"


def test_an_offer_after_the_cut_off_is_refused(order, buyer, merchant):
    case = opened(order, by=buyer)

    with pytest.raises(Refused, match="Time was up"):
        offered(case, merchant, after=48 * HOUR + timedelta(seconds=1))


def test_withdrawing_voids_the_offer(order, buyer, merchant):
    case = offered(opened(order, by=buyer), merchant)

    decisions.withdraw(case.pk, by=buyer, at=NOON + 2 * HOUR)

    assert case.offers.get().status == "void"
    assert not case.deadlines.filter(status__in=["pending", "paused"]).exists()


def test_a_part_offered_for_a_cancellation_is_taken_after_the_goods_have_arrived(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type="order_change", reason="changed_mind")
    negotiation.offer(case.pk, by=merchant, at=NOON, amount=Decimal(40))
    Order.objects.filter(pk=unsigned.pk).update(signed_at=NOON, signed_told_by="scan", status="signed")

    case = negotiation.accept(case.pk, by=buyer, at=NOON + timedelta(hours=1))

    assert (case.type, case.change, case.status, case.agreed_amount) == ("order_change", "cancel", "refunding", 40)
    assert broken() == []
    pay(NOON + timedelta(hours=2))
    assert (again(case).status, Order.objects.get(pk=unsigned.pk).status) == ("completed", "signed")
    assert broken() == []
