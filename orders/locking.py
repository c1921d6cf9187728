"""Orders, their lines and their payments, locked and read once for each transaction.

The lock order of money is case, order, payment, lines by id, refund: who keeps to it never meets a deadlock.
"""

from orders.db import held
from orders.db.compiled_query import CompiledQuery
from orders.models import Order, OrderLine, Payment

# Rows that only name the order need not wait.
ORDER = CompiledQuery(
    lambda pk: (
        Order.objects.select_for_update(of=("self",), no_key=True).select_related("buyer", "merchant").filter(pk=pk)
    ),
    int,
)
LINES = CompiledQuery(
    lambda order: OrderLine.objects.select_for_update(of=("self",)).filter(order=order).order_by("pk"), int
)
PAYMENTS = CompiledQuery(
    lambda order: Payment.objects.select_for_update(of=("self",)).filter(order=order).order_by("pk"), int
)


def order(order_id: int) -> Order:
    """The order with its buyer and merchant, locked until the end of the transaction; Order.DoesNotExist."""
    return held.once(("order", order_id), lambda: _one(order_id), Order)


def _one(order_id: int) -> Order:
    found = ORDER(order_id)
    if not found:
        raise Order.DoesNotExist
    return found[0]


def lines(order_id: int) -> dict[int, OrderLine]:
    """The lines of an order by id, locked, lowest id first."""
    return {line.pk: line for line in held.once(("lines", order_id), lambda: LINES(order_id), OrderLine)}


def payments(order_id: int) -> list[Payment]:
    """The payments of an order, locked, lowest id first."""
    return list(held.once(("payments", order_id), lambda: PAYMENTS(order_id), Payment))
