"""When an order was shipped and signed for, as carriers and people tell it; who stands above in ADR 31 is believed."""

from datetime import datetime

from django.db import connection

# Single statements that check and write at once: two scans of one parcel may be read at the same moment. The
# earliest scan dates a departure; a later one only tells that goods are still heard of, which is written once a day.
SHIPPED = """
UPDATE orders_order SET
    shipped_at = CASE WHEN shipped_told_by = 'scan' THEN least(shipped_at, %(shipped)s) ELSE %(shipped)s END,
    shipped_told_by = 'scan', goods_told_at = greatest(goods_told_at, %(heard)s),
    status = CASE WHEN status IN ('placed', 'paid') THEN 'shipped' ELSE status END
WHERE id = %(id)s AND (
    shipped_told_by <> 'scan' OR shipped_at > %(shipped)s
    OR coalesce(goods_told_at, '-infinity') < %(heard)s::timestamptz - interval '1 day'
)
"""
# Receipt confirms itself so many days after the signature: it moves with the date, unless it is paused or over.
SIGNED = """
UPDATE orders_order SET
    shipped_at = CASE WHEN shipped_told_by = 'scan' THEN least(shipped_at, %(shipped)s) ELSE %(shipped)s END,
    shipped_told_by = 'scan', signed_at = %(signed)s, signed_told_by = 'scan',
    goods_told_at = greatest(goods_told_at, %(heard)s),
    status = CASE WHEN status IN ('placed', 'paid', 'shipped') THEN 'signed' ELSE status END,
    receipt_due_at = CASE WHEN completed_at IS NULL AND receipt_left IS NULL
        THEN receipt_due_at + (%(signed)s::timestamptz - signed_at) ELSE receipt_due_at END
WHERE id = %(id)s AND (signed_told_by <> 'scan' OR signed_at <> %(signed)s)
"""
LEFT = """
UPDATE orders_order SET shipped_at = %(told)s, shipped_told_by = 'person', goods_told_at = %(heard)s,
    status = CASE WHEN status IN ('placed', 'paid') THEN 'shipped' ELSE status END
WHERE id = %(id)s AND shipped_told_by <> 'scan'
"""
ARRIVED = """
UPDATE orders_order SET signed_at = %(told)s, signed_told_by = 'person', goods_told_at = %(heard)s,
    status = CASE WHEN status IN ('placed', 'paid', 'shipped') THEN 'signed' ELSE status END,
    receipt_due_at = CASE WHEN completed_at IS NULL AND receipt_left IS NULL
        THEN receipt_due_at + (%(told)s::timestamptz - signed_at) ELSE receipt_due_at END
WHERE id = %(id)s AND signed_told_by <> 'scan'
"""
HEARD = "UPDATE orders_order SET goods_told_at = %(heard)s WHERE id = %(id)s"


def note_shipped(order_id: int, shipped_at: datetime, heard_at: datetime | None = None) -> None:
    """Date the shipment by a carrier's scan; the earliest one counts."""
    _run(SHIPPED, id=order_id, shipped=shipped_at, heard=heard_at or shipped_at)


def note_signed(order_id: int, shipped_at: datetime, signed_at: datetime) -> None:
    """Date the signature by a carrier's scan, and the shipment if none did; the caller knows all scans."""
    _run(SIGNED, id=order_id, shipped=shipped_at, signed=signed_at, heard=signed_at)


def tell_left(order_id: int, left_at: datetime, *, at: datetime) -> None:
    """A person says when goods left; a scan stays."""
    _run(LEFT, id=order_id, told=left_at, heard=at)


def tell_arrived(order_id: int, arrived_at: datetime, *, at: datetime) -> None:
    """A person says when goods arrived; a scan stays."""
    _run(ARRIVED, id=order_id, told=arrived_at, heard=at)


def tell_waiting(order_id: int, *, at: datetime) -> None:
    """A person says that goods are still where they were told to be: nothing is dated, and nobody is silent."""
    _run(HEARD, id=order_id, heard=at)


def _run(statement: str, **values: datetime | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
