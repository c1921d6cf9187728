"""Parcels and what carriers tell of them, couriers, addresses, stock."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='UnidentifiedParcel',
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
            ],
            options={
                'verbose_name': 'parcel without a case',
                'verbose_name_plural': 'parcels without a case',
            },
        ),
        migrations.CreateModel(
            name='StockExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_id', models.BigIntegerField(verbose_name='user')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='role')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('filters', models.JSONField(default=dict, verbose_name='filters')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('format', models.CharField(max_length=8, verbose_name='format')),
            ],
            options={
                'verbose_name': 'stock export',
                'verbose_name_plural': 'stock exports',
            },
        ),
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
                'indexes': [models.Index(condition=models.Q(('status', 'new')), fields=['id'], name='carrier_message_new'), models.Index(condition=models.Q(('status', 'quarantined')), fields=['id'], name='carrier_message_aside')],
                'constraints': [models.UniqueConstraint(fields=('source', 'account', 'event_id'), name='carrier_message_once'), models.CheckConstraint(condition=models.Q(('status__in', ('new', 'done', 'quarantined'))), name='carrier_message_status_known')],
            },
        ),
        migrations.CreateModel(
            name='UnidentifiedPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('path', models.CharField(max_length=100, verbose_name='file')),
                ('mime_type', models.CharField(max_length=40, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('sha256', models.CharField(max_length=64)),
                ('unidentified', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='logistics.unidentifiedparcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'photo of a parcel',
                'verbose_name_plural': 'photos of parcels',
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('outbound', 'To the buyer'), ('return', 'Back from the buyer'), ('to_repairer', 'To the repairer'), ('from_repairer', 'Back from the repairer')], max_length=15, verbose_name='direction')),
                ('carrier', models.CharField(blank=True, max_length=60, verbose_name='carrier')),
                ('waybill', models.CharField(db_index=True, max_length=64, verbose_name='waybill')),
                ('status', django_fsm.FSMField(choices=[('announced', 'Announced'), ('in_transit', 'In transit'), ('delivering', 'Out for delivery'), ('refused', 'Refused at the door'), ('intercepted', 'Intercepted'), ('returning', 'On its way back to the sender'), ('lost', 'Lost'), ('signed', 'Signed for'), ('returned', 'Back at the sender'), ('received', 'Received by us'), ('cancelled', 'Cancelled')], default='announced', max_length=20, protected=True, verbose_name='status')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='shipped at')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed for at')),
                ('received_at', models.DateTimeField(blank=True, null=True, verbose_name='received at')),
                ('heard_at', models.DateTimeField(blank=True, null=True, verbose_name='last heard of')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='orders.merchant', verbose_name='merchant')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='orders.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'parcel',
                'verbose_name_plural': 'parcels',
            },
        ),
        migrations.AddField(
            model_name='unidentifiedparcel',
            name='parcel',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='unidentified', to='logistics.parcel', verbose_name='parcel'),
        ),
        migrations.CreateModel(
            name='ParcelEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('hold_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('again_by', models.CharField(blank=True, max_length=150, verbose_name='tried again by')),
                ('happened_at', models.DateTimeField(verbose_name='happened at')),
                ('status', models.CharField(choices=[('announced', 'Announced'), ('in_transit', 'In transit'), ('delivering', 'Out for delivery'), ('refused', 'Refused at the door'), ('intercepted', 'Intercepted'), ('returning', 'On its way back to the sender'), ('lost', 'Lost'), ('signed', 'Signed for'), ('returned', 'Back at the sender'), ('received', 'Received by us'), ('cancelled', 'Cancelled')], max_length=20, verbose_name='status')),
                ('is_problem', models.BooleanField(default=False, verbose_name='problem')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='text')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('recorded_by', models.CharField(blank=True, max_length=150, verbose_name='recorded by')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('digest', models.CharField(editable=False, max_length=32)),
                ('judged_at', models.DateTimeField(blank=True, null=True, verbose_name='judged at')),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='logistics.parcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'parcel event',
                'verbose_name_plural': 'parcel events',
                'ordering': ['-happened_at', '-id'],
            },
        ),
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
                ('todo', models.CharField(blank=True, choices=[('book', 'To be booked'), ('ask', 'Perhaps booked: ask the carrier before you try again'), ('call_off', 'To be called off')], max_length=10, verbose_name='to be done')),
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
            },
        ),
        migrations.CreateModel(
            name='ReturnAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=100, verbose_name='label')),
                ('contact', models.CharField(max_length=100, verbose_name='contact')),
                ('phone', models.CharField(max_length=40, verbose_name='phone')),
                ('region', models.CharField(max_length=200, verbose_name='region')),
                ('address', models.CharField(max_length=500, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=20, verbose_name='postcode')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='categories')),
                ('is_default', models.BooleanField(default=False, verbose_name='default')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_addresses', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'return address',
                'verbose_name_plural': 'return addresses',
            },
        ),
        migrations.CreateModel(
            name='StockItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=128, verbose_name='SKU')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='title')),
                ('on_hand', models.IntegerField(default=0, verbose_name='on hand')),
                ('reserved', models.IntegerField(default=0, verbose_name='reserved')),
                ('counted_at', models.DateTimeField(blank=True, null=True, verbose_name='last counted at')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'stock item',
                'verbose_name_plural': 'stock items',
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(blank=True, max_length=128, verbose_name='SKU')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='title')),
                ('kind', models.CharField(choices=[('restock', 'Restock'), ('repair', 'Repair'), ('supplier', 'Back to supplier'), ('scrap', 'Scrap'), ('to_buyer', 'Back to the buyer'), ('reserve', 'Reserved'), ('release', 'Released'), ('dispatch', 'Dispatched'), ('correction', 'Correction')], max_length=12, verbose_name='kind')),
                ('units', models.IntegerField(verbose_name='units')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='case')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='recorded by')),
                ('by_id', models.BigIntegerField(blank=True, null=True, verbose_name='user')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('serial', models.CharField(blank=True, max_length=100, verbose_name='serial number')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
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
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='logistics.parcel', verbose_name='parcel')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
            },
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(fields=['order', 'direction'], name='parcel_of_order'),
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'returning'])), fields=['heard_at', 'id'], name='parcel_on_the_road'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.UniqueConstraint(fields=('merchant', 'carrier', 'waybill', 'direction'), name='parcel_known_once'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'refused', 'intercepted', 'returning', 'lost', 'signed', 'returned', 'received', 'cancelled'])), name='parcel_status_known'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['outbound', 'return', 'to_repairer', 'from_repairer'])), name='parcel_direction_known'),
        ),
        migrations.AddIndex(
            model_name='unidentifiedparcel',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['recorded_at', 'id'], name='unidentified_waiting'),
        ),
        migrations.AddConstraint(
            model_name='unidentifiedparcel',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'case', 'sent_back', 'put_away'])), name='unidentified_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='unidentifiedparcel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting'), ('settled_at__isnull', True)), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='unidentified_settled_has_date'),
        ),
        migrations.AddIndex(
            model_name='parcelevent',
            index=models.Index(condition=models.Q(('judged_at__isnull', True)), fields=['id'], name='parcel_event_unjudged'),
        ),
        migrations.AddConstraint(
            model_name='parcelevent',
            constraint=models.UniqueConstraint(fields=('parcel', 'digest'), name='parcel_event_told_once'),
        ),
        migrations.AddConstraint(
            model_name='parcelevent',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['announced', 'in_transit', 'delivering', 'refused', 'intercepted', 'returning', 'lost', 'signed', 'returned', 'received', 'cancelled'])), name='parcel_event_status_known'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(condition=models.Q(('todo', ''), _negated=True), fields=['id'], name='pickup_todo'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(condition=models.Q(('is_judged', False)), fields=['id'], name='pickup_unjudged'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['requested', 'booked', 'accepted'])), fields=('reference',), name='one_courier_expected'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'account', 'external_id'), name='pickup_booked_once'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['requested', 'booked', 'accepted', 'failed', 'cancelled', 'collected'])), name='pickup_status_known'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(('todo__in', ['', 'book', 'ask', 'call_off'])), name='pickup_todo_known'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(('todo', ''), models.Q(('source', ''), _negated=True), _connector='OR'), name='pickup_by_hand_tells_nobody'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(('window_from__lt', models.F('window_until'))), name='pickup_window_opens_first'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'collected'), _negated=True), ('collected_at__isnull', False), _connector='OR'), name='pickup_collected_has_date'),
        ),
        migrations.AddConstraint(
            model_name='pickup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('billed_amount__isnull', True), ('billed_amount__gte', 0), _connector='OR'), models.Q(('weighed__isnull', True), ('weighed__gte', 0), _connector='OR')), name='pickup_measures_positive'),
        ),
        migrations.AddConstraint(
            model_name='returnaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('merchant',), name='one_default_return_address'),
        ),
        migrations.AddConstraint(
            model_name='returnaddress',
            constraint=models.UniqueConstraint(fields=('id', 'merchant'), name='return_address_id_merchant'),
        ),
        migrations.AddConstraint(
            model_name='returnaddress',
            constraint=models.CheckConstraint(condition=models.Q(('categories__contains', ['']), _negated=True), name='return_address_categories_named'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.UniqueConstraint(fields=('merchant', 'sku'), name='stock_item_once'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('on_hand'))), name='stock_reserved_is_on_hand'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.CheckConstraint(condition=models.Q(('sku', ''), _negated=True), name='stock_item_has_sku'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('kind__in', ('restock', 'repair', 'supplier', 'scrap', 'to_buyer'))), fields=['at', 'id'], name='stock_moved'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('kind__in', ('restock', 'repair', 'supplier', 'scrap', 'to_buyer'))), fields=['merchant', 'at', 'id'], name='stock_moved_of_merchant'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['merchant', 'sku', 'at'], name='stock_moved_of_sku'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['reference'], name='stock_moved_for_case'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['restock', 'repair', 'supplier', 'scrap', 'to_buyer', 'reserve', 'release', 'dispatch', 'correction'])), name='stock_movement_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('units__gt', 0), ('kind', 'correction'), _connector='OR'), name='stock_only_corrections_fall'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'correction'), ('note', ''), _negated=True), name='stock_correction_has_reason'),
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
