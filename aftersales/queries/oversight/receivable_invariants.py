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
        "a receivable is in the books once it is paid, and only then",
        """
        SELECT coalesce(e.reference, 'receivable/' || d.id) FROM aftersales_receivable d
        FULL JOIN (SELECT reference FROM orders_entry WHERE kind = 'receivable_paid') e
            ON e.reference = 'receivable/' || d.id
        WHERE (e.reference IS NOT NULL) <> coalesce($posted, false)
        """,
    ),
    Invariant(
        "each coin of a guarantee account, a lost dispute and a payment by hand is in the books once, and no other",
        """
        SELECT coalesce(moved.reference, booked.reference) FROM (
            SELECT kind, reference, amount FROM aftersales_guaranteemovement WHERE booked_at IS NOT NULL
            UNION ALL
            SELECT 'charged_back', 'dispute-' || t.id, t.amount - coalesce(sum(r.amount), 0)
            FROM aftersales_paymentdispute t LEFT JOIN aftersales_refund r ON r.chargeback_id = t.id
            WHERE t.outcome = 'lost' GROUP BY t.id HAVING t.amount <> coalesce(sum(r.amount), 0)
            UNION ALL
            SELECT 'by_hand', number, amount FROM aftersales_refund WHERE status = 'succeeded' AND $by_hand
        ) moved FULL JOIN (
            SELECT e.kind, e.reference, sum(p.amount) AS amount
            FROM orders_entry e JOIN orders_posting p ON p.entry_id = e.id AND p.amount > 0
            WHERE e.kind IN ('deposit', 'withdrawal', 'charged_back') GROUP BY 1, 2
            UNION ALL
            SELECT 'by_hand', split_part(e.reference, '/', 1), -sum(p.amount)
            FROM orders_entry e JOIN orders_posting p ON p.entry_id = e.id AND p.account = 'bank'
            WHERE e.kind IN ('paid', 'reversed', 'rebooked') AND e.reference NOT LIKE 'receivable/%'
            GROUP BY 2 HAVING sum(p.amount) <> 0
        ) booked USING (kind, reference)
        WHERE moved.amount IS DISTINCT FROM booked.amount
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
