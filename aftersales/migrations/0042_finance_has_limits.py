"""Above what one person of finance lets go a second one is needed; all that was let go before stays as it is."""

import django.db.models.deletion
import orders.models.order
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0041_every_coin_posted"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_finance',
            field=orders.models.order.MoneyField(db_default=Decimal('10000'), decimal_places=4, default=Decimal('10000'), max_digits=16, verbose_name='one person of finance lets go up to'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authority_finance_day',
            field=orders.models.order.MoneyField(blank=True, db_default=Decimal('100000'), decimal_places=4, default=Decimal('100000'), max_digits=16, null=True, verbose_name='one person of finance lets go in one day up to'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_finance',
            field=orders.models.order.MoneyField(db_default=Decimal('10000'), decimal_places=4, default=Decimal('10000'), max_digits=16, verbose_name='one person of finance lets go up to'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authority_finance_day',
            field=orders.models.order.MoneyField(blank=True, db_default=Decimal('100000'), decimal_places=4, default=Decimal('100000'), max_digits=16, null=True, verbose_name='one person of finance lets go in one day up to'),
        ),
        migrations.AddField(
            model_name='receivable',
            name='payment_told_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='payment told at'),
        ),
        migrations.AddField(
            model_name='receivable',
            name='payment_told_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='payment told by'),
        ),
        migrations.AddField(
            model_name='refund',
            name='first_released_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='first released at'),
        ),
        migrations.AddField(
            model_name='refund',
            name='first_released_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first released by'),
        ),
        migrations.AddConstraint(
            model_name='receivable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payment_told_at__isnull', True), ('payment_told_by__isnull', True)), models.Q(('payment_told_at__isnull', False), ('payment_told_by__isnull', False)), _connector='OR'), name='receivable_payment_told_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='receivable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'settled'), _negated=True), ('payment_told_by__isnull', True), ('settled_by__isnull', True), models.Q(('settled_by', models.F('payment_told_by')), _negated=True), _connector='OR'), name='two_people_settle_a_receivable'),
        ),
        migrations.AddConstraint(
            model_name='receivable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'waived'), _negated=True), ('waiver_proposed_by__isnull', True), ('settled_by__isnull', True), models.Q(('settled_by', models.F('waiver_proposed_by')), _negated=True), _connector='OR'), name='two_people_waive_a_receivable'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('first_released_by__isnull', True), ('released_by__isnull', True), models.Q(('released_by', models.F('first_released_by')), _negated=True), _connector='OR'), name='two_people_release'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_released_at__isnull', True), ('first_released_by__isnull', True)), models.Q(('first_released_at__isnull', False), ('first_released_by__isnull', False)), _connector='OR'), name='first_release_by_somebody'),
        ),
    ]
