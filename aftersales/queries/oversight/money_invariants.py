"""What must hold of units and money: entitlements, payments, books, refunds."""

from string import Template

from aftersales.queries.oversight.invariant import Invariant

OWED = {
    "refunds_due": "CASE WHEN status IN ($held) THEN -amount ELSE 0 END",
    "gateway": "CASE WHEN status = 'succeeded' AND payer = 'merchant' AND NOT ($by_hand) THEN -amount ELSE 0 END",
    "platform": "CASE WHEN status = 'succeeded' AND payer = 'platform' AND NOT ($by_hand) THEN -amount ELSE 0 END",
    "bank": "CASE WHEN status = 'succeeded' AND $by_hand THEN -amount ELSE 0 END",
    "guarantee": "CASE WHEN status = 'succeeded' AND payer = 'platform' THEN amount ELSE 0 END",
    "outside": "0",
    "merchant": ("CASE WHEN status IN ($held) OR (status = 'succeeded' AND payer = 'merchant') THEN amount ELSE 0 END"),
}
# Both sides are summed from the rows that caused them, and joined by UNION: a side without the other is seen as well.
ACCOUNT = """
SELECT merchant_id, currency, sum(booked) AS booked, sum(owed) AS owed FROM (
    SELECT p.merchant_id, p.currency, sum(p.amount) AS booked, 0 AS owed FROM orders_posting p
    WHERE p.account = '$account' GROUP BY 1, 2
    UNION ALL
    SELECT merchant_id, currency, 0, sum($expected) FROM aftersales_refund GROUP BY 1, 2
    UNION ALL
    SELECT merchant_id, currency, 0,
        sum(CASE '$account' WHEN $debit THEN amount ELSE 0 END - CASE '$account' WHEN $credit THEN amount ELSE 0 END)
    FROM aftersales_receivable d WHERE $posted GROUP BY 1, 2
    UNION ALL
    SELECT merchant_id, currency, 0, sum(CASE '$account'
        WHEN 'bank' THEN CASE kind WHEN 'deposit' THEN amount ELSE -amount END
        WHEN 'guarantee' THEN CASE kind WHEN 'deposit' THEN -amount ELSE amount END ELSE 0 END)
    FROM aftersales_guaranteemovement WHERE booked_at IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT merchant_id, currency, 0, sum(CASE '$account' WHEN 'merchant' THEN 1 WHEN 'gateway' THEN -1 ELSE 0 END
        * (amount - coalesce((SELECT sum(r.amount) FROM aftersales_refund r WHERE r.chargeback_id = t.id), 0)))
    FROM aftersales_paymentdispute t WHERE outcome = 'lost' GROUP BY 1, 2
) sides GROUP BY 1, 2 HAVING sum(booked) <> sum(owed)
"""


def _account(name: str, expected: str) -> Invariant:
    sql = Template(ACCOUNT).safe_substitute(account=name, expected=expected)
    return Invariant(f"account “{name}” is what the refunds and the receivables paid say", sql)


