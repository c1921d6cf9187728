"""What a transaction has locked is read once, and never older than what was written in it."""

import pytest
from django.db import connection, transaction
from django.db.models import F

from orders import entitlement, locking
from orders.db import held
from orders.entitlement import Claim
from orders.models import Order, OrderLine, Payment
from orders.refusals import NotEntitled

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads(order):
    """How many statements were sent, as a function of an act."""

    def count(act):
        sent = []
        with connection.execute_wrapper(lambda run, sql, *rest: (sent.append(sql), run(sql, *rest))[1]):
            act()
        return len(sent)

    return count


def test_read_once_inside(order, reads):
    with held.scope(), transaction.atomic():
        assert [reads(lambda: locking.order(order.pk)), reads(lambda: locking.lines(order.pk))] == [1, 1]
        assert [reads(lambda: locking.order(order.pk)), reads(lambda: locking.lines(order.pk))] == [0, 0]
        with held.scope():
            assert reads(lambda: locking.order(order.pk)) == 0


def test_read_each_time_outside(order, reads):
    assert [reads(lambda: locking.order(order.pk)) for _time in range(2)] == [1, 1]
    with held.scope():
        locking.order(order.pk)
    with held.scope():
        assert reads(lambda: locking.order(order.pk)) == 1


WRITES = {
    "queryset": lambda order: Order.objects.filter(pk=order.pk).update(freight_amount=F("freight_amount") + 1),
    "object": lambda order: setattr(order, "freight_amount", order.freight_amount + 1) or order.save(),
    "sql": lambda order: _execute("UPDATE orders_order SET freight_amount = freight_amount + 1 WHERE id = %s", order),
    "cte": lambda order: _execute(
        "WITH w AS (UPDATE orders_order SET freight_amount = freight_amount + 1 WHERE id = %s RETURNING 1)"
        " SELECT * FROM w",
        order,
    ),
}


def _execute(sql, order):
    with connection.cursor() as cursor:
        cursor.execute(sql, [order.pk])


@pytest.mark.parametrize("how", WRITES)
def test_written_is_read_anew(order, how):
    with held.scope(), transaction.atomic():
        before = locking.order(order.pk).freight_amount
        WRITES[how](order)
        assert locking.order(order.pk).freight_amount == before + 1


def test_another_table_is_kept(order, reads):
    with held.scope(), transaction.atomic():
        locking.order(order.pk)
        OrderLine.objects.filter(order=order).update(title="Renamed")
        assert reads(lambda: locking.order(order.pk)) == 0
        assert locking.lines(order.pk)[order.lines.get().pk].title == "Renamed"


def test_undone_is_read_anew(order):
    claim = [Claim(order.lines.get().pk, 1, 50)]
    with held.scope(), transaction.atomic():
        with pytest.raises(NotEntitled), transaction.atomic():
            entitlement.reserve(order.pk, claim)
            assert locking.lines(order.pk)[claim[0].line_id].units_left == 1
            entitlement.reserve(order.pk, claim * 5, order.freight_amount + 1)
        assert locking.lines(order.pk)[claim[0].line_id].units_left == 2


def test_payments_of_the_order(order):
    with held.scope(), transaction.atomic():
        assert [each.pk for each in locking.payments(order.pk)] == [order.payments.get().pk]
        Payment.objects.update(reserved=5)
        assert [each.reserved for each in locking.payments(order.pk)] == [5]


def test_no_such_order():
    with pytest.raises(Order.DoesNotExist):
        locking.order(1)
