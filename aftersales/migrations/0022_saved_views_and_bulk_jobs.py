"""Saved views with their pins; acts for many cases with a row for each; the orders in which open cases are listed."""

import aftersales.models.saved_view
import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aftersales", "0021_replies_and_macros"),
        ('logistics', '0010_last_heard_of'),
        ('orders', '0004_paid_after_the_sale'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('take', 'Take for me'), ('assign', 'Assign'), ('team', 'Move to a team'), ('note', 'Add a note'), ('message', 'Send a message'), ('approve', 'Agree'), ('reject', 'Reject'), ('extend', 'Extend the deadline')], max_length=10, verbose_name='act')),
                ('terms', models.JSONField(blank=True, default=dict, verbose_name='terms')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='queued', max_length=10, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'act for many cases',
                'verbose_name_plural': 'acts for many cases',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='BulkRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('skipped', 'Skipped'), ('conflict', 'Changed meanwhile'), ('refused', 'Refused'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='result')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('hold_until', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='at')),
            ],
            options={
                'verbose_name': 'row of an act for many',
                'verbose_name_plural': 'rows of an act for many',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('share', models.CharField(choices=[('mine', 'Only me'), ('team', 'A team'), ('all', 'Everybody')], default='mine', max_length=4, verbose_name='for')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='filters')),
                ('sort', models.CharField(blank=True, choices=[('due', 'Due first'), ('newest', 'Newest first'), ('oldest', 'Oldest first'), ('amount', 'Largest sum of goods first')], max_length=6, verbose_name='order')),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=aftersales.models.saved_view.usual_columns, size=None, verbose_name='columns')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ViewPin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
            ],
            options={
                'verbose_name': 'pinned view',
                'verbose_name_plural': 'pinned views',
                'ordering': ['position'],
            },
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['opened_at', 'id'], name='case_open_opened'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['requested_amount', 'id'], name='case_open_amount'),
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_jobs', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='retry_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retries', to='aftersales.bulkjob', verbose_name='tries again'),
        ),
        migrations.AddField(
            model_name='bulkrow',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='bulkrow',
            name='job',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='aftersales.bulkjob', verbose_name='job'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='aftersales.team', verbose_name='team'),
        ),
        migrations.AddField(
            model_name='viewpin',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='view_pins', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='viewpin',
            name='view',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='aftersales.savedview', verbose_name='saved view'),
        ),
        migrations.AddIndex(
            model_name='bulkjob',
            index=models.Index(fields=['made_by', '-id'], name='bulk_job_of_person'),
        ),
        migrations.AddIndex(
            model_name='bulkjob',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['id'], name='bulk_job_unended'),
        ),
        migrations.AddConstraint(
            model_name='bulkjob',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['take', 'assign', 'team', 'note', 'message', 'approve', 'reject', 'extend'])), name='bulk_act_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('status__in', ['done', 'cancelled'])), models.Q(('ended_at__isnull', True), ('status__in', ['queued', 'running'])), _connector='OR'), name='bulk_job_ended_has_date'),
        ),
        migrations.AddIndex(
            model_name='bulkrow',
            index=models.Index(fields=['job', 'outcome', 'id'], name='bulk_row_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='bulkrow',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['id'], name='bulk_row_waiting'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.UniqueConstraint(fields=('job', 'case'), name='bulk_row_once'),
        ),
        migrations.AddConstraint(
            model_name='bulkrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='bulk_row_has_outcome'),
        ),
        migrations.AddIndex(
            model_name='savedview',
            index=models.Index(condition=models.Q(('share', 'mine'), _negated=True), fields=['share', 'team'], name='saved_view_shared'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='saved_view_named_once'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('share', 'team'), ('team__isnull', False)), models.Q(models.Q(('share', 'team'), _negated=True), ('team__isnull', True)), _connector='OR'), name='saved_view_of_team_has_team'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('columns__len__gte', 1), ('columns__len__lte', 8)), name='saved_view_has_columns'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_name'),
        ),
        migrations.AddConstraint(
            model_name='viewpin',
            constraint=models.UniqueConstraint(fields=('user', 'view'), name='view_pinned_once'),
        ),
        migrations.AddConstraint(
            model_name='viewpin',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('user', 'position'), name='view_pins_in_order'),
        ),
    ]
