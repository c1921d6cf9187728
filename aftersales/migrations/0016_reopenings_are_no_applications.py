from django.db import migrations, models

# Rounds that a reopening began, found by its event: it happened at the moment of the application.
MARK = """
UPDATE aftersales_round r SET is_reopening = true
FROM aftersales_event e
WHERE e.case_id = r.case_id AND e.action = 'reopen' AND e.happened_at = r.applied_at AND r.applied_role = 'supervisor'
AND r.number > 1
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0015_units_are_reserved")]

    operations = [
        migrations.AddField(
            "round",
            "is_reopening",
            models.BooleanField(db_default=False, default=False, verbose_name="begun by a reopening"),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
