"""A line of a case can be split: its parts stand beside each other in open cases of one type. See docs/adr/0014."""

from django.db import migrations, models

NEW = """
CREATE UNIQUE INDEX CONCURRENTLY one_open_case_per_line_and_type_of_whole ON aftersales_caseline (order_line_id, case_type)
WHERE is_open AND origin IS NULL
"""
OLD = """
CREATE UNIQUE INDEX CONCURRENTLY one_open_case_per_line_and_type_of_whole ON aftersales_caseline (order_line_id, case_type)
WHERE is_open
"""
REPLACE = [
    "DROP INDEX CONCURRENTLY one_open_case_per_line_and_type",
    "ALTER INDEX one_open_case_per_line_and_type_of_whole RENAME TO one_open_case_per_line_and_type",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0013_spoilage_by_degree")]

    operations = [
        migrations.AddField(
            "caseline",
            "origin",
            models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="line it was split from"),
        ),
        migrations.AddField(
            "round",
            "is_carried",
            models.BooleanField(default=False, verbose_name="carried over from the case it was split from"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([NEW, *REPLACE], [OLD, *REPLACE])],
            state_operations=[
                migrations.RemoveConstraint("caseline", "one_open_case_per_line_and_type"),
                migrations.AddConstraint(
                    "caseline",
                    models.UniqueConstraint(
                        condition=models.Q(is_open=True, origin__isnull=True),
                        fields=("order_line", "case_type"),
                        name="one_open_case_per_line_and_type",
                    ),
                ),
            ],
        ),
    ]
