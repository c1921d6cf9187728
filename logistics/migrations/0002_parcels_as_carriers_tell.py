"""Parcels and scans as carriers tell them: more states, directions, problems, each scan once."""

import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='parcel',
            name='parcel_status_known',
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='again_by',
            field=models.CharField(blank=True, max_length=150, verbose_name='tried again by'),
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='digest',
            field=models.CharField(default='', editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='hold_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='held until'),
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='is_problem',
            field=models.BooleanField(default=False, verbose_name='problem'),
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='judged_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='judged at'),
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='last_error',
            field=models.TextField(blank=True, verbose_name='last error'),
        ),
        migrations.AddField(
            model_name='parcelevent',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='tries'),
        ),
        migrations.AlterField(
            model_name='parcel',
            name='direction',
            field=models.CharField(choices=[('outbound', 'To the buyer'), ('return', 'Back from the buyer'), ('to_repairer', 'To the repairer'), ('from_repairer', 'Back from the repairer')], max_length=15, verbose_name='direction'),
        ),
        migrations.AlterField(
            model_name='parcel',
            name='status',
            field=django_fsm.FSMField(choices=[('announced', 'Announced'), ('in_transit', 'In transit'), ('delivering', 'Out for delivery'), ('refused', 'Refused at the door'), ('intercepted', 'Intercepted'), ('returning', 'On its way back to the sender'), ('lost', 'Lost'), ('signed', 'Signed for'), ('returned', 'Back at the sender'), ('received', 'Received by us'), ('cancelled', 'Cancelled')], default='announced', max_length=20, protected=True, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='parcelevent',
            name='status',
            field=models.CharField(choices=[('announced', 'Announced'), ('in_transit', 'In transit'), ('delivering', 'Out for delivery'), ('refused', 'Refused at the door'), ('intercepted', 'Intercepted'), ('returning', 'On its way back to the sender'), ('lost', 'Lost'), ('signed', 'Signed for'), ('returned', 'Back at the sender'), ('received', 'Received by us'), ('cancelled', 'Cancelled')], max_length=20, verbose_name='status'),
        ),
        migrations.AddIndex(
            model_name='parcelevent',
            index=models.Index(condition=models.Q(('judged_at__isnull', True)), fields=['id'], name='parcel_event_unjudged'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'refused', 'intercepted', 'returning', 'lost', 'signed', 'returned', 'received', 'cancelled'])), name='parcel_status_known'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['outbound', 'return', 'to_repairer', 'from_repairer'])), name='parcel_direction_known'),
        ),
        migrations.AddConstraint(
            model_name='parcelevent',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'refused', 'intercepted', 'returning', 'lost', 'signed', 'returned', 'received', 'cancelled'])), name='parcel_event_status_known'),
        ),
        # What our people have recorded so far was decided by those who recorded it.
        migrations.RunSQL(
            "UPDATE logistics_parcelevent SET digest = 'before ' || id, judged_at = recorded_at",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='parcelevent',
            constraint=models.UniqueConstraint(fields=('parcel', 'digest'), name='parcel_event_told_once'),
        ),
    ]
