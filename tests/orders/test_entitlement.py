"""One entitlement for a line over all its cases: held, given back, taken back, and never more than was sold."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from orders import entitlement
from orders.entitlement import Claim
from orders.models import Order, Payment
from orders.refusals import NotEntitled
from tests.factories import sold

pytestmark = pytest.mark.django_db


def state(order):
    line = order.lines.get()
    return (line.units_reserved, line.units_settled, line.amount_reserved, line.amount_settled)


def claim(order, units, amount):
    return Claim(order.lines.get().pk, units, Decimal(amount))


def test_held_then_given_back_then_reversed(order):
    entitlement.reserve(order.pk, [claim(order, 1, 50)])
    assert state(order) == (1, 0, 50, 0)

    entitlement.consume(order.pk, [claim(order, 1, 50)])
    assert state(order) == (0, 1, 0, 50)

    entitlement.restore(order.pk, [claim(order, 1, 50)])
    entitlement.release(order.pk, [claim(order, 1, 50)])
    assert state(order) == (0, 0, 0, 0)


@pytest.mark.parametrize(("units", "amount"), [(3, 0), (-1, 0), (0, "100.01"), (0, -1)])
def test_more_than_is_left_is_refused_in_a_sentence(units, amount, order):
    with pytest.raises(NotEntitled) as refusal:
        entitlement.reserve(order.pk, [claim(order, units, amount)])

    assert "连衣裙" in str(refusal.value)
    assert state(order) == (0, 0, 0, 0)


def test_a_line_of_another_order_is_refused(order):
    foreign = sold()

    with pytest.raises(NotEntitled, match="not part of the order"):
        entitlement.reserve(order.pk, [claim(foreign, 1, 1)])


@pytest.mark.parametrize("freight", ["10.01", "-0.01"])
def test_freight_is_given_back_once(freight, order):
    with pytest.raises(NotEntitled, match="freight"):
        entitlement.reserve(order.pk, [], Decimal(freight))

    entitlement.reserve(order.pk, [], Decimal(10))
    with pytest.raises(NotEntitled):
        entitlement.reserve(order.pk, [], Decimal("0.01"))


def test_a_refund_goes_back_along_the_payments_in_proportion(shop):
    order = sold(merchant=shop, payments=[("card", 60), ("balance", 50)])

    shares = entitlement.share(order.pk, Decimal(55))

    assert [(share.payment.method, share.amount) for share in shares] == [("card", 30), ("balance", 25)]
    assert [payment.reserved for payment in order.payments.order_by("pk")] == [30, 25]


def test_what_one_payment_no_longer_holds_comes_from_the_other(shop):
    order = sold(merchant=shop, payments=[("card", 60), ("balance", 50)])
    order.payments.filter(method="card").update(elsewhere=58)

    assert [share.amount for share in entitlement.share(order.pk, Decimal(52))] == [2, 50]


def test_more_than_the_payments_hold_is_refused_and_holds_nothing(shop):
    order = sold(merchant=shop, payments=[("card", 60), ("balance", 50)])

    with pytest.raises(NotEntitled, match="less than that"), transaction.atomic():
        entitlement.share(order.pk, Decimal("110.01"))

    assert [payment.reserved for payment in order.payments.all()] == [0, 0]


def test_points_go_back_with_the_parts_and_add_up(shop):
    order = sold(merchant=shop, lines=[(3, 10)], freight_amount=0, payments=[("points", 10)])
    order.payments.update(points=1000)

    gone = []
    for amount in ("3.33", "3.33", "3.34"):
        (share,) = entitlement.share(order.pk, Decimal(amount))
        entitlement.shift_payment(share.payment.pk, reserved=-share.amount, settled=share.amount)
        gone.append(share.points)

    assert gone == [333, 333, 334]


def test_a_part_is_held_again_only_while_it_is_there(order):
    payment = order.payments.get()

    entitlement.hold_payment(payment.pk, Decimal(100))
    with pytest.raises(NotEntitled, match="Only"):
        entitlement.hold_payment(payment.pk, Decimal("10.01"))


@pytest.mark.parametrize(
    ("table", "change", "rule"),
    [
        ("orders_orderline", "units_reserved = 3", "line_units_never_above_sold"),
        (
            "orders_orderline",
            "units_reserved = 1, units_settled = 1, units_elsewhere = 1",
            "line_units_never_above_sold",
        ),
        ("orders_orderline", "units_reserved = -1", "line_units_never_above_sold"),
        ("orders_orderline", "units_settled = -1", "line_units_never_above_sold"),
        ("orders_orderline", "amount_reserved = 60, amount_settled = 40.01", "line_money_never_above_paid"),
        ("orders_orderline", "amount_elsewhere = 100.01", "line_money_never_above_paid"),
        ("orders_orderline", "amount_reserved = -0.01", "line_money_never_above_paid"),
        ("orders_order", "freight_reserved = 5, freight_settled = 5.01", "order_freight_given_back_once"),
        ("orders_order", "freight_settled = -1", "order_freight_given_back_once"),
        ("orders_order", "status = 'lost'", "order_status_known"),
        ("orders_payment", "reserved = 60, settled = 50.01", "payment_never_above_captured"),
        ("orders_payment", "elsewhere = 110.01", "payment_never_above_captured"),
        ("orders_payment", "reserved = -0.01", "payment_never_above_captured"),
    ],
)
def test_the_database_refuses_whatever_the_code_believes(table, change, rule, order):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        connection.cursor().execute(f"UPDATE {table} SET {change}")


def test_a_payment_is_in_the_currency_of_its_order(order):
    with pytest.raises(IntegrityError, match="payment_in_currency_of_order"), transaction.atomic():
        Payment.objects.update(currency="USD")
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_order_is_known_once_per_shop(order):
    other = sold(merchant=order.merchant)

    with pytest.raises(IntegrityError, match="order_known_once_per_shop"), transaction.atomic():
        Order.objects.filter(pk=other.pk).update(external_number=order.external_number)
    with pytest.raises(IntegrityError, match="order_number_once"), transaction.atomic():
        Order.objects.filter(pk=other.pk).update(number=order.number)
