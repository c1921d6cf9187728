"""An order of which everything was given back before anything left is cancelled, whatever its source says later."""

from datetime import datetime

from django.db import connection

CANCEL = """
UPDATE orders_order o SET status = 'cancelled', cancelled_at = %s
WHERE o.id = %s AND o.shipped_at IS NULL AND o.signed_at IS NULL AND o.status IN ('placed', 'paid') AND NOT EXISTS (
    SELECT 1 FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > l.units_settled + l.units_elsewhere
)
"""


def cancel_if_all_is_back(order_id: int, *, at: datetime) -> None:
    """Cancel an order that never left and of which no unit stays; any other order is left as it is.

    Called after units were settled, under the lock of the order.
    """
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, [at, order_id])
