"""Parcels that came without a case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0007_address_categories'),
    ]

    operations = [
        migrations.CreateModel(
            name='LooseParcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contents', models.CharField(max_length=500, verbose_name='what is inside')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='recorded by')),
                ('by_id', models.BigIntegerField(blank=True, null=True, verbose_name='user')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('case', 'Matched to a case'), ('sent_back', 'Sent back to the sender'), ('put_away', 'Put away without a refund')], default='waiting', max_length=12, verbose_name='outcome')),
                ('outcome_note', models.CharField(blank=True, max_length=500, verbose_name='note on the outcome')),
                ('settled_by', models.CharField(blank=True, max_length=150, verbose_name='settled by')),
                ('settled_by_id', models.BigIntegerField(blank=True, null=True, verbose_name='settled by user')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='loose', to='logistics.parcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'parcel without a case',
                'verbose_name_plural': 'parcels without a case',
            },
        ),
        migrations.CreateModel(
            name='LoosePhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('path', models.CharField(max_length=100, verbose_name='file')),
                ('mime_type', models.CharField(max_length=40, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('sha256', models.CharField(max_length=64)),
                ('loose', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='logistics.looseparcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'photo of a parcel',
                'verbose_name_plural': 'photos of parcels',
            },
        ),
        migrations.AddIndex(
            model_name='looseparcel',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['recorded_at', 'id'], name='loose_waiting'),
        ),
        migrations.AddConstraint(
            model_name='looseparcel',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'case', 'sent_back', 'put_away'])), name='loose_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='looseparcel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting'), ('settled_at__isnull', True)), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='loose_settled_has_date'),
        ),
    ]
