"""A case is suspended for a cause, or not suspended."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0037_suspension_cause"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'suspended'), ('suspension_cause__in', ['joint_request', 'police', 'court'])), models.Q(models.Q(('status', 'suspended'), _negated=True), ('suspension_cause', '')), _connector='OR'), name='case_suspended_has_cause'),
        ),
    ]
