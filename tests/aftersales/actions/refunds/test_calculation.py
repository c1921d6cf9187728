"""What is deducted from a refund because of how the goods came back, and what becomes of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import MissingGift, Policy
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import Condition
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay, picture
from tests.factories import NOON, OrderLineFactory, opened, sold

pytestmark = pytest.mark.django_db
D = Decimal


def returned(case, people, *, condition=Condition.AS_NEW, gifts=None, after=2 * HOUR):
    """The goods of a case are agreed on, sent back, received and inspected."""
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + after, carrier="SF", waybill=f"SF{case.pk}")
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + after + HOUR, units={line.pk: line.units})
    line.refresh_from_db()
    findings = found(line, line.units, condition=condition)
    inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=NOON + after + 2 * HOUR, gifts=gifts)
    pay(NOON + after + 3 * HOUR)
    return again(case)


def charged(case):
    return [(charge.kind, charge.amount, charge.rule) for charge in case.charges.all() if charge.kind != "goods"]


def consistent():
    return [verdict.name for verdict in invariants.check_all() if verdict.count] == []


def test_used_goods_pay_the_fee_of_used_goods(order, people):
    Policy.objects.update(restocking_percent=D(10), restocking_used_percent=D(30))

    case = returned(opened(order, by=people.buyer), people, condition=Condition.USED)

    assert charged(case) == [("restocking", D(-30), "restocking_used:30")]


def test_goods_sent_back_late_pay_the_fee_of_late_ones(order, people):
    Policy.objects.update(restocking_late_percent=D(15), restocking_late_days=2)

    case = returned(opened(order, by=people.buyer), people, after=timedelta(days=3))

    assert charged(case) == [("restocking", D(-15), "restocking_late:15")]


def test_used_and_late_goods_at_the_merchants_fault_pay_nothing(order, people):
    Policy.objects.update(restocking_used_percent=D(30), restocking_late_percent=D(15), restocking_late_days=2)
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()])

    case = returned(case, people, condition=Condition.USED, after=timedelta(days=3))

    # The merchant pays both ways: nothing is deducted, and the way out goes back too.
    assert charged(case) == [("freight", D(10), "freight_both_ways")]


def with_gift(order):
    return OrderLineFactory(order=order, quantity=1, unit_price=D(15), paid_amount=D(0), is_gift=True, title="Mug")


def test_a_gift_that_did_not_come_back_is_deducted_at_its_marked_price(order, people):
    gift = with_gift(order)
    case = opened(order, by=people.buyer)

    case = returned(case, people, gifts={gift.pk: 1})

    kept = MissingGift.objects.get(case=case)
    assert (kept.order_line_id, kept.units, kept.amount) == (gift.pk, 1, 15)
    assert charged(case) == [("missing_gift", D(-15), "missing_gift")]
    assert case.agreed_amount == 85
    assert consistent()


def test_more_gifts_than_were_given_are_not_missing(order, people):
    gift = with_gift(order)
    case = opened(order, by=people.buyer)

    with pytest.raises(Refused, match="fewer gifts"):
        returned(case, people, gifts={gift.pk: 2})


def bundle(shop, buyer_of):
    """A and B cost 80 and 40 alone, 60 and 40 together; a lamp beside them."""
    order = sold(merchant=shop, buyer=buyer_of.buyer, lines=[(1, 60), (1, 40), (1, 25)])
    first, second, _lamp = order.lines.order_by("position")
    for line, price in ((first, 80), (second, 40)):
        line.bundle, line.unit_price = "SET-1", D(price)
        line.save(update_fields=["bundle", "unit_price"])
    return order


@pytest.mark.parametrize(("turns", "sums"), [((1, 0), [20, 80]), ((0, 1), [60, 40])])
def test_what_stays_of_a_bundle_is_priced_alone_and_all_of_it_gives_all_back(turns, sums, shop, order, people):
    torn = bundle(shop, order)
    lines = list(torn.lines.order_by("position"))

    given = []
    for turn in turns:
        case = opened(torn, by=people.buyer, units={lines[turn].pk: 1})
        given.append(returned(case, people).agreed_amount)

    assert given == sums
    assert consistent()


def test_at_the_merchants_fault_a_bundle_keeps_its_price(shop, order, people):
    torn = bundle(shop, order)
    second = torn.lines.order_by("position")[1]
    case = opened(torn, by=people.buyer, units={second.pk: 1}, reason="broken", photos=[picture()])

    assert returned(case, people).agreed_amount == 40


def test_outbound_freight_is_taken_where_free_shipping_is_lost(shop, order, people):
    Policy.objects.update(free_freight_from=D(60), outbound_freight=D(12))
    free = sold(merchant=shop, buyer=order.buyer, has_free_freight=True, freight_amount=0, lines=[(1, 50), (1, 59)])

    case = returned(opened(free, by=people.buyer), people)

    assert charged(case) == [("outbound_freight", D(-12), "free_freight_lost")]
