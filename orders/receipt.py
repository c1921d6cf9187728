"""The confirmation of receipt, which completes an order by itself; it pauses while a case is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from orders.models import Order
from orders.models.order import OrderStatus

# Workers that run at the same time skip each other's rows: an order is dated, and completed, by one of them.
DATE_SIGNED = """
UPDATE orders_order o SET receipt_due_at = d.delivered_at + make_interval(days => %s)
FROM unnest(%s::bigint[], %s::timestamptz[]) AS d (id, delivered_at) WHERE o.id = d.id
"""
CONFIRM_DUE = """
UPDATE orders_order SET status = 'completed', completed_at = receipt_due_at
WHERE id IN (
    SELECT id FROM orders_order
    WHERE receipt_due_at <= %s AND receipt_left IS NULL AND completed_at IS NULL
    ORDER BY receipt_due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""
# A receipt that is paused already keeps the time that the first case left it.
HOLD = """
UPDATE orders_order SET receipt_left = greatest(receipt_due_at - %s, interval '0'),
    receipt_hold_count = receipt_hold_count + 1
WHERE id = %s AND receipt_left IS NULL AND receipt_due_at IS NOT NULL AND completed_at IS NULL
"""
RESUME = """
UPDATE orders_order SET receipt_due_at = %s + receipt_left, receipt_left = NULL
WHERE id = ANY(%s) AND receipt_left IS NOT NULL
"""


@transaction.atomic
def date_signed(days: int, limit: int = 5000) -> int:
    """Date the confirmation of orders that were signed for, `days` after the delivery; answers how many were dated."""
    undated = Order.objects.filter(status=OrderStatus.SIGNED, receipt_due_at__isnull=True).order_by("pk")
    delivered = {
        order.pk: told.at
        for order in undated.select_for_update(skip_locked=True)[:limit]
        if (told := order.delivered) is not None
    }
    return _run(DATE_SIGNED, days, list(delivered), list(delivered.values())) if delivered else 0


def hold(order_id: int, *, at: datetime) -> None:
    """Pause the confirmation and store the time left; counted, so that pausing again and again is seen."""
    _run(HOLD, at, order_id)


def resume(order_ids: Sequence[int], *, at: datetime) -> None:
    """Let the confirmation of these orders go on with the time that was left."""
    _run(RESUME, at, list(order_ids))


def confirm_due(at: datetime, limit: int = 500) -> int:
    """Complete orders whose confirmation is due and not paused; answers how many."""
    return _run(CONFIRM_DUE, at, limit)


def _run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
