"""What must hold of money owed outside the payments."""

from aftersales.queries.oversight.invariant import Invariant

RECEIVABLES = [
    Invariant(
        "what buyers paid after the sale is in payments, in lines and in price differences the same",
        """
        SELECT o.number FROM orders_order o
        LEFT JOIN (SELECT order_id, sum(captured) AS paid FROM orders_payment WHERE is_added GROUP BY 1) p
            ON p.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(added_amount) AS added FROM orders_orderline GROUP BY 1) l ON l.order_id = o.id
        LEFT JOIN (
            SELECT order_id, sum(amount) AS settled FROM aftersales_receivable
            WHERE kind = 'difference' AND status = 'settled' GROUP BY 1
        ) d ON d.order_id = o.id
        WHERE (coalesce(p.paid, 0), coalesce(l.added, 0)) <> (coalesce(d.settled, 0), coalesce(d.settled, 0))
        """,
    ),
    Invariant(
        "a receivable is in the books once it is paid between parties with an account, and only then",
        """
        SELECT coalesce(e.reference, 'receivable/' || d.id) FROM aftersales_receivable d
        FULL JOIN (SELECT reference FROM orders_entry WHERE kind = 'receivable_paid') e
            ON e.reference = 'receivable/' || d.id
        WHERE (e.reference IS NOT NULL) <> coalesce($posted, false)
        """,
    ),
    Invariant(
        "an ended case waits for no price difference and no price of a repair",
        """
        SELECT c.number FROM aftersales_receivable d JOIN aftersales_case c ON c.id = d.case_id
        WHERE d.kind IN ('difference', 'repair_fee') AND d.debtor = 'buyer' AND d.status = 'open'
          AND c.closed_at IS NOT NULL
        """,
    ),
]
