"""Refunds before the goods come, limits of a day and of a share of the order, disputes in a buyer's record."""

import django.core.validators
import orders.models.order
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("aftersales", "0011_freight_claims_and_deductions")]

    operations = [
        migrations.AddField(
            model_name='case',
            name='instant_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='refund before the goods come, promised at'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_agent_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='an agent decides in one day up to'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_percent',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of the order that is decided alone (%)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_senior_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='a senior agent decides in one day up to'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_supervisor_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='a supervisor decides in one day up to'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='risk_dispute_percent',
            field=models.PositiveSmallIntegerField(default=25, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of cases that went to the platform that is worth a look (%)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_agent_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='an agent decides in one day up to'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_percent',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of the order that is decided alone (%)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_senior_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='a senior agent decides in one day up to'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_supervisor_day',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='a supervisor decides in one day up to'),
        ),
        migrations.AddField(
            model_name='policy',
            name='risk_dispute_percent',
            field=models.PositiveSmallIntegerField(default=25, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of cases that went to the platform that is worth a look (%)'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('advanced_at__isnull', True), ('instant_at__isnull', False), _connector='OR'), name='case_advances_only_what_was_promised'),
        ),
    ]
