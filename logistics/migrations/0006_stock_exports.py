"""Who took a table of stock out of the house; never changed."""

from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER stock_export_append_only BEFORE UPDATE OR DELETE ON logistics_stockexport
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER stock_export_not_truncated BEFORE TRUNCATE ON logistics_stockexport
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0005_stock_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_id', models.BigIntegerField(verbose_name='user')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='role')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('filters', models.JSONField(default=dict, verbose_name='filters')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('format', models.CharField(max_length=8, verbose_name='format')),
            ],
            options={
                'verbose_name': 'stock export',
                'verbose_name_plural': 'stock exports',
            },
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER stock_export_not_truncated ON logistics_stockexport;"
            "DROP TRIGGER stock_export_append_only ON logistics_stockexport;",
        ),
    ]
