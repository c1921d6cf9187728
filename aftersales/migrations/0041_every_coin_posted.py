"""What carriers and insurers paid stood in no book: it is posted as paid when it was settled. Nothing else changes."""

from django.db import migrations

POSTED = """
WITH made AS (
    INSERT INTO orders_entry (kind, reference, posted_at)
    SELECT 'receivable_paid', 'receivable/' || id, settled_at FROM aftersales_receivable d
    WHERE status = 'settled'
      AND NOT EXISTS (
          SELECT 1 FROM orders_entry e WHERE e.kind = 'receivable_paid' AND e.reference = 'receivable/' || d.id
      )
    RETURNING id, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT made.id, CASE WHEN side.party IN ('merchant', 'platform') THEN side.party ELSE 'outside' END,
    d.merchant_id, d.currency, side.sign * d.amount
FROM made JOIN aftersales_receivable d ON 'receivable/' || d.id = made.reference
CROSS JOIN LATERAL (VALUES (d.debtor, 1), (d.creditor, -1)) AS side (party, sign);
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0040_default_calendar_of_a_day"), ("orders", "0014_account_of_outsiders")]

    # Nothing leads back: the books only grow.
    operations = [migrations.RunSQL(POSTED, migrations.RunSQL.noop)]
