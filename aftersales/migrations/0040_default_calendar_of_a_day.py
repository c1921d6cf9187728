"""A day that names no calendar is one of the calendar that all shops had: programs of the version before write such."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0039_notices_to_people"), ("orders", "0015_default_calendar")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE aftersales_calendarday ALTER COLUMN calendar_id SET DEFAULT desk_default_calendar()",
            "ALTER TABLE aftersales_calendarday ALTER COLUMN calendar_id DROP DEFAULT",
        ),
    ]
