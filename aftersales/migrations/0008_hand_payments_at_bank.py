"""What was paid by hand stood on the gateway's account: it is booked on the bank's."""

from django.db import migrations

REFUNDS = """
WITH made AS (
    INSERT INTO orders_entry (kind, reference, posted_at)
    SELECT 'rebooked', number || '/bank', now() FROM aftersales_refund
    WHERE status = 'succeeded' AND hand_confirmed_by_id IS NOT NULL
    RETURNING id, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT made.id, side.account, r.merchant_id, r.currency, side.sign * r.amount
FROM made JOIN aftersales_refund r ON r.number || '/bank' = made.reference
CROSS JOIN LATERAL (
    VALUES (CASE r.payer WHEN 'platform' THEN 'platform' ELSE 'gateway' END, 1), ('bank', -1)
) AS side (account, sign);
"""
RECEIVABLES = """
WITH wrong AS (
    SELECT e.reference || '/bank' AS reference, p.merchant_id, p.currency, p.amount
    FROM orders_entry e JOIN orders_posting p ON p.entry_id = e.id AND p.account = 'gateway'
    WHERE e.kind = 'receivable_paid'
), made AS (
    INSERT INTO orders_entry (kind, reference, posted_at) SELECT 'rebooked', reference, now() FROM wrong
    RETURNING id, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT made.id, side.account, wrong.merchant_id, wrong.currency, side.sign * wrong.amount
FROM wrong JOIN made USING (reference) CROSS JOIN (VALUES ('bank', 1), ('gateway', -1)) AS side (account, sign);
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0007_charge_follows_payment"), ("orders", "0005_bank_account")]

    # Nothing leads back: the books only grow.
    operations = [migrations.RunSQL(REFUNDS + RECEIVABLES, migrations.RunSQL.noop)]
