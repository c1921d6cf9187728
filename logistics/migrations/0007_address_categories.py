"""Return addresses of some categories only."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0006_stock_exports'),
        ('orders', '0002_last_line'),
    ]

    operations = [
        migrations.AddField(
            model_name='returnaddress',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='categories'),
        ),
        migrations.AddConstraint(
            model_name='returnaddress',
            constraint=models.CheckConstraint(condition=models.Q(('categories__contains', ['']), _negated=True), name='return_address_categories_named'),
        ),
    ]
