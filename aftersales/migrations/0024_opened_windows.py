import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0023_invoice_header"),
        ("orders", "0008_uploads_are_read_by_a_worker"),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenedWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(verbose_name='open until')),
                ('why', models.CharField(max_length=500, verbose_name='why')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opened_windows', to='orders.order', verbose_name='order')),
                ('reason', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aftersales.reason', verbose_name='reason')),
            ],
            options={
                'verbose_name': 'opened request window',
                'verbose_name_plural': 'opened request windows',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='opened_window_says_why'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('opened_at')), ('until__lte', django.db.models.expressions.CombinedExpression(models.F('opened_at'), '+', models.Value(datetime.timedelta(days=366))))), name='opened_window_ends_within_a_year')],
            },
        ),
    ]
