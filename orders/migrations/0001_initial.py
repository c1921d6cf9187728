"""Orders, what was paid for them, and the books."""

import django.db.models.deletion
import django.db.models.expressions
import orders.models.order
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('manual', 'Own shop'), ('olist', 'Olist'), ('taobao', 'Taobao'), ('pdd', 'Pinduoduo'), ('douyin', 'Douyin'), ('jd', 'JD.com'), ('shopify', 'Shopify')], max_length=20, verbose_name='source')),
                ('status', models.CharField(choices=[('preview', 'Preview'), ('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='preview', max_length=10, verbose_name='status')),
                ('files', models.JSONField(default=list, verbose_name='files')),
                ('preview', models.JSONField(blank=True, default=list, verbose_name='preview')),
                ('started_by', models.CharField(blank=True, max_length=150, verbose_name='started by')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('total_count', models.PositiveIntegerField(default=0, verbose_name='orders in the files')),
                ('read_count', models.PositiveIntegerField(default=0, verbose_name='read')),
                ('created_count', models.PositiveIntegerField(default=0, verbose_name='created')),
                ('updated_count', models.PositiveIntegerField(default=0, verbose_name='updated')),
                ('unchanged_count', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('rejected_count', models.PositiveIntegerField(default=0, verbose_name='rejected')),
                ('failure', models.TextField(blank=True, verbose_name='what went wrong')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('hold_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Merchant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=64, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('source', models.CharField(blank=True, max_length=20, verbose_name='source')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for notices')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'merchant',
                'verbose_name_plural': 'merchants',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Buyer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('external_id', models.CharField(max_length=128, verbose_name='number at the source')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('phone_tail', models.CharField(blank=True, db_index=True, max_length=4, verbose_name='last four digits')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'new'), (1, 'regular'), (2, 'trusted'), (3, 'VIP')], default=1, verbose_name='level')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'buyer',
                'verbose_name_plural': 'buyers',
                'indexes': [models.Index(fields=['name'], name='buyer_name', opclasses=['varchar_pattern_ops'])],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='buyer_known_once_per_source')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('intended', 'Refund promised'), ('paid', 'Refund paid'), ('released', 'Promise taken back'), ('guarantee_charged', 'Guarantee account charged'), ('reversed', 'Refund reversed by the gateway'), ('deposit', 'Guarantee deposit'), ('receivable_paid', 'Money owed because of a case, paid')], max_length=20, verbose_name='kind')),
                ('reference', models.CharField(max_length=64, verbose_name='reference')),
                ('posted_at', models.DateTimeField(verbose_name='posted at')),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal entries',
                'constraints': [models.UniqueConstraint(fields=('kind', 'reference'), name='entry_posted_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRejection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=255, verbose_name='file')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='line')),
                ('order_number', models.CharField(blank=True, max_length=128, verbose_name='order')),
                ('reason', models.TextField(verbose_name='reason')),
                ('row', models.JSONField(default=dict, verbose_name='row')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejections', to='orders.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'rejected row',
                'verbose_name_plural': 'rejected rows',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='importrun',
            name='merchant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='orders.merchant', verbose_name='merchant'),
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='name')),
            ],
            options={
                'verbose_name': 'name of a person',
                'verbose_name_plural': 'names of people',
                'indexes': [models.Index(fields=['text'], name='person_name_text')],
            },
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('manual', 'Own shop'), ('olist', 'Olist'), ('taobao', 'Taobao'), ('pdd', 'Pinduoduo'), ('douyin', 'Douyin'), ('jd', 'JD.com'), ('shopify', 'Shopify')], max_length=20, verbose_name='source')),
                ('number', models.CharField(max_length=128, verbose_name='number')),
            ],
            options={
                'verbose_name': 'purchase',
                'verbose_name_plural': 'purchases',
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='purchase_known_once_per_source')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=160, verbose_name='number')),
                ('source', models.CharField(choices=[('manual', 'Own shop'), ('olist', 'Olist'), ('taobao', 'Taobao'), ('pdd', 'Pinduoduo'), ('douyin', 'Douyin'), ('jd', 'JD.com'), ('shopify', 'Shopify')], max_length=20, verbose_name='source')),
                ('external_number', models.CharField(max_length=128, verbose_name='number at the source')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('status', models.CharField(choices=[('placed', 'Placed'), ('paid', 'Paid'), ('shipped', 'Shipped'), ('signed', 'Signed for'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], default='placed', max_length=20, verbose_name='status')),
                ('goods_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='goods paid')),
                ('discount_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='discount')),
                ('surcharge_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='instalment interest')),
                ('freight_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='freight paid')),
                ('freight_reserved', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='freight in open cases')),
                ('freight_settled', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='freight given back')),
                ('freight_elsewhere', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='freight given back elsewhere')),
                ('paid_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='paid')),
                ('ordered_at', models.DateTimeField(verbose_name='ordered at')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                ('promised_ship_at', models.DateTimeField(blank=True, null=True, verbose_name='shipment promised by')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='shipped at')),
                ('promised_at', models.DateTimeField(blank=True, null=True, verbose_name='delivery promised by')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed for at')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed at')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled at')),
                ('receiver_name', models.CharField(blank=True, max_length=200, verbose_name='receiver')),
                ('receiver_phone', models.CharField(blank=True, max_length=40, verbose_name="receiver's phone")),
                ('phone_tail', models.CharField(blank=True, max_length=4, verbose_name='last four digits')),
                ('receiver_region', models.CharField(blank=True, max_length=200, verbose_name='region')),
                ('receiver_postcode', models.CharField(blank=True, max_length=20, verbose_name='postcode')),
                ('receiver_address', models.CharField(blank=True, max_length=500, verbose_name='address')),
                ('buyer_note', models.TextField(blank=True, verbose_name="buyer's note")),
                ('merchant_note', models.TextField(blank=True, verbose_name="merchant's note")),
                ('invoice_number', models.CharField(blank=True, max_length=64, verbose_name='invoice')),
                ('has_free_freight', models.BooleanField(default=False, verbose_name='free shipping')),
                ('insured_freight_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='return freight insured up to')),
                ('receipt_due_at', models.DateTimeField(blank=True, null=True, verbose_name='receipt confirms itself at')),
                ('receipt_left', models.DurationField(blank=True, null=True, verbose_name='time left to confirm while a case is open')),
                ('receipt_hold_count', models.PositiveIntegerField(default=0, verbose_name='times a case paused it')),
                ('facts_as_of', models.DateTimeField(blank=True, null=True, verbose_name='facts as of')),
                ('facts_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('buyer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.buyer', verbose_name='buyer')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.merchant', verbose_name='merchant')),
                ('purchase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.purchase', verbose_name='purchase')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('external_id', models.CharField(blank=True, max_length=128, verbose_name='number at the source')),
                ('sku', models.CharField(blank=True, max_length=128, verbose_name='SKU')),
                ('title', models.CharField(max_length=500, verbose_name='title')),
                ('variant', models.CharField(blank=True, max_length=300, verbose_name='variant')),
                ('category', models.CharField(blank=True, max_length=100, verbose_name='category')),
                ('bundle', models.CharField(blank=True, max_length=64, verbose_name='bundle')),
                ('is_gift', models.BooleanField(default=False, verbose_name='gift')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('unit_price', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='unit price')),
                ('discount_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='discount')),
                ('tax_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='tax included')),
                ('paid_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='paid')),
                ('added_amount', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='of it paid after the sale')),
                ('units_reserved', models.IntegerField(default=0, verbose_name='units in open cases')),
                ('units_settled', models.IntegerField(default=0, verbose_name='units given back')),
                ('units_elsewhere', models.IntegerField(default=0, verbose_name='units given back elsewhere')),
                ('amount_reserved', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='money in open cases')),
                ('amount_settled', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='money given back')),
                ('amount_elsewhere', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='money given back elsewhere')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'order line',
                'verbose_name_plural': 'order lines',
                'ordering': ['order', 'position'],
                'indexes': [models.Index(fields=['sku', '-id'], name='order_line_sku_newest', opclasses=['varchar_pattern_ops', 'int8_ops'])],
                'constraints': [models.UniqueConstraint(fields=('order', 'position'), name='order_line_position'), models.UniqueConstraint(fields=('id', 'order'), name='order_line_id_order'), models.CheckConstraint(condition=models.Q(('units_elsewhere__gte', 0), ('units_reserved__gte', 0), ('units_settled__gte', 0), ('quantity__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('units_reserved'), '+', models.F('units_settled')), '+', models.F('units_elsewhere')))), name='line_units_never_above_sold'), models.CheckConstraint(condition=models.Q(('amount_elsewhere__gte', 0), ('amount_reserved__gte', 0), ('amount_settled__gte', 0), ('paid_amount__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('amount_reserved'), '+', models.F('amount_settled')), '+', models.F('amount_elsewhere')))), name='line_money_never_above_paid')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField(verbose_name='sequence')),
                ('method', models.CharField(choices=[('card', 'Bank card'), ('wallet', 'Wallet (Alipay, WeChat Pay, PayPal)'), ('balance', 'Account balance'), ('bank_slip', 'Bank slip'), ('instalments', 'Instalments'), ('gift_card', 'Gift card'), ('voucher', 'Voucher'), ('points', 'Points'), ('cod', 'Cash on delivery'), ('other', 'Other')], max_length=20, verbose_name='method')),
                ('instalment_count', models.PositiveIntegerField(default=1, verbose_name='instalments')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('captured', orders.models.order.MoneyField(decimal_places=4, max_digits=16, verbose_name='captured')),
                ('reserved', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='on its way back')),
                ('settled', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='given back')),
                ('elsewhere', orders.models.order.MoneyField(decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='given back elsewhere')),
                ('points', models.PositiveIntegerField(default=0, verbose_name='points used')),
                ('gateway', models.CharField(default='sandbox', max_length=20, verbose_name='gateway')),
                ('reference', models.CharField(blank=True, max_length=128, verbose_name="gateway's reference")),
                ('is_added', models.BooleanField(default=False, verbose_name='paid after the sale')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='orders.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'ordering': ['order', 'sequence'],
                'constraints': [models.UniqueConstraint(fields=('order', 'sequence'), name='payment_sequence'), models.UniqueConstraint(fields=('id', 'order', 'currency'), name='payment_id_order_currency'), models.CheckConstraint(condition=models.Q(('elsewhere__gte', 0), ('reserved__gte', 0), ('settled__gte', 0), ('captured__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('settled')), '+', models.F('elsewhere')))), name='payment_never_above_captured')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(choices=[('merchant', "Merchant's receipts"), ('guarantee', "Merchant's guarantee account"), ('refunds_due', 'Refunds due to buyers'), ('gateway', 'Money at the gateway'), ('platform', "Platform's own money")], max_length=20, verbose_name='account')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('amount', orders.models.order.MoneyField(decimal_places=4, max_digits=16, verbose_name='amount')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='orders.entry', verbose_name='entry')),
                ('merchant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='orders.merchant', verbose_name='merchant')),
            ],
            options={
                'verbose_name': 'posting',
                'verbose_name_plural': 'postings',
                'indexes': [models.Index(fields=['account', 'merchant', 'currency'], name='posting_of_account')],
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['-ordered_at', '-id'], name='order_newest'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['merchant', '-ordered_at', '-id'], name='order_newest_of_merchant'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['buyer', '-ordered_at'], name='order_of_buyer'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['receiver_name'], name='order_receiver', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['external_number'], name='order_external_number', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['phone_tail'], name='order_phone_tail'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('receipt_due_at__isnull', True), ('signed_at__isnull', False), ('status', 'signed')), fields=['id'], name='order_receipt_not_dated'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('completed_at__isnull', True), ('receipt_due_at__isnull', False), ('receipt_left__isnull', True)), fields=['receipt_due_at'], name='order_receipt_due'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('number',), name='order_number_once', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('source', 'merchant', 'external_number'), name='order_known_once_per_shop'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('id', 'merchant', 'currency'), name='order_id_merchant_currency'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('freight_elsewhere__gte', 0), ('freight_reserved__gte', 0), ('freight_settled__gte', 0), ('freight_amount__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('freight_reserved'), '+', models.F('freight_settled')), '+', models.F('freight_elsewhere')))), name='order_freight_given_back_once'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['placed', 'paid', 'shipped', 'signed', 'completed', 'cancelled'])), name='order_status_known'),
        ),
    ]
