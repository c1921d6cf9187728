"""When a parcel was last heard of; those that are stuck are found by it."""

from django.db import migrations, models

HEARD = """
UPDATE logistics_parcel p SET heard_at = scans.latest
FROM (SELECT parcel_id, max(least(happened_at, recorded_at)) AS latest FROM logistics_parcelevent GROUP BY 1) scans
WHERE scans.parcel_id = p.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0009_pickups_at_the_door'),
        ('orders', '0004_paid_after_the_sale'),
    ]

    operations = [
        migrations.AddField(
            model_name='parcel',
            name='heard_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last heard of'),
        ),
        migrations.RunSQL(HEARD, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'returning'])), fields=['heard_at', 'id'], name='parcel_on_the_road'),
        ),
    ]
