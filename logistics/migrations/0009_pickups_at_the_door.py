"""Couriers at the door, whose word never takes a pickup back."""

import django.db.models.deletion
from django.db import migrations, models

NEVER_BACK = """
CREATE FUNCTION logistics_pickup_never_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks text[] := ARRAY['requested', 'booked', 'accepted', 'failed', 'cancelled', 'collected'];
BEGIN
    IF array_position(ranks, NEW.status::text) < array_position(ranks, OLD.status::text) THEN
        RAISE EXCEPTION 'a pickup never goes back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pickup_never_back BEFORE UPDATE OF status ON logistics_pickup
    FOR EACH ROW EXECUTE FUNCTION logistics_pickup_never_back();
"""
UNDO = """
DROP TRIGGER pickup_never_back ON logistics_pickup; DROP FUNCTION logistics_pickup_never_back();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('logistics', '0008_parcels_without_a_case'),
        ('orders', '0004_paid_after_the_sale'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pickup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('hold_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('again_by', models.CharField(blank=True, max_length=150, verbose_name='tried again by')),
                ('reference', models.CharField(db_index=True, max_length=40, verbose_name='reference')),
                ('source', models.CharField(blank=True, max_length=20, verbose_name='source')),
                ('account', models.CharField(blank=True, max_length=60, verbose_name='account')),
                ('carrier', models.CharField(blank=True, max_length=60, verbose_name='carrier')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('booked', 'Booked'), ('accepted', 'Accepted by a courier'), ('failed', 'Booking failed'), ('cancelled', 'Cancelled'), ('collected', 'Collected')], default='requested', max_length=12, verbose_name='status')),
                ('todo', models.CharField(blank=True, choices=[('book', 'To be booked'), ('call_off', 'To be called off')], max_length=10, verbose_name='to be done')),
                ('sender_name', models.CharField(max_length=200, verbose_name='sender')),
                ('sender_phone', models.CharField(max_length=40, verbose_name="sender's phone")),
                ('sender_region', models.CharField(blank=True, max_length=200, verbose_name="sender's region")),
                ('sender_address', models.CharField(max_length=500, verbose_name="sender's address")),
                ('receiver_name', models.CharField(max_length=200, verbose_name='receiver')),
                ('receiver_phone', models.CharField(max_length=40, verbose_name="receiver's phone")),
                ('receiver_region', models.CharField(blank=True, max_length=200, verbose_name="receiver's region")),
                ('receiver_address', models.CharField(max_length=500, verbose_name="receiver's address")),
                ('window_from', models.DateTimeField(verbose_name='courier comes from')),
                ('window_until', models.DateTimeField(verbose_name='courier comes until')),
                ('task_id', models.CharField(blank=True, max_length=64, verbose_name='task')),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name="carrier's number")),
                ('billed_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='billed')),
                ('billed_at', models.DateTimeField(blank=True, null=True, verbose_name='billed at')),
                ('weighed', models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True, verbose_name='weighed, kg')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='what the carrier says')),
                ('requested_at', models.DateTimeField(verbose_name='requested at')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='recorded by')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the carrier at')),
                ('collected_at', models.DateTimeField(blank=True, null=True, verbose_name='collected at')),
                ('called_off_at', models.DateTimeField(blank=True, null=True, verbose_name='called off at')),
                ('heard_at', models.DateTimeField(blank=True, null=True, verbose_name='last heard of at')),
                ('is_judged', models.BooleanField(default=True, verbose_name='judged')),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='orders.merchant', verbose_name='merchant')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='orders.order', verbose_name='order')),
                ('parcel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='logistics.parcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'pickup',
                'verbose_name_plural': 'pickups',
                'indexes': [models.Index(condition=models.Q(('todo', ''), _negated=True), fields=['id'], name='pickup_todo'), models.Index(condition=models.Q(('is_judged', False)), fields=['id'], name='pickup_unjudged')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['requested', 'booked', 'accepted'])), fields=('reference',), name='one_courier_expected'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'account', 'external_id'), name='pickup_booked_once'), models.CheckConstraint(condition=models.Q(('status__in', ['requested', 'booked', 'accepted', 'failed', 'cancelled', 'collected'])), name='pickup_status_known'), models.CheckConstraint(condition=models.Q(('todo__in', ['', 'book', 'call_off'])), name='pickup_todo_known'), models.CheckConstraint(condition=models.Q(('todo', ''), models.Q(('source', ''), _negated=True), _connector='OR'), name='pickup_by_hand_tells_nobody'), models.CheckConstraint(condition=models.Q(('window_from__lt', models.F('window_until'))), name='pickup_window_opens_first'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'collected'), _negated=True), ('collected_at__isnull', False), _connector='OR'), name='pickup_collected_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('billed_amount__isnull', True), ('billed_amount__gte', 0), _connector='OR'), models.Q(('weighed__isnull', True), ('weighed__gte', 0), _connector='OR')), name='pickup_measures_positive')],
            },
        ),
        migrations.RunSQL(NEVER_BACK, UNDO),
    ]
