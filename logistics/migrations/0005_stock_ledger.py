"""What lies in the warehouse, and the movements that made it so; those are never changed."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON logistics_stockmovement
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER stock_movement_not_truncated BEFORE TRUNCATE ON logistics_stockmovement
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0004_inbox_of_carriers'),
        ('orders', '0002_last_line'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=128, verbose_name='SKU')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='title')),
                ('on_hand', models.IntegerField(default=0, verbose_name='on hand')),
                ('reserved', models.IntegerField(default=0, verbose_name='reserved')),
                ('counted_at', models.DateTimeField(blank=True, null=True, verbose_name='last counted at')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'stock item',
                'verbose_name_plural': 'stock items',
                'constraints': [models.UniqueConstraint(fields=('merchant', 'sku'), name='stock_item_once'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('on_hand'))), name='stock_reserved_is_on_hand'), models.CheckConstraint(condition=models.Q(('sku', ''), _negated=True), name='stock_item_has_sku')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(blank=True, max_length=128, verbose_name='SKU')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='title')),
                ('kind', models.CharField(choices=[('restock', 'Restock'), ('repair', 'Repair'), ('supplier', 'Back to supplier'), ('scrap', 'Scrap'), ('to_buyer', 'Back to the buyer'), ('reserve', 'Reserved'), ('release', 'Released'), ('dispatch', 'Dispatched'), ('correction', 'Correction')], max_length=12, verbose_name='kind')),
                ('units', models.IntegerField(verbose_name='units')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='case')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='recorded by')),
                ('by_id', models.BigIntegerField(blank=True, null=True, verbose_name='user')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('serial', models.CharField(blank=True, max_length=100, verbose_name='serial number')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'indexes': [models.Index(condition=models.Q(('kind__in', ('restock', 'repair', 'supplier', 'scrap', 'to_buyer'))), fields=['at', 'id'], name='stock_moved'), models.Index(condition=models.Q(('kind__in', ('restock', 'repair', 'supplier', 'scrap', 'to_buyer'))), fields=['merchant', 'at', 'id'], name='stock_moved_of_merchant'), models.Index(fields=['merchant', 'sku', 'at'], name='stock_moved_of_sku'), models.Index(fields=['reference'], name='stock_moved_for_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['restock', 'repair', 'supplier', 'scrap', 'to_buyer', 'reserve', 'release', 'dispatch', 'correction'])), name='stock_movement_kind_known'), models.CheckConstraint(condition=models.Q(('units__gt', 0), ('kind', 'correction'), _connector='OR'), name='stock_only_corrections_fall'), models.CheckConstraint(condition=models.Q(('kind', 'correction'), ('note', ''), _negated=True), name='stock_correction_has_reason')],
            },
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER stock_movement_not_truncated ON logistics_stockmovement;"
            "DROP TRIGGER stock_movement_append_only ON logistics_stockmovement;",
        ),
    ]
