"""Goods of the buyer that lie with us: how many of a line, and the tasks that send them back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0031_own_offers"),
        ("logistics", "0002_integrity"),
        ("orders", "0008_uploads_are_read_by_a_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name='caseline',
            name='units_here',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='units here'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='goods_back_hours',
            field=models.PositiveIntegerField(db_default=72, default=72, verbose_name='goods that nobody keeps sent back within (hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='goods_back_hours',
            field=models.PositiveIntegerField(db_default=72, default=72, verbose_name='goods that nobody keeps sent back within (hours)'),
        ),
        migrations.CreateModel(
            name='GoodsOwed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('ended', 'Held when the case ended'), ('surplus', 'Not part of the case'), ('late', 'Arrived after the decision')], max_length=8, verbose_name='cause')),
                ('payer', models.CharField(choices=[('buyer', 'Buyer pays'), ('merchant', 'Merchant pays')], max_length=10, verbose_name='freight paid by')),
                ('rule', models.CharField(max_length=20, verbose_name='rule of the freight')),
                ('created_at', models.DateTimeField(verbose_name='owed since')),
                ('due_at', models.DateTimeField(verbose_name='send until')),
                ('breached_at', models.DateTimeField(blank=True, null=True, verbose_name='promise missed at')),
                ('outcome', models.CharField(choices=[('waiting', 'To send back'), ('sent', 'Sent to the buyer'), ('came_back', 'Came back to us'), ('given_up', 'Left by the buyer'), ('taken_up', 'Taken into a case')], default='waiting', max_length=10, verbose_name='outcome')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goods_owed', to='aftersales.case', verbose_name='case')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('parcel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goods_owed', to='logistics.parcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'goods owed to the buyer',
                'verbose_name_plural': 'goods owed to buyers',
                'ordering': ['due_at', 'id'],
                'indexes': [
                    models.Index(condition=models.Q(('outcome', 'waiting')), fields=['due_at', 'id'], name='goods_owed_due'),
                    models.Index(condition=models.Q(('outcome', 'waiting'), ('breached_at', None)), fields=['due_at'], name='goods_owed_unbreached'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('cause__in', ['ended', 'surplus', 'late'])), name='goods_owed_cause_known'),
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'sent', 'came_back', 'given_up', 'taken_up'])), name='goods_owed_outcome_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting'), ('ended_at__isnull', True)), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='goods_owed_ended_has_date'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['sent', 'came_back']), ('parcel__isnull', False)), models.Q(models.Q(('outcome__in', ['sent', 'came_back']), _negated=True), ('parcel__isnull', True)), _connector='OR'), name='goods_owed_sent_in_a_parcel'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'given_up'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='goods_left_by_the_buyer_say_how'),
                    models.UniqueConstraint(condition=models.Q(('outcome', 'waiting')), fields=('case', 'cause'), name='one_task_of_a_cause_waits'),
                ],
            },
        ),
        migrations.CreateModel(
            name='GoodsOwedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='goods')),
                ('units', models.PositiveIntegerField(verbose_name='units')),
                ('goods_owed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='aftersales.goodsowed', verbose_name='goods owed to the buyer')),
                ('order_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderline', verbose_name='order line')),
            ],
            options={
                'verbose_name': 'units owed to the buyer',
                'verbose_name_plural': 'units owed to buyers',
                'ordering': ['id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('units__gt', 0)), name='goods_owed_units_positive'),
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='goods_owed_have_a_name'),
                    models.UniqueConstraint(fields=('goods_owed', 'order_line'), name='goods_owed_line_once'),
                ],
            },
        ),
        migrations.AlterField(
            model_name='receivable',
            name='kind',
            field=models.CharField(choices=[('difference', 'Price difference of an exchange'), ('repair_fee', 'Price of a repair'), ('unreturned', 'Goods that never came back'), ('clawback', 'Instant refund to be paid back'), ('insurance', 'Freight insurance'), ('buyer_freight', 'Return freight the buyer advanced'), ('goods_back', 'Freight of goods sent back to the buyer'), ('lab_fee', 'Fee of a report'), ('carrier_loss', 'Parcel lost by the carrier'), ('carrier_damage', 'Damage done by the carrier')], max_length=16, verbose_name='kind'),
        ),
    ]