ENTITLEMENT = [
    Invariant(
        "a line's units and money in open cases are what its open cases hold",
        """
        SELECT l.id FROM orders_orderline l LEFT JOIN (
            SELECT cl.order_line_id, sum(cl.units_held) AS units, sum(cl.amount_held) AS amount
            FROM aftersales_caseline cl JOIN aftersales_case c ON c.id = cl.case_id AND c.closed_at IS NULL GROUP BY 1
        ) held ON held.order_line_id = l.id
        WHERE (l.units_reserved, l.amount_reserved) <> (coalesce(held.units, 0), coalesce(held.amount, 0))
        """,
    ),
    Invariant(
        "a line's units and money given back are what its cases gave back",
        """
        SELECT l.id FROM orders_orderline l LEFT JOIN (
            SELECT order_line_id, sum(units_settled) AS units, sum(amount_settled) AS amount
            FROM aftersales_caseline GROUP BY 1
        ) gone ON gone.order_line_id = l.id
        WHERE (l.units_settled, l.amount_settled) <> (coalesce(gone.units, 0), coalesce(gone.amount, 0))
        """,
    ),
    Invariant(
        "an order's freight in cases and given back is what its cases hold and gave back",
        """
        SELECT o.number FROM orders_order o LEFT JOIN (
            SELECT order_id, sum(freight_held) AS held, sum(freight_settled) AS settled FROM aftersales_case GROUP BY 1
        ) c ON c.order_id = o.id
        WHERE (o.freight_reserved, o.freight_settled) <> (coalesce(c.held, 0), coalesce(c.settled, 0))
        """,
    ),
    Invariant(
        "a line never gives back more units or money than were sold",
        """
        SELECT id FROM orders_orderline
        WHERE units_reserved + units_settled + units_elsewhere > quantity
           OR amount_reserved + amount_settled + amount_elsewhere > paid_amount
           OR least(units_reserved, units_settled, units_elsewhere) < 0
           OR least(amount_reserved, amount_settled, amount_elsewhere) < 0
        """,
    ),
    Invariant(
        "an order never gives back more freight than was paid",
        """
        SELECT number FROM orders_order
        WHERE freight_reserved + freight_settled + freight_elsewhere > freight_amount
           OR least(freight_reserved, freight_settled, freight_elsewhere) < 0
        """,
    ),
    Invariant(
        "an ended case holds nothing",
        """
        SELECT c.number FROM aftersales_case c WHERE c.closed_at IS NOT NULL AND (c.freight_held <> 0 OR EXISTS (
            SELECT 1 FROM aftersales_caseline l WHERE l.case_id = c.id AND (l.units_held <> 0 OR l.amount_held <> 0)))
        """,
    ),
]

