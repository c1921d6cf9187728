"""What the page promises of the freight is paid in the same case: the way out once nothing stays with the buyer."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Charge
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from tests.aftersales.stages import DAY, HOUR, again, broken, found, pay, picture
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
D = Decimal


def back(order, people, *, accepted=2, reason="broken", **fields):
    """A return of the order, received, with so many units accepted, and paid."""
    case = opened(order, by=people.buyer, reason=reason, photos=[picture()], **fields)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: line.units})
    refused = found(line, line.units - accepted, accepted=False)
    inspections.pass_inspection(case.pk, found(line, accepted) + refused, by=people.warehouse, at=NOON + DAY)
    pay(NOON + DAY)
    return again(case)


def freight_of(case):
    return list(Charge.objects.filter(case=case, kind="freight").values_list("amount", "rule"))


def test_a_shipped_order_that_comes_back_whole_gives_the_way_out_back(order, people):
    case = back(order, people)

    assert (case.freight_why, case.agreed_amount) == ("The merchant is at fault and pays both ways.", 110)
    assert freight_of(case) == [(D(10), "freight_both_ways")]
    assert Order.objects.get().freight_settled == 10
    assert broken() == []


def test_what_the_buyer_pays_by_the_rule_does_not_come_back(order, people):
    assert back(order, people, reason="changed_mind").agreed_amount == 100


def test_a_unit_that_was_refused_stays_with_the_buyer_and_so_does_the_freight(order, people):
    case = back(order, people, accepted=1)

    assert (case.agreed_amount, freight_of(case)) == (50, [])


def test_the_last_unit_takes_the_freight_along_whatever_case_it_is_in(order, people):
    line = order.lines.get()
    first = back(order, people, accepted=1, units={line.pk: 1})
    second = back(order, people, accepted=1, units={line.pk: 1})

    assert (first.agreed_amount, second.agreed_amount) == (50, 60)
    assert broken() == []


def test_a_sum_that_people_fixed_stands(order, people):
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, reason="broken", photos=[picture()])
    negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=D(40))
    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert (again(case).agreed_amount, freight_of(case)) == (40, [])


def test_an_order_whose_freight_went_back_before_gives_it_back_once(people, shop, order):
    two = sold(merchant=shop, buyer=order.buyer, lines=[(1, 60), (1, 40)])
    cases = [back(two, people, accepted=1, units={line.pk: 1}) for line in two.lines.order_by("pk")]

    assert [case.agreed_amount for case in cases] == [60, 50]
    assert Order.objects.get(pk=two.pk).freight_settled == 10
    assert broken() == []
