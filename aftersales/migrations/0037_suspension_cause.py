"""A suspension has a cause, which decides how long it lasts."""

from django.db import migrations, models

# What is suspended already was promised thirty days: that is the time of the police now. What it waits for stands in
# words on its record.
NAME = "UPDATE aftersales_case SET suspension_cause = 'police' WHERE status = 'suspended'"


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0036_dispute_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='suspension_cause',
            field=models.CharField(blank=True, choices=[('joint_request', 'Both sides ask for it'), ('police', 'The police investigates'), ('court', 'A court decides')], db_default='', default='', max_length=20, verbose_name='suspended because'),
        ),
        migrations.RunSQL(NAME, migrations.RunSQL.noop),
    ]