MONEY = [
    Invariant(
        "a payment holds its refunds under way and has given back its paid ones",
        """
        SELECT p.id FROM orders_payment p LEFT JOIN (
            SELECT payment_id, coalesce(sum(amount) FILTER (WHERE status IN ($held)), 0) AS held,
                coalesce(sum(amount) FILTER (WHERE status = 'succeeded'), 0) AS paid
            FROM aftersales_refund GROUP BY 1
        ) r ON r.payment_id = p.id
        WHERE (p.reserved, p.settled) <> (coalesce(r.held, 0), coalesce(r.paid, 0))
        """,
    ),
    Invariant(
        "a payment never gives back more than it captured",
        """
        SELECT id FROM orders_payment
        WHERE reserved + settled + elsewhere + charged_back > captured
           OR least(reserved, settled, elsewhere, charged_back) < 0
        """,
    ),
    Invariant(
        "a lost dispute has taken from the payment what it did not pay in place of refunds, or it was paid twice",
        """
        SELECT p.id FROM orders_payment p LEFT JOIN (
            SELECT payment_id, sum(amount - overpaid
                - coalesce((SELECT sum(r.amount) FROM aftersales_refund r WHERE r.chargeback_id = t.id), 0)) AS taken
            FROM aftersales_paymentdispute t WHERE outcome = 'lost' GROUP BY 1
        ) t ON t.payment_id = p.id
        WHERE p.charged_back <> coalesce(t.taken, 0)
        """,
    ),
    Invariant(
        "every journal entry sums to zero and has two sides",
        """
        SELECT e.id FROM orders_entry e LEFT JOIN orders_posting p ON p.entry_id = e.id
        GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 OR count(DISTINCT p.currency) > 1
        """,
    ),
    *(_account(name, expected) for name, expected in OWED.items()),
    Invariant(
        "for each refund the guarantee account is charged what the platform has paid, and nothing else",
        """
        SELECT r.number FROM aftersales_refund r LEFT JOIN (
            SELECT split_part(e.reference, '/', 1) AS number, sum(p.amount) AS charged
            FROM orders_entry e JOIN orders_posting p ON p.entry_id = e.id AND p.account = 'guarantee'
            GROUP BY 1
        ) g ON g.number = r.number
        WHERE coalesce(g.charged, 0)
            <> CASE WHEN r.status = 'succeeded' AND r.payer = 'platform' THEN r.amount ELSE 0 END
        """,
    ),
    Invariant(
        "a completed case has paid what was agreed, less what it asks back, and all its refunds",
        """
        SELECT number FROM (
            SELECT c.number, c.agreed_amount, c.reopened_count,
                coalesce(sum(r.amount) FILTER (WHERE $given), 0)
                    + coalesce((SELECT sum(k.amount) FROM aftersales_coupon k WHERE k.case_id = c.id), 0)
                    - coalesce((SELECT sum(d.amount) FROM aftersales_receivable d
                        WHERE d.case_id = c.id AND d.kind = 'clawback'), 0) AS given,
                count(r.id) FILTER (WHERE r.status NOT IN ($done) AND NOT ($given)) AS open
            FROM aftersales_case c LEFT JOIN aftersales_refund r ON r.case_id = c.id
            WHERE c.status = 'completed' GROUP BY c.id
        ) completed
        -- Taken up again, a case has agreed to more than once; each sum is then in what was given back.
        WHERE open > 0 OR agreed_amount IS NULL OR agreed_amount > given
           OR (reopened_count = 0 AND agreed_amount < given)
        """,
    ),
    Invariant(
        "an ended case has given back, line by line and in freight, what it paid",
        """
        SELECT c.number FROM aftersales_case c
        LEFT JOIN (
            SELECT case_id, sum(amount_settled + amount_in_kind) AS goods FROM aftersales_caseline GROUP BY 1
        ) l ON l.case_id = c.id
        LEFT JOIN (
            SELECT case_id, sum(amount) AS paid FROM (
                SELECT case_id, amount FROM aftersales_refund r WHERE $given
                UNION ALL SELECT case_id, amount FROM aftersales_coupon
            ) given GROUP BY 1
        ) r ON r.case_id = c.id
        WHERE c.closed_at IS NOT NULL AND coalesce(l.goods, 0) + c.freight_settled <> coalesce(r.paid, 0)
        """,
    ),
    Invariant(
        "a refunding case waits for a refund under way, a failed one for a refund that somebody must deal with",
        """
        SELECT c.number FROM aftersales_case c
        WHERE (c.status = 'refunding' AND NOT EXISTS (
                SELECT 1 FROM aftersales_refund r WHERE r.case_id = c.id AND r.status IN ($held)))
           OR (c.status = 'refund_failed' AND NOT EXISTS (
                SELECT 1 FROM aftersales_refund r WHERE r.case_id = c.id AND r.status IN ('failed', 'reversed')))
        """,
    ),
    Invariant(
        "no refund is under way for a case that does not refund, unless it was paid ahead and the case goes on",
        """
        SELECT r.number FROM aftersales_refund r JOIN aftersales_case c ON c.id = r.case_id
        WHERE r.status IN ($held, 'failed') AND c.status NOT IN ('refunding', 'refund_failed') AND NOT ($given)
          AND (c.advanced_at IS NULL OR r.created_at < c.advanced_at OR c.closed_at IS NOT NULL)
        """,
    ),
    Invariant(
        "a case closed without a refund asks back all that it has paid ahead",
        """
        SELECT c.number FROM aftersales_case c
        LEFT JOIN (
            SELECT case_id, sum(amount) AS paid FROM aftersales_refund r WHERE $given GROUP BY 1
        ) r ON r.case_id = c.id
        LEFT JOIN (
            SELECT case_id, sum(amount) AS asked FROM aftersales_receivable WHERE kind = 'clawback' GROUP BY 1
        ) d ON d.case_id = c.id
        WHERE c.status = 'closed' AND c.reopened_count = 0 AND coalesce(r.paid, 0) <> coalesce(d.asked, 0)
        """,
    ),
    Invariant(
        "only what was paid before the goods came is asked back, and never more",
        """
        SELECT c.number FROM aftersales_case c JOIN (
            SELECT case_id, sum(amount) AS asked FROM aftersales_receivable WHERE kind = 'clawback' GROUP BY 1
        ) d ON d.case_id = c.id
        LEFT JOIN (
            SELECT case_id, sum(amount) AS paid FROM aftersales_refund r WHERE $given GROUP BY 1
        ) r ON r.case_id = c.id
        WHERE (c.advanced_at IS NULL AND c.reopened_count = 0) OR d.asked > coalesce(r.paid, 0)
        """,
    ),
]
