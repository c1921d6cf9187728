"""Suppliers owe for goods that an inspection sends back to them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0033_goods_held_by_ended_cases"),
    ]

    operations = [
        migrations.AlterField(
            model_name='receivable',
            name='creditor',
            field=models.CharField(choices=[('buyer', 'Buyer'), ('merchant', 'Merchant'), ('carrier', 'Carrier'), ('supplier', 'Supplier'), ('insurer', 'Insurer'), ('platform', 'Platform')], max_length=10, verbose_name='owed to'),
        ),
        migrations.AlterField(
            model_name='receivable',
            name='debtor',
            field=models.CharField(choices=[('buyer', 'Buyer'), ('merchant', 'Merchant'), ('carrier', 'Carrier'), ('supplier', 'Supplier'), ('insurer', 'Insurer'), ('platform', 'Platform')], max_length=10, verbose_name='owed by'),
        ),
        migrations.AlterField(
            model_name='receivable',
            name='kind',
            field=models.CharField(choices=[('difference', 'Price difference of an exchange'), ('repair_fee', 'Price of a repair'), ('unreturned', 'Goods that never came back'), ('clawback', 'Instant refund to be paid back'), ('insurance', 'Freight insurance'), ('buyer_freight', 'Return freight the buyer advanced'), ('goods_back', 'Freight of goods sent back to the buyer'), ('lab_fee', 'Fee of a report'), ('supplier_claim', 'Goods sent back to the supplier'), ('carrier_loss', 'Parcel lost by the carrier'), ('carrier_damage', 'Damage done by the carrier')], max_length=16, verbose_name='kind'),
        ),
    ]
