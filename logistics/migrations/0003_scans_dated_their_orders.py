"""Dates of orders that a scan has told name the scan; `orders` 0009 took all dates for the import's."""

from django.db import migrations

NAMED = """
UPDATE orders_order o SET {fact}_told_by = 'scan' WHERE {fact}_told_by = 'import' AND EXISTS (
    SELECT 1 FROM logistics_parcel p JOIN logistics_parcelevent e ON e.parcel_id = p.id
    WHERE p.order_id = o.id AND p.direction = 'outbound' AND e.happened_at = o.{fact}_at AND e.status IN ({statuses})
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ("logistics", "0002_integrity"),
        ("orders", "0013_goods_dates_must_name_their_source"),
    ]

    operations = [
        migrations.RunSQL(
            NAMED.format(fact="shipped", statuses="'in_transit', 'delivering', 'signed'"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(NAMED.format(fact="signed", statuses="'signed'"), migrations.RunSQL.noop),
    ]
