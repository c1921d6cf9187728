"""What the source gave back, held against what we gave back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orders import entitlement
from orders.importers.storing.outcomes import Verdict
from orders.models import Order, OrderLine, Payment
from tests.orders.importers.order_facts import NOON, facts, save

pytestmark = pytest.mark.django_db


def test_money_the_source_gave_back_counts_as_given_back_elsewhere(shop):
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("100.00"), units_refunded=2)

    save(facts(lines=(line,), freight_refunded=Decimal("10.00")), shop=shop)

    order = Order.objects.get()
    assert (order.lines.get().units_left, order.lines.get().amount_left, order.freight_left) == (0, 0, 0)
    assert order.payments.get().left == 0


def test_money_given_back_for_no_line_is_shared_and_grows_with_later_exports(shop):
    save(facts(refunded_elsewhere=Decimal("30.00")), shop=shop)
    first = (OrderLine.objects.get().amount_elsewhere, Payment.objects.get().elsewhere)

    save(facts(refunded_elsewhere=Decimal("105.00"), as_of=NOON), shop=shop)

    assert first == (30, 30)
    assert (OrderLine.objects.get().amount_elsewhere, Order.objects.get().freight_elsewhere) == (100, 5)
    assert Payment.objects.get().elsewhere == 105


def test_a_refund_of_ours_that_the_source_reports_is_not_counted_twice(shop):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_settled=1, amount_settled=50)
    Payment.objects.update(settled=50)
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("50.00"), units_refunded=1)

    (outcome,) = save(facts(as_of=NOON, lines=(line,)), shop=shop)

    assert outcome.verdict == Verdict.UPDATED
    assert (OrderLine.objects.get().amount_elsewhere, OrderLine.objects.get().units_elsewhere) == (0, 0)
    assert Payment.objects.get().elsewhere == 0


def test_a_refund_elsewhere_of_what_an_open_case_holds_is_for_people(shop):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_reserved=2, amount_reserved=100)
    Payment.objects.update(reserved=100)
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("100.00"), units_refunded=2)

    (outcome,) = save(facts(as_of=NOON, lines=(line,)), shop=shop)

    assert outcome.verdict == Verdict.REJECTED
    assert OrderLine.objects.get().amount_elsewhere == 0


def test_what_was_paid_here_after_the_sale_outlives_the_next_export(shop):
    save(facts(), shop=shop)
    order, line = Order.objects.get(), OrderLine.objects.get()
    entitlement.add(order.pk, {line.pk: Decimal(20)}, reference="LATER-1", at=NOON)
    before = order.paid_amount

    (outcome,) = save(facts(as_of=NOON, buyer_note="Ring twice"), shop=shop)

    order.refresh_from_db()
    line.refresh_from_db()
    assert outcome.verdict == Verdict.UPDATED
    assert order.paid_amount == before + 20
    assert (line.paid_amount, line.amount_reserved) == (120, 20)
    assert Payment.objects.get(is_added=True).captured == 20
