"""Confirmation of receipt: waits while a case is open, and keeps the time that was left."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection


def date_signed(days: int, limit: int = 5000) -> int:
    """Give orders that were signed for the moment at which their receipt confirms itself; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_order SET receipt_due_at = signed_at + make_interval(days => %s)
            WHERE id IN (
                SELECT id FROM orders_order
                WHERE status = 'signed' AND signed_at IS NOT NULL AND receipt_due_at IS NULL
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            )
            """,
            [days, limit],
        )
        return cursor.rowcount


def hold(order_id: int, *, at: datetime) -> None:
    """Pause the confirmation; counted, so that pausing again and again is seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_order SET receipt_left = greatest(receipt_due_at - %s, interval '0'),
                receipt_hold_count = receipt_hold_count + 1
            WHERE id = %s AND receipt_left IS NULL AND receipt_due_at IS NOT NULL AND completed_at IS NULL
            """,
            [at, order_id],
        )


def resume(order_ids: Sequence[int], *, at: datetime) -> None:
    """Go on with what was left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET receipt_due_at = %s + receipt_left, receipt_left = NULL"
            " WHERE id = ANY(%s) AND receipt_left IS NOT NULL",
            [at, list(order_ids)],
        )


def confirm_due(at: datetime, limit: int = 500) -> int:
    """Complete orders whose time to confirm has passed and that no case holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_order SET status = 'completed', completed_at = receipt_due_at
            WHERE id IN (
                SELECT id FROM orders_order
                WHERE receipt_due_at <= %s AND receipt_left IS NULL AND completed_at IS NULL
                ORDER BY receipt_due_at LIMIT %s FOR UPDATE SKIP LOCKED
            )
            """,
            [at, limit],
        )
        return cursor.rowcount
