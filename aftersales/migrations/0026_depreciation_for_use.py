import django.core.validators
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0025_repairs_by_kind_of_fault"),
        ("orders", "0008_uploads_are_read_by_a_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name='caseline',
            name='use_days',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='days of use charged'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='depreciation_day_percent',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=3, default=Decimal('0'), max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10)], verbose_name='depreciation for a day of use (% of paid)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='depreciation_day_percent',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=3, default=Decimal('0'), max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10)], verbose_name='depreciation for a day of use (% of paid)'),
        ),
        migrations.AlterField(
            model_name='charge',
            name='kind',
            field=models.CharField(choices=[('goods', 'Goods paid'), ('freight', 'Outbound freight'), ('restocking', 'Restocking fee'), ('depreciation', 'Depreciation'), ('return_freight', 'Return freight advanced'), ('outbound_freight', 'Outbound freight, no longer free'), ('missing_gift', 'Gift that did not come back'), ('bundle', 'Bundle priced anew'), ('offer', 'As offered'), ('ruling', 'As ruled')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('depreciation_day_percent__gte', 0), ('depreciation_day_percent__lte', 10)), name='policy_depreciation_at_most_a_tenth'),
        ),
    ]
