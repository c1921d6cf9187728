"""The guarantee account is charged what the platform has paid: what was charged before that is booked anew."""

from django.db import migrations

# Unpaid, they were sent from the merchant's account all the same.
NOT_PAID_BY_PLATFORM = """
UPDATE aftersales_refund SET payer = 'merchant', merchant_late_at = now()
WHERE payer = 'platform' AND status NOT IN ('succeeded', 'cancelled');
"""
CHARGES = """
WITH wrong AS (
    SELECT r.number || '/guarantee' AS reference, r.merchant_id, r.currency,
        CASE WHEN r.status = 'succeeded' AND r.payer = 'platform' THEN r.amount ELSE 0 END
            - coalesce(g.charged, 0) AS change
    FROM aftersales_refund r LEFT JOIN (
        SELECT split_part(e.reference, '/', 1) AS number, sum(p.amount) AS charged
        FROM orders_entry e JOIN orders_posting p ON p.entry_id = e.id AND p.account = 'guarantee'
        WHERE e.kind <> 'deposit' GROUP BY 1
    ) g ON g.number = r.number
    WHERE r.payer = 'platform' OR g.number IS NOT NULL
), made AS (
    INSERT INTO orders_entry (kind, reference, posted_at)
    SELECT 'rebooked', reference, now() FROM wrong WHERE change <> 0 RETURNING id, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT made.id, side.account, wrong.merchant_id, wrong.currency, side.sign * wrong.change
FROM wrong JOIN made USING (reference)
CROSS JOIN (VALUES ('guarantee', 1), ('merchant', -1)) AS side (account, sign);
"""
PAYMENTS = """
WITH made AS (
    INSERT INTO orders_entry (kind, reference, posted_at)
    SELECT 'rebooked', number, now() FROM aftersales_refund WHERE payer = 'platform' AND status = 'succeeded'
    RETURNING id, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT made.id, side.account, r.merchant_id, r.currency, side.sign * r.amount
FROM made JOIN aftersales_refund r ON r.number = made.reference
CROSS JOIN (VALUES ('gateway', 1), ('platform', -1)) AS side (account, sign);
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0006_refund_merchant_late"), ("orders", "0004_charges_returned")]

    # Nothing leads back: the books only grow.
    operations = [migrations.RunSQL(NOT_PAID_BY_PLATFORM + CHARGES + PAYMENTS, migrations.RunSQL.noop)]
