"""Every type of case: its states, what it holds, what it gives; constraints are validated by the next migration."""

import aftersales.models.given
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django_fsm
import orders.models.order
from decimal import Decimal
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0005_steps_done_and_risk_numbers'),
        ('logistics', '0001_initial'),
        ('orders', '0003_bundles_and_invoices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice_reversal', 'Reverse the invoice'), ('invoice_reissue', 'Issue the invoice anew')], max_length=20, verbose_name='task')),
                ('invoice_number', models.CharField(blank=True, max_length=64, verbose_name='invoice')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='number of the new invoice or red letter')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'ordering': ['done_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('money', 'Money'), ('coupon', 'Coupon'), ('points', 'Points'), ('freight', 'Return freight')], max_length=10, verbose_name='kind')),
                ('code', models.CharField(default=aftersales.models.given.new_code, max_length=20, unique=True, verbose_name='code')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('amount', orders.models.order.MoneyField(decimal_places=4, max_digits=16, verbose_name='worth')),
                ('points', models.PositiveIntegerField(default=0, verbose_name='points')),
                ('issued_at', models.DateTimeField(verbose_name='issued at')),
                ('valid_until', models.DateTimeField(verbose_name='valid until')),
            ],
            options={
                'verbose_name': 'coupon',
                'verbose_name_plural': 'coupons',
            },
        ),
        migrations.CreateModel(
            name='DeliveryChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receiver_name', models.CharField(max_length=200, verbose_name='receiver')),
                ('receiver_phone', models.CharField(max_length=40, verbose_name="receiver's phone")),
                ('receiver_region', models.CharField(max_length=200, verbose_name='region')),
                ('receiver_address', models.CharField(max_length=500, verbose_name='address')),
                ('receiver_postcode', models.CharField(blank=True, max_length=20, verbose_name='postcode')),
                ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'change of address',
                'verbose_name_plural': 'changes of address',
            },
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('difference', 'Price difference of an exchange'), ('repair_fee', 'Price of a repair'), ('unreturned', 'Goods that never came back'), ('clawback', 'Instant refund to be paid back'), ('insurance', 'Freight insurance'), ('buyer_freight', 'Return freight the buyer advanced'), ('lab_fee', 'Fee of a report'), ('carrier_loss', 'Parcel lost by the carrier'), ('carrier_damage', 'Damage done by the carrier')], max_length=16, verbose_name='kind')),
                ('debtor', models.CharField(choices=[('buyer', 'Buyer'), ('merchant', 'Merchant'), ('carrier', 'Carrier'), ('insurer', 'Insurer'), ('platform', 'Platform')], max_length=10, verbose_name='owed by')),
                ('creditor', models.CharField(choices=[('buyer', 'Buyer'), ('merchant', 'Merchant'), ('carrier', 'Carrier'), ('insurer', 'Insurer'), ('platform', 'Platform')], max_length=10, verbose_name='owed to')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('amount', orders.models.order.MoneyField(decimal_places=4, max_digits=16, verbose_name='amount')),
                ('rule', models.CharField(blank=True, max_length=200, verbose_name='rule')),
                ('status', models.CharField(choices=[('open', 'Open'), ('settled', 'Paid'), ('waived', 'Waived')], default='open', max_length=10, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('reference', models.CharField(blank=True, max_length=128, verbose_name='reference of the payment')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
            ],
            options={
                'verbose_name': 'money owed',
                'verbose_name_plural': 'money owed',
                'ordering': ['due_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MissingGift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('units', models.PositiveIntegerField(verbose_name='units')),
                ('amount', orders.models.order.MoneyField(decimal_places=4, max_digits=16, verbose_name='amount')),
            ],
            options={
                'verbose_name': 'gift kept',
                'verbose_name_plural': 'gifts kept',
            },
        ),
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt', models.PositiveSmallIntegerField(verbose_name='attempt')),
                ('serial', models.CharField(blank=True, max_length=100, verbose_name='serial number')),
                ('place', models.CharField(choices=[('own', 'Own workshop'), ('brand', 'Service point of the brand'), ('supplier', 'Supplier')], max_length=10, verbose_name='repaired by')),
                ('service_point', models.CharField(blank=True, max_length=200, verbose_name='name of the service point')),
                ('diagnosis', models.TextField(verbose_name='diagnosis')),
                ('quote_amount', orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='price for the buyer')),
                ('quote_accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='price accepted at')),
                ('outcome', models.CharField(choices=[('open', 'Open'), ('repaired', 'Repaired'), ('failed', 'Failed'), ('unrepaired', 'Goes back unrepaired')], default='open', max_length=12, verbose_name='outcome')),
                ('note', models.TextField(blank=True, verbose_name='what was done')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the repairer at')),
                ('back_at', models.DateTimeField(blank=True, null=True, verbose_name='back from the repairer at')),
                ('diagnosed_at', models.DateTimeField(verbose_name='diagnosed at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'repair',
                'verbose_name_plural': 'repairs',
                'ordering': ['case', 'attempt'],
            },
        ),
        migrations.CreateModel(
            name='SentParcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(verbose_name='sent at')),
            ],
            options={
                'verbose_name': 'parcel sent',
                'verbose_name_plural': 'parcels sent',
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_type_known',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_ended_has_date',
        ),
        migrations.AddField(
            model_name='case',
            name='advanced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='refunded before the goods came, at'),
        ),
        migrations.AddField(
            model_name='case',
            name='change',
            field=models.CharField(blank=True, choices=[('address', 'Another address'), ('cancel', 'Cancel')], max_length=10, verbose_name='change'),
        ),
        migrations.AddField(
            model_name='case',
            name='choice_offered_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='exchange or refund offered at'),
        ),
        migrations.AddField(
            model_name='case',
            name='dispatches_first',
            field=models.BooleanField(default=False, verbose_name='replacement sent first'),
        ),
        migrations.AddField(
            model_name='case',
            name='given_as',
            field=models.CharField(choices=[('money', 'Money'), ('coupon', 'Coupon'), ('points', 'Points'), ('freight', 'Return freight')], default='money', max_length=10, verbose_name='given as'),
        ),
        migrations.AddField(
            model_name='case',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='aftersales.case', verbose_name='continues'),
        ),
        migrations.AddField(
            model_name='case',
            name='replacement_failed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='money instead of a replacement since'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='price_now',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='price now'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='stock_held',
            field=models.PositiveIntegerField(default=0, verbose_name='units set aside in stock'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='units_sent',
            field=models.PositiveIntegerField(default=0, verbose_name='units sent'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='wanted_price',
            field=orders.models.order.MoneyField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='price of the one wanted'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='wanted_sku',
            field=models.CharField(blank=True, max_length=128, verbose_name='SKU wanted'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='wanted_variant',
            field=models.CharField(blank=True, max_length=300, verbose_name='variant wanted'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='authorise_below',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='returns authorised by themselves below'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='coupon_days',
            field=models.PositiveIntegerField(default=90, verbose_name='coupons are valid for (days)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='deducts_missing_gifts',
            field=models.BooleanField(default=True, verbose_name='gifts that are kept are deducted'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='dispatch_hours',
            field=models.PositiveIntegerField(default=72, verbose_name='replacement dispatched within (hours)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='freight_claim_days',
            field=models.PositiveIntegerField(default=7, verbose_name='freight and claims paid within (days)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='has_prepaid_label',
            field=models.BooleanField(default=False, verbose_name='return label is prepaid'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='instant_below',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='refunded at once below'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='instant_buyer_level',
            field=models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'regular'), (2, 'trusted'), (3, 'VIP')], default=3, verbose_name='refunded at once from buyer level'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='instant_quota',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('500'), max_digits=16, verbose_name='refunded at once and not yet returned, per buyer at most'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='instant_share_percent',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of buyers that instant refunds are rolled out to (%)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='late_dispatch_floor',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('3'), max_digits=16, verbose_name='compensation for late dispatch, at least'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='late_dispatch_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('5'), max_digits=5, verbose_name='compensation for late dispatch (% of paid)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='points_per_unit',
            field=models.PositiveIntegerField(default=100, verbose_name='points for one unit of the currency'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='price_protection_days',
            field=models.PositiveIntegerField(default=15, verbose_name='price protection within (days)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='repair_attempt_count',
            field=models.PositiveIntegerField(default=2, verbose_name='failed repairs before the buyer may choose'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='repair_days',
            field=models.PositiveIntegerField(default=30, verbose_name='repair finished within (days)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='replacement_days',
            field=models.PositiveIntegerField(default=20, verbose_name='replacement received within (days)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='reprices_bundles',
            field=models.BooleanField(default=True, verbose_name='what stays of a bundle is priced anew'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='restocking_late_days',
            field=models.PositiveIntegerField(default=7, verbose_name='late is more than (days after the agreement)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='restocking_late_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=4, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='restocking fee of goods sent back late (%)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='restocking_used_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=4, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='restocking fee of opened or used goods (%)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='warranty_days',
            field=models.PositiveIntegerField(default=365, verbose_name='repair within (days)'),
        ),
        migrations.AddField(
            model_name='historicalreason',
            name='compensation_percent',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='compensation at most (% of paid)'),
        ),
        migrations.AddField(
            model_name='offer',
            name='given_as',
            field=models.CharField(choices=[('money', 'Money'), ('coupon', 'Coupon'), ('points', 'Points'), ('freight', 'Return freight')], default='money', max_length=10, verbose_name='given as'),
        ),
        migrations.AddField(
            model_name='offer',
            name='is_quote',
            field=models.BooleanField(default=False, verbose_name='price of a repair'),
        ),
        migrations.AddField(
            model_name='policy',
            name='authorise_below',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='returns authorised by themselves below'),
        ),
        migrations.AddField(
            model_name='policy',
            name='coupon_days',
            field=models.PositiveIntegerField(default=90, verbose_name='coupons are valid for (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='deducts_missing_gifts',
            field=models.BooleanField(default=True, verbose_name='gifts that are kept are deducted'),
        ),
        migrations.AddField(
            model_name='policy',
            name='dispatch_hours',
            field=models.PositiveIntegerField(default=72, verbose_name='replacement dispatched within (hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='freight_claim_days',
            field=models.PositiveIntegerField(default=7, verbose_name='freight and claims paid within (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='has_prepaid_label',
            field=models.BooleanField(default=False, verbose_name='return label is prepaid'),
        ),
        migrations.AddField(
            model_name='policy',
            name='instant_below',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='refunded at once below'),
        ),
        migrations.AddField(
            model_name='policy',
            name='instant_buyer_level',
            field=models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'regular'), (2, 'trusted'), (3, 'VIP')], default=3, verbose_name='refunded at once from buyer level'),
        ),
        migrations.AddField(
            model_name='policy',
            name='instant_quota',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('500'), max_digits=16, verbose_name='refunded at once and not yet returned, per buyer at most'),
        ),
        migrations.AddField(
            model_name='policy',
            name='instant_share_percent',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of buyers that instant refunds are rolled out to (%)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='late_dispatch_floor',
            field=orders.models.order.MoneyField(decimal_places=4, default=Decimal('3'), max_digits=16, verbose_name='compensation for late dispatch, at least'),
        ),
        migrations.AddField(
            model_name='policy',
            name='late_dispatch_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('5'), max_digits=5, verbose_name='compensation for late dispatch (% of paid)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='points_per_unit',
            field=models.PositiveIntegerField(default=100, verbose_name='points for one unit of the currency'),
        ),
        migrations.AddField(
            model_name='policy',
            name='price_protection_days',
            field=models.PositiveIntegerField(default=15, verbose_name='price protection within (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='repair_attempt_count',
            field=models.PositiveIntegerField(default=2, verbose_name='failed repairs before the buyer may choose'),
        ),
        migrations.AddField(
            model_name='policy',
            name='repair_days',
            field=models.PositiveIntegerField(default=30, verbose_name='repair finished within (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='replacement_days',
            field=models.PositiveIntegerField(default=20, verbose_name='replacement received within (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='reprices_bundles',
            field=models.BooleanField(default=True, verbose_name='what stays of a bundle is priced anew'),
        ),
        migrations.AddField(
            model_name='policy',
            name='restocking_late_days',
            field=models.PositiveIntegerField(default=7, verbose_name='late is more than (days after the agreement)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='restocking_late_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=4, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='restocking fee of goods sent back late (%)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='restocking_used_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=4, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='restocking fee of opened or used goods (%)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='warranty_days',
            field=models.PositiveIntegerField(default=365, verbose_name='repair within (days)'),
        ),
        migrations.AddField(
            model_name='reason',
            name='compensation_percent',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='compensation at most (% of paid)'),
        ),
        migrations.AlterField(
            model_name='case',
            name='due_kind',
            field=models.CharField(blank=True, choices=[('merchant_response', "Merchant's answer"), ('offer', "Buyer's answer to the offer"), ('intercept', "Carrier's interception"), ('ship_return', 'Buyer ships the return'), ('receipt', 'Return received'), ('inspection', 'Inspection'), ('dispatch', 'Replacement dispatched'), ('replacement', 'Replacement received'), ('repair', 'Repair finished'), ('refund', 'Refund paid'), ('rejected', 'Buyer answers the rejection'), ('evidence', 'Evidence'), ('suspension', 'Suspension'), ('first_reply', 'First reply')], max_length=20, verbose_name='what is due'),
        ),
        migrations.AlterField(
            model_name='case',
            name='status',
            field=django_fsm.FSMField(choices=[('pending_merchant', 'Waiting for merchant'), ('pending_buyer', 'Waiting for buyer'), ('rejected', 'Rejected'), ('intercepting', 'Intercepting'), ('awaiting_return', 'Awaiting return'), ('return_in_transit', 'Return in transit'), ('inspecting', 'Inspecting'), ('repairing', 'Repairing'), ('awaiting_dispatch', 'Awaiting dispatch'), ('awaiting_receipt', 'Awaiting receipt'), ('refunding', 'Refunding'), ('refund_failed', 'Refund failed'), ('arbitration', 'Platform decides'), ('suspended', 'Suspended'), ('completed', 'Completed'), ('closed', 'Closed')], default='pending_merchant', max_length=20, protected=True, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='case',
            name='type',
            field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='caseline',
            name='case_type',
            field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('merchant_response', "Merchant's answer"), ('offer', "Buyer's answer to the offer"), ('intercept', "Carrier's interception"), ('ship_return', 'Buyer ships the return'), ('receipt', 'Return received'), ('inspection', 'Inspection'), ('dispatch', 'Replacement dispatched'), ('replacement', 'Replacement received'), ('repair', 'Repair finished'), ('refund', 'Refund paid'), ('rejected', 'Buyer answers the rejection'), ('evidence', 'Evidence'), ('suspension', 'Suspension'), ('first_reply', 'First reply')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='event',
            name='from_status',
            field=models.CharField(blank=True, choices=[('pending_merchant', 'Waiting for merchant'), ('pending_buyer', 'Waiting for buyer'), ('rejected', 'Rejected'), ('intercepting', 'Intercepting'), ('awaiting_return', 'Awaiting return'), ('return_in_transit', 'Return in transit'), ('inspecting', 'Inspecting'), ('repairing', 'Repairing'), ('awaiting_dispatch', 'Awaiting dispatch'), ('awaiting_receipt', 'Awaiting receipt'), ('refunding', 'Refunding'), ('refund_failed', 'Refund failed'), ('arbitration', 'Platform decides'), ('suspended', 'Suspended'), ('completed', 'Completed'), ('closed', 'Closed')], max_length=20, verbose_name='from'),
        ),
        migrations.AlterField(
            model_name='event',
            name='to_status',
            field=models.CharField(choices=[('pending_merchant', 'Waiting for merchant'), ('pending_buyer', 'Waiting for buyer'), ('rejected', 'Rejected'), ('intercepting', 'Intercepting'), ('awaiting_return', 'Awaiting return'), ('return_in_transit', 'Return in transit'), ('inspecting', 'Inspecting'), ('repairing', 'Repairing'), ('awaiting_dispatch', 'Awaiting dispatch'), ('awaiting_receipt', 'Awaiting receipt'), ('refunding', 'Refunding'), ('refund_failed', 'Refund failed'), ('arbitration', 'Platform decides'), ('suspended', 'Suspended'), ('completed', 'Completed'), ('closed', 'Closed')], max_length=20, verbose_name='to'),
        ),
        migrations.AlterField(
            model_name='historicalpolicy',
            name='case_type',
            field=models.CharField(blank=True, choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='case type'),
        ),
        migrations.AlterField(
            model_name='historicalreason',
            name='case_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20), size=None, verbose_name='case types'),
        ),
        migrations.AlterField(
            model_name='offer',
            name='type',
            field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='case_type',
            field=models.CharField(blank=True, choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='case type'),
        ),
        migrations.AlterField(
            model_name='reason',
            name='case_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20), size=None, verbose_name='case types'),
        ),
        migrations.AlterField(
            model_name='round',
            name='type',
            field=models.CharField(choices=[('refund_only', 'Refund only'), ('return_refund', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('reship', 'Reship'), ('price_protection', 'Price protection'), ('compensation', 'Compensation'), ('order_change', 'Order change')], max_length=20, verbose_name='type'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pending_merchant', 'pending_buyer', 'rejected', 'intercepting', 'awaiting_return', 'return_in_transit', 'inspecting', 'repairing', 'awaiting_dispatch', 'awaiting_receipt', 'refunding', 'refund_failed', 'arbitration', 'suspended', 'completed', 'closed'])), name='case_status_known'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['refund_only', 'return_refund', 'exchange', 'repair', 'reship', 'price_protection', 'compensation', 'order_change'])), name='case_type_known'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('type', 'order_change'), models.Q(('change', ''), _negated=True)), models.Q(models.Q(('type', 'order_change'), _negated=True), ('change', '')), _connector='OR'), name='case_change_of_order_changes_only'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('given_as', 'money'), ('type', 'compensation'), _connector='OR'), name='case_in_kind_is_compensation'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status__in', ('completed', 'closed'))), models.Q(('closed_at__isnull', True), ('status__in', ('pending_merchant', 'pending_buyer', 'rejected', 'intercepting', 'awaiting_return', 'return_in_transit', 'inspecting', 'repairing', 'awaiting_dispatch', 'awaiting_receipt', 'refunding', 'refund_failed', 'arbitration', 'suspended'))), _connector='OR'), name='case_ended_has_date'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('restocking_late_percent__gte', 0), ('restocking_late_percent__lte', 50), ('restocking_used_percent__gte', 0), ('restocking_used_percent__lte', 50)), name='policy_other_restocking_at_most_half'),
        ),
        migrations.AddField(
            model_name='chore',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chores', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='chore',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
        ),
        migrations.AddField(
            model_name='coupon',
            name='buyer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='orders.buyer', verbose_name='buyer'),
        ),
        migrations.AddField(
            model_name='coupon',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coupon', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='coupon',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='orders.merchant', verbose_name='merchant'),
        ),
        migrations.AddField(
            model_name='deliverychange',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery_change', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='demand',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='demand',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='orders.merchant', verbose_name='merchant'),
        ),
        migrations.AddField(
            model_name='demand',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='orders.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='demand',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by'),
        ),
        migrations.AddField(
            model_name='missinggift',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='missing_gifts', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='missinggift',
            name='order_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderline', verbose_name='order line'),
        ),
        migrations.AddField(
            model_name='repair',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='repairs', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='repair',
            name='diagnosed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diagnosed by'),
        ),
        migrations.AddField(
            model_name='repair',
            name='parcel_back',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='logistics.parcel', verbose_name='parcel from the repairer'),
        ),
        migrations.AddField(
            model_name='repair',
            name='parcel_out',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='logistics.parcel', verbose_name='parcel to the repairer'),
        ),
        migrations.AddField(
            model_name='sentparcel',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sent_parcels', to='aftersales.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='sentparcel',
            name='parcel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent_cases', to='logistics.parcel', verbose_name='parcel'),
        ),
        migrations.AddIndex(
            model_name='chore',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['created_at', 'id'], name='chore_open'),
        ),
        migrations.AddConstraint(
            model_name='chore',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('case', 'kind'), name='one_open_chore_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='coupon_positive'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'coupon'), ('points', 0)), models.Q(('kind', 'points'), ('points__gt', 0)), _connector='OR'), name='coupon_is_coupon_or_points'),
        ),
        migrations.AddIndex(
            model_name='demand',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['due_at', 'id'], name='demand_open_due'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='demand_positive'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('debtor', models.F('creditor')), _negated=True), name='demand_between_two'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='demand_ended_has_date'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'settled'), _negated=True), models.Q(('reference', ''), _negated=True), _connector='OR'), name='demand_paid_has_reference'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'insurance'), models.Q(('status', 'waived'), _negated=True)), fields=('order',), name='insurance_pays_an_order_once'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('case', 'kind'), name='one_open_demand_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='missinggift',
            constraint=models.UniqueConstraint(fields=('case', 'order_line'), name='missing_gift_once'),
        ),
        migrations.AddConstraint(
            model_name='missinggift',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('units__gt', 0)), name='missing_gift_positive'),
        ),
        migrations.AddIndex(
            model_name='repair',
            index=models.Index(condition=models.Q(('serial', ''), _negated=True), fields=['serial'], name='repair_serial'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.UniqueConstraint(fields=('case', 'attempt'), name='repair_attempt_once'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('case',), name='one_open_repair_per_case'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(('quote_amount__isnull', True), ('quote_amount__gte', 0), _connector='OR'), name='repair_quote_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', 'open')), models.Q(models.Q(('outcome', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='repair_ended_has_date'),
        ),
        migrations.AddConstraint(
            model_name='sentparcel',
            constraint=models.UniqueConstraint(fields=('case', 'parcel'), name='sent_parcel_once'),
        ),
    ]
