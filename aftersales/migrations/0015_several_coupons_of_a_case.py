"""A compensation that is taken up again may give another coupon."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0014_parts_of_a_line'),
    ]

    operations = [
        migrations.AlterField(
            model_name='coupon',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='aftersales.case', verbose_name='case'),
        ),
    ]
