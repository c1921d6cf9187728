"""A notice goes to a party, or to one of our own people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0038_suspended_has_cause"),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient__in', ['buyer', 'merchant']), ('user__isnull', True)), models.Q(models.Q(('recipient__in', ['buyer', 'merchant']), _negated=True), ('user__isnull', False)), _connector='OR'), name='notice_to_party_or_person'),
        ),
    ]
