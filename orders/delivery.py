"""When an order was shipped and signed for, as carriers report it; a date that is known already stays."""

from datetime import datetime

from django.db import connection

# Single statements that check and write at once: two scans of one parcel may be read at the same moment.
SHIPPED = """
UPDATE orders_order SET shipped_at = %s, status = CASE WHEN status IN ('placed', 'paid') THEN 'shipped' ELSE status END
WHERE id = %s AND shipped_at IS NULL
"""
SIGNED = """
UPDATE orders_order SET shipped_at = coalesce(shipped_at, %s), signed_at = %s,
    status = CASE WHEN status IN ('placed', 'paid', 'shipped') THEN 'signed' ELSE status END
WHERE id = %s AND signed_at IS NULL
"""


def note_shipped(order_id: int, shipped_at: datetime) -> bool:
    """Date the shipment of an order that has none; answers whether it had none."""
    return _run(SHIPPED, (shipped_at, order_id))


def note_signed(order_id: int, shipped_at: datetime, signed_at: datetime) -> bool:
    """Date the signature of an order that has none, and its shipment; answers whether it had none."""
    return _run(SIGNED, (shipped_at, signed_at, order_id))


def _run(statement: str, values: tuple[datetime | int, ...]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)
