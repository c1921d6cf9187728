"""The carriers' inbox and the wishes to be told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0003_scans_are_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarrierMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('hold_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('again_by', models.CharField(blank=True, max_length=150, verbose_name='tried again by')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('account', models.CharField(max_length=60, verbose_name='account')),
                ('event_id', models.CharField(max_length=64, verbose_name='number')),
                ('digest', models.CharField(editable=False, max_length=32)),
                ('raw', models.BinaryField(verbose_name='as it came')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('status', models.CharField(choices=[('new', 'New'), ('done', 'Done'), ('quarantined', 'Put aside')], db_default='new', default='new', max_length=12, verbose_name='status')),
            ],
            options={
                'verbose_name': "carrier's message",
                'verbose_name_plural': "carriers' messages",
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('hold_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('again_by', models.CharField(blank=True, max_length=150, verbose_name='tried again by')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('account', models.CharField(max_length=60, verbose_name='account')),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('active', 'Active'), ('ended', 'Ended'), ('quarantined', 'Put aside')], default='waiting', max_length=12, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
            },
        ),
        migrations.AddIndex(
            model_name='carriermessage',
            index=models.Index(condition=models.Q(('status', 'new')), fields=['id'], name='carrier_message_new'),
        ),
        migrations.AddIndex(
            model_name='carriermessage',
            index=models.Index(condition=models.Q(('status', 'quarantined')), fields=['id'], name='carrier_message_aside'),
        ),
        migrations.AddConstraint(
            model_name='carriermessage',
            constraint=models.UniqueConstraint(fields=('source', 'account', 'event_id'), name='carrier_message_once'),
        ),
        migrations.AddConstraint(
            model_name='carriermessage',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('new', 'done', 'quarantined'))), name='carrier_message_status_known'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='parcel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='logistics.parcel', verbose_name='parcel'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('status', 'waiting')), fields=['id'], name='subscription_waiting'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('status', 'quarantined')), fields=['id'], name='subscription_aside'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('parcel', 'source'), name='subscription_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('waiting', 'active', 'ended', 'quarantined'))), name='subscription_status_known'),
        ),
    ]
