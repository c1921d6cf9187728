"""Validates the constraints of the migration before without a long lock, and indexes which case goes on with which."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0006_every_type_of_case")]

    operations = [
        ValidateConstraint("case", "case_status_known"),
        ValidateConstraint("case", "case_type_known"),
        ValidateConstraint("case", "case_change_of_order_changes_only"),
        ValidateConstraint("case", "case_in_kind_is_compensation"),
        ValidateConstraint("case", "case_ended_has_date"),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["parent"], name="case_continues", condition=models.Q(parent__isnull=False)),
        ),
    ]
